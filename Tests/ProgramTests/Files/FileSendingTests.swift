// Large files, slow clients, files that change meanwhile, and what is left open afterwards: nothing.
import Foundation
import MartletTestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(20))) struct FileSendingTests {
    private static let gibibyte = 1 << 30

    /// Bytes that tell where they are.
    private func fillPattern(_ folder: TestFolder, _ count: Int) throws {
        let command = "seq 1 100000000 | head -c \(count) > \(folder.path("www/pattern.bin"))"
        let result = try ChildProcess.run("sh", ["-c", command])
        if result.exit != .code(0) { throw TestFailure(result.errors) }
    }

    @Test(arguments: [["--http1.1"], ["--http2-prior-knowledge"]])
    func everyByteInItsPlace(way: [String]) throws {
        let stage = try FileStage { try fillPattern($0, 20_000_003) }
        let file = stage.martlet.folder.path("www/pattern.bin")
        let got = stage.martlet.folder.path("got")
        let size = try stage.curl("/pattern.bin", way + ["-o", got, "-w", "%{size_download} %{http_code}"])
        #expect(size == "20000003 200")
        #expect(try ChildProcess.run("cmp", [file, got]).exit == .code(0))
        // Parts of all lengths around those at which another way of sending begins.
        for (start, count) in [
            (0, 1), (5, 32_767), (7, 32_768), (1, 65_536), (524_287, 524_289), (3, 10_000_000), (20_000_002, 1),
        ] {
            _ = try stage.curl("/pattern.bin", way + ["-o", got, "-r", "\(start)-\(start + count - 1)"])
            let expected = try ChildProcess.run(
                "sh", ["-c", "tail -c +\(start + 1) \(file) | head -c \(count) | cmp - \(got)"])
            #expect(expected.exit == .code(0), "\(start) \(count)")
        }
        try stage.stop()
    }

    @Test func encrypted() throws {
        let certificates = try TestCertificates()
        let leaf = try certificates.leaf(["files.test"])
        let folder = try TestFolder()
        try folder.makeFolder("www")
        try fillPattern(folder, 5_000_001)
        let martlet = try RunningMartlet(
            """
            workers: 1
            listeners:
              - address: 127.0.0.1:0
                name: tls
                tls: {certificates: [{certificate: \(leaf.chain), key: \(leaf.key)}]}
            routes: [{files: FOLDER/www}]
            """, folder: folder)
        for way in ["--http1.1", "--http2"] {
            let got = folder.path("got")
            _ = try martlet.curl(
                "files.test", "/pattern.bin", [way, "-o", got, "--max-time", "60"], authority: certificates.authority)
            #expect(try ChildProcess.run("cmp", [folder.path("www/pattern.bin"), got]).exit == .code(0), "\(way)")
        }
        try martlet.stop()
    }

    @Test func largeFilesTakeNoMemory() throws {
        let stage = try FileStage { try $0.resize("www/big.bin", to: Self.gibibyte) }
        let before = try stage.martlet.peakMemory()
        let whole = try stage.curl("/big.bin", ["-o", "/dev/null", "-w", "%{size_download} %{http_code}"])
        #expect(whole == "\(Self.gibibyte) 200")
        let half = ["--http2-prior-knowledge", "-r", "0-536870911", "-o", "/dev/null", "-w", "%{size_download}"]
        #expect(try stage.curl("/big.bin", half) == "536870912")
        let after = try stage.martlet.peakMemory()
        #expect(after - before < 16 << 10, "\(before) KiB, then \(after)")
        try stage.stop()
    }

    @Test func othersAreServedMeanwhile() throws {
        let stage = try FileStage { folder in
            try folder.resize("www/big.bin", to: Self.gibibyte / 4)
            try folder.write("small", to: "www/small.txt")
        }
        let url = "http://127.0.0.1:\(try stage.martlet.port())/big.bin"
        let loads = try (0..<4).map { _ in try ChildProcess("curl", ["-sS", "-o", "/dev/null", url]) }
        let client = try stage.martlet.connect()
        var slowest = Duration.zero
        while loads.contains(where: \.isRunning) {
            let began = ContinuousClock.now
            #expect(try client.exchange("GET /small.txt").text == "small")
            slowest = max(slowest, began.duration(to: .now))
        }
        #expect(slowest < .seconds(5), "\(slowest)")
        for load in loads { #expect(try load.wait() == .code(0)) }
        try stage.stop()
    }

    @Test(arguments: [["--http1.1"], ["--http2-prior-knowledge"]])
    func aFileThatBecomesShorter(way: [String]) throws {
        let stage = try FileStage { try $0.resize("www/big.bin", to: 64 << 20) }
        let load = try ChildProcess(
            "curl",
            ["-sS", "--limit-rate", "4M", "-o", "/dev/null"] + way + [
                "http://127.0.0.1:\(try stage.martlet.port())/big.bin"
            ])
        try stage.martlet.waitForMetric("martlet_files_active", 1)
        try stage.martlet.folder.resize("www/big.bin", to: 1000)
        // Not taken for the whole: 18 is a partial file, 56 a reset, 92 a stream's error.
        let exit = try load.wait(.seconds(60))
        #expect([.code(18), .code(56), .code(92)].contains(exit), "\(exit)")
        #expect(try stage.martlet.metrics["martlet_files_cut_total"] == 1)
        #expect(try stage.martlet.accessLogLine(target: "/big.bin")["error"] == "file became shorter while it was sent")
        try stage.stop()
    }

    @Test func aFileThatGrows() throws {
        let stage = try FileStage { try $0.resize("www/big.bin", to: 16 << 20) }
        let client = try stage.martlet.connect(receiveBuffer: 4096)
        try client.send(requestText("GET /big.bin"))
        let head = try client.receive(until: "\r\n\r\n")
        #expect(head.contains("Content-Length: 16777216\r\n"))
        try stage.martlet.folder.resize("www/big.bin", to: 32 << 20)
        _ = try client.receive(exactly: 16 << 20)
        // The next answer comes right behind, with what there is by then.
        try client.send(requestText("HEAD /big.bin"))
        #expect(try client.readResponse(to: "HEAD")["Content-Length"] == "33554432")
        try stage.stop()
    }

    @Test func clientsThatLeave() throws {
        let stage = try FileStage { try $0.resize("www/big.bin", to: 256 << 20) }
        let martlet = stage.martlet
        _ = try martlet.metrics
        let before = try martlet.descriptors()
        for round in 0..<30 {
            let client = try martlet.connect(receiveBuffer: 4096)
            try client.send(requestText("GET /big.bin"))
            _ = try client.receive(exactly: 100)
            if round % 2 == 0 { client.reset() } else { client.close() }
        }
        // Streams, and connections with streams, that end in the middle.
        for _ in 0..<5 {
            let result = try stage.curlResult(
                "/big.bin", ["--http2-prior-knowledge", "--max-time", "0.2", "--limit-rate", "1M"])
            #expect(result.exit == .code(28))
        }
        try martlet.waitForMetric("martlet_files_active", 0)
        try eventually("all descriptors are closed") { try martlet.descriptors() <= before }
        try stage.stop()
    }

    @Test func slowReaders() throws {
        let stage = try FileStage("FOLDER/www", "rates: {response: 100KiB, grace: 1s}") {
            try $0.resize("www/big.bin", to: 256 << 20)
        }
        let client = try stage.martlet.connect(receiveBuffer: 4096)
        try client.send(requestText("GET /big.bin"))
        _ = try client.receive(exactly: 1000)
        try stage.martlet.waitForMetric("martlet_files_active", 0, .seconds(30))
        #expect(try stage.martlet.metrics["martlet_timeouts_total{kind=\"response_rate\"}"] == 1)
        try stage.stop()
    }

    @Test func soManyAtATime() throws {
        let stage = try FileStage("FOLDER/www", "limits: {openFiles: 2}") { folder in
            try folder.resize("www/big.bin", to: 256 << 20)
            try folder.write("small", to: "www/small.txt")
        }
        let martlet = stage.martlet
        let clients = try (0..<2).map { _ in try martlet.connect(receiveBuffer: 4096) }
        for client in clients {
            try client.send(requestText("GET /big.bin"))
            _ = try client.receive(exactly: 100)
        }
        let refused = try martlet.request("GET /small.txt")
        #expect(refused.status == 503 && refused["Retry-After"] == "1")
        #expect(try martlet.accessLogLine(target: "/small.txt")["error"] == "too many files are open")
        #expect(try martlet.metrics["martlet_files_refused_total"] == 1)
        clients[0].close()
        try eventually("there is a place again") { try martlet.request("GET /small.txt").status == 200 }
        clients[1].close()
        try stage.stop()
    }

    @Test func aFIFODoesNotHoldAnybodyUp() throws {
        let stage = try FileStage { folder in
            try folder.write("small", to: "www/small.txt")
            _ = try ChildProcess.run("mkfifo", [folder.path("www/fifo")])
        }
        for _ in 0..<50 { #expect(try stage.martlet.request("GET /fifo").status == 404) }
        #expect(try stage.martlet.request("GET /small.txt").text == "small")
        try stage.stop()
    }
}
