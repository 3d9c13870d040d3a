// Asking servers whether they are well.

/// A request, a call, or a connection, that is made to each server again and again to know whether it is well. One process
/// makes each check once, however many event loops it has, and never two at a time to the same server. The short form
/// is a path, as in `check: /healthz`. Servers that are in maintenance are not checked.
package struct CheckConfiguration: Sendable, Equatable {
    /// What is tried: `http` sends a request and looks at the answer, `tcp` is content with a connection, `grpc` calls
    /// `grpc.health.v1.Health/Check`, which must answer `SERVING`. The call is made by HTTP/2, in clear or by TLS as
    /// `upstreams.NAME.tls` says, whatever `protocol` is.
    package var kind: CheckKind = .http

    /// The method of the request. `HEAD` spares the server the content.
    package var method: String = "GET"

    /// The path of the request, with its query if need be.
    package var path: String = "/"

    /// The `Host` of the request. Without it the server's own address is sent. With `kind: grpc`, the authority.
    package var host: String?

    /// Further header fields, such as `{ X-Probe: martlet }`. With `kind: grpc`, the call's metadata.
    package var fields: [CheckField] = []

    /// The status of a server that is well, or a range of them.
    package var statuses: ClosedRange<Int> = 200...399

    /// What the content must have in it, byte for byte, within its first 64 KiB.
    package var contains: String?

    /// What the content must begin with, byte for byte.
    package var prefix: String?

    /// With `kind: grpc`, the service whose health is asked for, by its full name, such as `shop.v1.Carts`. Without it that
    /// of the whole server.
    package var service: String?

    /// The port that is checked. Without it that of the server.
    package var port: Int?

    /// The time from the beginning of one check of a server to that of the next. A check that takes longer delays the
    /// next one.
    package var interval: Duration = .seconds(2)

    /// The same while the server is down, or while checks begin to fail.
    package var downInterval: Duration = .milliseconds(500)

    /// How much longer or shorter an interval may be, at random, so that servers are not all asked at once.
    package var jitter: Int = 10

    /// How long a check may take, connecting included. Beyond it, it has failed.
    package var timeout: Duration = .seconds(1)

    /// How many checks in a row must pass before a server that is down is up.
    package var rise: Int = 2

    /// How many checks in a row must fail before a server that is up is down.
    package var fall: Int = 2

    /// What a server is taken for until its first check is over: `up`, so that it gets requests at once, or `down`.
    /// The first check decides alone, whatever `rise` and `fall` say.
    package var before: CheckBefore = .up

    /// The defaults: `GET /`.
    package init() {}
}

/// What a check tries.
package enum CheckKind: String, Sendable, CaseIterable {
    /// A request.
    case http
    /// A connection.
    case tcp
    /// A call of gRPC.
    case grpc
}

/// What a server is taken for before its first check.
package enum CheckBefore: String, Sendable, CaseIterable {
    /// It gets requests.
    case up
    /// It gets none.
    case down
}

/// A field of a check's request.
package struct CheckField: Sendable, Equatable {
    /// A token, in the case in which it is sent.
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

extension CheckConfiguration: Section {
    static let noun = "a check"
    static var blank: CheckConfiguration { CheckConfiguration() }

    static var keys: [Key<CheckConfiguration>] {
        [
            Key("kind", \.kind, .choice()),
            Key("method", \.method, .method),
            Key("path", \.path, .requestPath),
            Key("host", \.host, .optional(.requestHost)),
            Key("fields", \.fields, .fields),
            Key("statuses", \.statuses, .statuses(200...599)),
            Key("contains", \.contains, .optional(.text(upTo: 1024))),
            Key("prefix", \.prefix, .optional(.text(upTo: 1024))),
            Key("service", \.service, .optional(.text(upTo: 1024))),
            Key("port", \.port, .optional(.integer(1...65535))),
            Key("interval", \.interval, .duration(.milliseconds(50) ... .hours(1))),
            Key("downInterval", \.downInterval, .duration(.milliseconds(50) ... .hours(1))),
            Key("jitter", \.jitter, .percent(0...50)),
            Key("timeout", \.timeout, .duration(.milliseconds(1) ... .minutes(10))),
            Key("rise", \.rise, .integer(1...100)),
            Key("fall", \.fall, .integer(1...100)),
            Key("before", \.before, .choice()),
        ]
    }
}
