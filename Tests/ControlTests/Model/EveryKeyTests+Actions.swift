// The keys about what routes do, each with a change that must reach the model.

extension EveryKeyTests {
    static let changesOfActions: [(key: String, from: String, to: String)] =
        changesOfAnswers + changesOfRewriting + changesOfFields + changesOfHiding

    private static let changesOfAnswers: [(key: String, from: String, to: String)] = [
        (
            "Route.redirect", "    redirect:\n      to: https://{host}/new/{rest}\n      status: 302",
            "    redirect: /new"
        ),
        ("Redirect.to", "to: https://{host}/new/{rest}", "to: https://{host}/newer/{rest}"),
        ("Redirect.status", "status: 302", "status: 308"),
        ("Route.respond", "    respond:\n      status: 200\n", "    respond:\n      status: 404\n"),
        ("Respond.status", "    respond:\n      status: 200", "    respond:\n      status: 410"),
        ("Respond.body", "Disallow: /", "Disallow: /x"),
        ("Respond.contentType", "contentType: text/plain; charset=utf-8", "contentType: text/html"),
    ]

    private static let changesOfRewriting: [(key: String, from: String, to: String)] = [
        ("Route.rewrite", "    rewrite:\n      path: /public/{rest}\n", ""),
        ("Rewrite.stripPrefix", "stripPrefix: /api", "stripPrefix: /apis"),
        ("Rewrite.addPrefix", "addPrefix: /v2", "addPrefix: /v3"),
        ("Rewrite.path", "path: /public/{rest}", "path: /private/{rest}"),
        (
            "Rewrite.regex",
            "      regex:\n        match: ^/v([0-9]+)/(?<rest>.*)$\n        to: /versions/{match.1}/{match.rest}\n",
            "      path: /x\n"
        ),
        ("PathReplacement.match", "match: ^/v([0-9]+)/", "match: ^/v(1)/"),
        ("PathReplacement.to", "to: /versions/{match.1}/", "to: /version/{match.1}/"),
        ("Rewrite.query", "        set: { lang: en }\n        remove: [debug]\n", "        remove: [all]\n"),
        ("Query.set", "set: { lang: en }", "set: { lang: de }"),
        ("Query.remove", "remove: [debug]", "remove: [trace]"),
        ("Rewrite.host", "host: api.example.com", "host: web.example.com"),
    ]

    private static let changesOfFields: [(key: String, from: String, to: String)] = [
        ("Route.requestFields", "      set: { X-Client-Port: \"{client.port}\" }\n", ""),
        ("RequestFields.set", "X-Client-Port: \"{client.port}\"", "X-Client-IP: \"{client.ip}\""),
        ("RequestFields.add", "X-Trace: \"{request.id}\"", "X-Span: \"{request.id}\""),
        ("RequestFields.remove", "remove: [X-Debug]", "remove: [X-Other]"),
        ("RequestFields.rename", "X-User: X-Claimed-User", "X-User: X-Said-User"),
        ("Route.responseFields", "      set: { X-Request-ID: \"{request.id}\" }\n", ""),
        ("ResponseFields.set", "X-Request-ID: \"{request.id}\"", "X-Request-ID: \"{client.ip}\""),
        ("ResponseFields.add", "Vary: X-Lang", "Vary: X-User"),
        ("ResponseFields.remove", "remove: [X-Runtime]", "remove: [X-Time]"),
        ("ResponseFields.rename", "X-Version: X-App-Version", "X-Version: X-Release"),
    ]

    private static let changesOfHiding: [(key: String, from: String, to: String)] = [
        ("hideOrigin", "  references: true\n  replaceErrors: []\n", "  references: false\n"),
        ("Route.hideOrigin", "    priority: normal\n", "    priority: normal\n    hideOrigin: off\n"),
        ("Upstream.hideOrigin", "    proxyProtocol: off\n", "    proxyProtocol: off\n    hideOrigin: off\n"),
        ("HideOrigin.fields", "X-AspNetMvc-Version]", "X-Generator]"),
        ("HideOrigin.references", "references: true", "references: false"),
        ("HideOrigin.replaceErrors", "replaceErrors: []", "replaceErrors: [500-599]"),
        ("HideOrigin.leaks", "leaks: count", "leaks: block"),
    ]
}
