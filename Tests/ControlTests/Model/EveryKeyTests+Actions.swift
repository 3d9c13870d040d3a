// The keys about what routes do, each with a change that must reach the model.

extension EveryKeyTests {
    static let changesOfActions: [(key: String, from: String, to: String)] =
        changesOfAnswers + changesOfRewriting + changesOfFields + changesOfHiding + changesForBrowsers
        + changesOfRouteLimits + changesOfCompression

    private static let changesOfCompression: [(key: String, from: String, to: String)] = [
        ("Route.responseBody", "        - from: http://api.example.com\n", "        - from: http://api2.example.com\n"),
        ("ResponseBody.replace", "          once: false\n", "          once: false\n        - { from: a, to: b }\n"),
        ("ResponseBody.types", "types: [text/html]", "types: [text/css]"),
        ("ResponseBody.ignoreCase", "ignoreCase: false", "ignoreCase: true"),
        ("ResponseBody.maxRatio", "maxRatio: 200", "maxRatio: 100"),
        ("Replacement.from", "from: http://api.example.com", "from: http://api"),
        ("Replacement.to", "to: https://{host}\n", "to: https://{scheme}\n"),
        ("Replacement.once", "once: false", "once: true"),
        ("compression", "  gzipLevel: 5\n  zstdLevel: 3\n", "  zstdLevel: 4\n"),
        ("Route.compression", "    priority: normal\n", "    priority: normal\n    compression: off\n"),
        ("Compression.encodings", "encodings: [zstd, br, gzip]", "encodings: [zstd, br]"),
        ("Compression.types", "    - text/*\n", "    - text/html\n"),
        ("Compression.minBytes", "minBytes: 1KiB", "minBytes: 2KiB"),
        ("Compression.gzipLevel", "gzipLevel: 5", "gzipLevel: 6"),
        ("Compression.zstdLevel", "zstdLevel: 3", "zstdLevel: 4"),
        ("Compression.brotliLevel", "brotliLevel: 4", "brotliLevel: 5"),
        ("Limits.compressionMemory", "compressionMemory: 256MiB", "compressionMemory: 255MiB"),
    ]

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

    private static let changesOfRouteLimits: [(key: String, from: String, to: String)] = [
        ("Route.limits", "    limits:\n      requestBody: 10MiB\n", ""),
        ("Route.timeouts", "    timeouts:\n      exchange: 10m\n", "    timeouts:\n"),
        ("Route.rates", "    rates:\n      request: 100B\n", ""),
        ("RouteLimits.requestBody", "requestBody: 10MiB", "requestBody: 11MiB"),
        ("RouteTimeouts.exchange", "exchange: 10m", "exchange: off"),
        ("RouteTimeouts.response", "response: 30s", "response: 31s"),
        ("RouteTimeouts.stall", "stall: 20s", "stall: off"),
        ("RouteTimeouts.tunnelIdle", "tunnelIdle: 30m", "tunnelIdle: 31m"),
        ("Route.bufferRequest", "    bufferRequest:\n      upTo: 2MiB\n      beyond: stream\n", ""),
        ("BufferRequest.upTo", "upTo: 2MiB", "upTo: 3MiB"),
        ("BufferRequest.beyond", "beyond: stream", "beyond: refuse"),
        ("Limits.bufferedRequests", "bufferedRequests: 64MiB", "bufferedRequests: 65MiB"),
        ("RouteRates.request", "request: 100B", "request: off"),
    ]

    private static let changesForBrowsers: [(key: String, from: String, to: String)] = [
        ("secureHeaders", "secureHeaders:\n  level: basic\n  override: false\n", "secureHeaders: off\n"),
        ("Route.secureHeaders", "    priority: normal\n", "    priority: normal\n    secureHeaders: off\n"),
        ("cors", "cors:\n  origins: [\"https://*.example.com\"]\n", "cors:\n  origins: [\"*\"]\n"),
        ("Route.cors", "    priority: normal\n", "    priority: normal\n    cors: off\n"),
        ("CORS.origins", "origins: [\"https://*.example.com\"]", "origins: [\"https://example.com\"]"),
        ("CORS.methods", "methods: [GET, HEAD, POST]", "methods: [GET, HEAD, PUT]"),
        ("CORS.headers", "  headers: []", "  headers: [X-Token]"),
        ("CORS.exposeHeaders", "exposeHeaders: []", "exposeHeaders: [X-Count]"),
        ("CORS.credentials", "credentials: false", "credentials: true"),
        ("CORS.maxAge", "maxAge: 10m", "maxAge: 11m"),
        ("CORS.privateNetwork", "privateNetwork: false", "privateNetwork: true"),
        ("SecureHeaders.level", "level: basic", "level: strict"),
        ("SecureHeaders.override", "override: false", "override: true"),
    ]
}
