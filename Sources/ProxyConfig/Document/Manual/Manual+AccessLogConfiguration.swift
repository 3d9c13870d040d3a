// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let accessLogConfiguration: [String: String] = [
        "AccessLogConfiguration": #"""
        How requests are recorded. Lines are written in the background; no request ever waits for the log.
        """#,
        "AccessLogConfiguration.exclude": #"""
        Requests without a line, such as those of health checks: each is for requests that have all that it asks for. At most 15.
        """#,
        "AccessLogConfiguration.fields": #"""
        What lines of JSON say, in this order, in place of the usual: the same names, or `request.header.NAME` and `response.header.NAME` for the value of a field.
        What is not known of a request is left out.
        """#,
        "AccessLogConfiguration.file": #"""
        Where lines go: `stdout`, or the path of a file, which is appended to and opened anew at SIGUSR1.
        """#,
        "AccessLogConfiguration.format": #"""
        How a line looks: `json` is one object per line, `combined` is the format of Apache and nginx. Or a line of text with the names
        of [observability.md](observability.md#access-log) in braces, as in `{client} "{method} {target}" {status}`: what is not known
        is `-`, and `{{` and `}}` are braces.
        """#,
        "AccessLogConfiguration.queue": #"""
        How many bytes may wait to be written. Lines beyond are dropped and counted.
        """#,
        "AccessLogConfiguration.redact": #"""
        Fields of requests and responses whose values lines do not show: `***` stands in their place.
        """#,
        "AccessLogConfiguration.sample": #"""
        The share of the requests that have a line, from 0 to 1. Requests that failed, or were answered with a status of 500 or more,
        always have one.
        """#,
    ]
}
