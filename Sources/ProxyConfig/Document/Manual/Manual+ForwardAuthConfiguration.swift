// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let forwardAuthConfiguration: [String: String] = [
        "ForwardAuthConfiguration": #"""
        Another service is asked whether a request may come in, as by `auth_request` of nginx and `forwardAuth` of Traefik. It is sent a
        GET with the request's head and without its content: `X-Forwarded-Method`, `-Proto`, `-Host`, `-Uri` and `-For` say what the request
        is. An answer of 2xx lets it in. One of 3xx or 4xx is the client's answer, content and all. Anything else is a failure.
        """#,
        "ForwardAuthConfiguration.answerSize": #"""
        The most content of an answer that a client is given; what is longer is left out as a whole.
        """#,
        "ForwardAuthConfiguration.ca": #"""
        The file with the authorities that the service's certificate may be from, in PEM. Without it: those of the system. It is read
        again within a second or two when it changes.
        """#,
        "ForwardAuthConfiguration.cache": #"""
        Which answers are remembered. Without it none; only questions that are the same and come at once are asked once.
        """#,
        "ForwardAuthConfiguration.clientFields": #"""
        The client's fields that the service is sent, a list. Without it all, but those of the connection and those that make a
        request conditional or partial.
        """#,
        "ForwardAuthConfiguration.concurrency": #"""
        The most questions that it is asked at a time.
        """#,
        "ForwardAuthConfiguration.copyFields": #"""
        The fields of its answer that go to servers, when it lets a request in. What clients say in them never passes, on no route.
        """#,
        "ForwardAuthConfiguration.onFailure": #"""
        What becomes of requests when it cannot be reached, does not answer in time, or answers with 5xx: `deny` answers them with 503,
        `allow` lets them in, without any of the fields.
        """#,
        "ForwardAuthConfiguration.originalFields": #"""
        Whether it is sent `X-Original-URI`, `X-Original-URL` and `X-Original-Method` as well, as some services for nginx expect.
        """#,
        "ForwardAuthConfiguration.queue": #"""
        The most questions that wait for their turn. Beyond it: a failure.
        """#,
        "ForwardAuthConfiguration.timeout": #"""
        How long it may take to answer, the wait for its turn included.
        """#,
        "ForwardAuthConfiguration.url": #"""
        Where the service is asked: `http://127.0.0.1:4180/oauth2/auth`, or with `https`.
        """#,
        "ForwardAuthConfiguration.userField": #"""
        The field of its answer that says who the client is. It goes to servers, and into the access log as `user`.
        """#,
    ]
}
