// Requests on the admin listener, as the control plane sees them.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore

/// Who answers on the admin listener. The exchange is suspended meanwhile (decision D5): the loop goes on.
package protocol AdminResponder: Sendable {
    /// How many bytes of a request's content are to be read before it is answered; 0 when its content does not matter. It is
    /// asked when the head has come, so that nothing is read from who has no right to say anything.
    func contentLimit(of request: AdminRequest) -> Int

    /// Works on a request, without blocking the caller, and calls `reply` once, from any thread.
    func respond(to request: AdminRequest, reply: @escaping @Sendable (LocalAnswer) -> Void)
}

extension AdminResponder {
    package func contentLimit(of request: AdminRequest) -> Int { 0 }
}

/// A request on the admin listener.
package struct AdminRequest: Sendable {
    /// Who asks.
    package enum Client: Sendable, Equatable {
        /// Somebody on this host, through a Unix socket, which its mode guards.
        case local
        /// Somebody by TCP, with the subject of a certificate that has been verified, if there is one.
        case remote(certificate: String?)
    }

    /// As it was sent: "GET".
    package let method: String
    /// The target's path.
    package let path: String
    /// Behind "?", or empty.
    package let query: String
    /// What it calls the listener, with the port if there is one: the target's host, or else that of Host.
    package var authority = ""
    /// Its fields, with names in lower case.
    package var fields: [(name: String, value: String)] = []
    package var client = Client.local
    /// As much as was asked for.
    package var content: [UInt8] = []
    /// There is more content than is read.
    package var isTooLarge = false

    package init(method: String, path: String, query: String) {
        self.method = method
        self.path = path
        self.query = query
    }

    /// The value of a field that is there once, by its name in lower case; `nil` if it is not there, or is there twice.
    package func field(_ name: String) -> String? {
        let values = fields.filter { $0.name == name }
        return values.count == 1 ? values[0].value : nil
    }

    /// The value of a field that is a list, of all its lines (RFC 9110 section 5.3); `nil` if it is not there.
    package func list(_ name: String) -> String? {
        let values = fields.filter { $0.name == name }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }
}

/// A request whose content is being read.
final class AdminTask {
    var request: AdminRequest
    /// The most bytes of content.
    let limit: Int

    init(_ request: AdminRequest, limit: Int) {
        self.request = request
        self.limit = limit
    }
}

extension ProxyDriver {
    /// The request in `request`, as the control plane sees it.
    func adminRequest(_ client: UInt32, _ arena: Span<UInt8>) -> AdminRequest {
        var admission = AdminRequest(
            method: String(copying: arena.extracting(request.methodName)),
            path: String(copying: arena.extracting(request.path)),
            query: String(copying: arena.extracting(request.query)))
        admission.authority = String(copying: arena.extracting(request.authority))
        for index in 0..<request.fields.count {
            let line = request.fields[index]
            admission.fields.append(
                (
                    String(copying: arena.extracting(line.name)).lowercased(),
                    String(copying: arena.extracting(line.value))
                ))
        }
        if !clients[client].peer.isLocal {
            admission.client = .remote(certificate: clients[client].identity.map { Self.subject(of: $0) })
        }
        return admission
    }

    private static func subject(of identity: [UInt8]) -> String {
        let range = ClientIdentity.subject(in: identity.span)
        return String(decoding: identity[range], as: UTF8.self)
    }

    /// Reads the content that the control plane wants, if any, and hands the request over.
    /// - Parameter first: what came of it with the head.
    mutating func beginAdmin(
        _ admission: AdminRequest, first: [UInt8], _ exchange: UInt32, on loop: inout EventLoop
    ) {
        let limit = admin?.contentLimit(of: admission) ?? 0
        let task = AdminTask(admission, limit: limit)
        if limit == 0 || exchanges[exchange].requestFraming == .none {
            return suspendForAdmin(exchange, task.request, on: &loop)
        }
        if case .length(let length) = exchanges[exchange].requestFraming { task.request.isTooLarge = length > limit }
        add(first, to: task)
        if task.request.isTooLarge || exchanges[exchange].flags.contains(.requestComplete) {
            return suspendForAdmin(exchange, task.request, on: &loop)
        }
        exchanges[exchange].admin = task
        exchanges[exchange].flags.insert(.isCollecting)
        readCollected(exchange, on: &loop)
    }

    private func add(_ bytes: [UInt8], to task: AdminTask) {
        if task.request.content.count + bytes.count > task.limit {
            task.request.isTooLarge = true
            task.request.content = []
        } else {
            task.request.content += bytes
        }
    }

    /// A further piece of content.
    mutating func collect(
        _ bytes: [UInt8], isLast: Bool, for task: AdminTask, _ exchange: UInt32, on loop: inout EventLoop
    ) {
        add(bytes, to: task)
        if !isLast && !task.request.isTooLarge { return }
        exchanges[exchange].flags.remove(.isCollecting)
        exchanges[exchange].admin = nil
        suspendForAdmin(exchange, task.request, on: &loop)
    }
}
