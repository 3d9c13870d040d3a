// Settings that are known and not served yet keep the program from starting: nothing is silently left out.
import MartletTestSupport
import Testing

@Suite struct NotServedYetTests {
    @Test(arguments: [
        ("mode: tcp, upstream: app", "", "listeners[0].mode"),
        ("proxyProtocol: [10.0.0.0/8]", "", "listeners[0].proxyProtocol"),
        ("name: web", ", proxyProtocol: v2", "upstreams.app.proxyProtocol"),
    ])
    func doesNotStart(listener: String, upstream: String, key: String) throws {
        let folder = try TestFolder()
        let config = """
            listeners: [{address: "127.0.0.1:0", \(listener)}]
            routes: [{upstream: app}]
            upstreams: {app: {servers: ["127.0.0.1:1"]\(upstream)}}
            """
        let file = try folder.write(config, to: "martlet.yaml")
        let result = try ChildProcess.run(MartletBinary.path, ["run", file])
        #expect(result.exit == .code(78))
        #expect(result.errors.contains("\(key): "))
        #expect(result.errors.contains("yet"))
    }
}
