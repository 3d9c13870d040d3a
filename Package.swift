// swift-tools-version: 6.2
// The manifest. Folders have plain names, modules carry the prefix: `Sources/Balancing` is `MartletBalancing`.
// Imports only point down; the order below is the order of the layers, from the bottom up.
import PackageDescription

#if !os(Linux)
#error("Martlet runs on Linux only: its event loop is built on epoll.")
#endif

let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableExperimentalFeature("Lifetimes"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// Targets in C, whose names have no prefix.
let inC = ["CEventLoop", "CCodecs", "CCrypt", "CProcess"]

/// A library target: `Sources/NAME`, module `MartletNAME`.
func module(_ name: String, uses: [String] = [], products: [Target.Dependency] = []) -> Target {
    .target(
        name: "Martlet" + name,
        dependencies: uses.map { .target(name: inC.contains($0) ? $0 : "Martlet" + $0) } + products,
        path: "Sources/" + name,
        swiftSettings: settings)
}

/// A test target: `Tests/NAMETests`, module `MartletNAMETests`.
func tests(_ name: String, uses: [String], products: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "Martlet" + name + "Tests",
        dependencies: uses.map { .target(name: $0 == "martlet" ? $0 : "Martlet" + $0) } + products,
        path: "Tests/" + name + "Tests",
        swiftSettings: settings)
}

let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let boringSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let certificates = Target.Dependency.product(name: "X509", package: "swift-certificates")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let jwt = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "martlet",
    products: [
        .executable(name: "martlet", targets: ["martlet"]),
        .library(name: "Martlet", targets: ["MartletControl"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        .target(name: "CEventLoop", path: "Sources/CEventLoop"),
        .target(
            name: "CCodecs", path: "Sources/CCodecs", linkerSettings: [.linkedLibrary("z"), .linkedLibrary("dl")]),
        .systemLibrary(name: "CCrypt", path: "Sources/CCrypt"),
        .target(name: "CProcess", path: "Sources/CProcess"),
        module("EventLoop", uses: ["CEventLoop"]),
        module("TLS", uses: ["EventLoop"], products: [boringSSL]),
        module("Telemetry"),
        module("HTTPCore"),
        module("Layer4", uses: ["HTTPCore"]),
        module("DNS", uses: ["EventLoop", "HTTPCore"]),
        module("HTTP1", uses: ["HTTPCore"]),
        module("HTTP2", uses: ["HTTPCore"]),
        module("GRPC", uses: ["HTTPCore"]),
        module("Coding", uses: ["CCodecs", "HTTPCore"]),
        module("Files", uses: ["HTTPCore"]),
        module("Routing", uses: ["HTTPCore"]),
        module("Guarding", uses: ["HTTPCore"]),
        module("Balancing", uses: ["HTTPCore"]),
        module(
            "Health", uses: ["EventLoop", "TLS", "Telemetry", "HTTPCore", "HTTP1", "HTTP2", "GRPC", "Balancing"]),
        module(
            "Proxy",
            uses: [
                "EventLoop", "TLS", "Telemetry", "HTTPCore", "Layer4", "HTTP1", "HTTP2", "GRPC", "Routing", "Balancing",
                "Guarding", "Coding", "Files",
            ]),
        module("ProxyConfig", uses: ["HTTPCore", "GRPC", "Coding", "Routing", "Balancing"], products: [yams]),
        module(
            "Certificates",
            products: [
                asn1, boringSSL, certificates, crypto, cryptoExtras, httpClient, logging, nioCore, nioHTTP1,
            ]),
        module(
            "Control",
            uses: [
                "ProxyConfig", "Proxy", "Health", "Certificates", "TLS", "EventLoop", "Telemetry", "HTTPCore", "HTTP1",
                "GRPC", "Coding", "Routing", "Balancing", "Guarding", "Files", "CCrypt", "CProcess", "DNS",
            ],
            products: [boringSSL, crypto, httpClient, jwt, logging, nioCore, nioHTTP1, signals]),
        module(
            "Demo", uses: ["Control", "ProxyConfig", "EventLoop", "Telemetry", "HTTPCore", "HTTP1"],
            products: [logging, signals]),
        module("Top", uses: ["Control", "ProxyConfig", "EventLoop"], products: [signals]),
        .executableTarget(
            name: "martlet",
            // Its configurations pass through here: a build that goes on from another has to know it.
            dependencies: ["MartletControl", "MartletDemo", "MartletProxyConfig", "MartletTop", argumentParser],
            path: "Sources/martlet",
            swiftSettings: settings),
        .executableTarget(
            name: "martlet-fuzz",
            dependencies: [
                "MartletEventLoop", "MartletTLS", "MartletHTTPCore", "MartletLayer4", "MartletHTTP1", "MartletHTTP2",
                "MartletGRPC", "MartletCoding", "MartletFiles", "MartletBalancing", "MartletRouting", "MartletDNS",
            ],
            path: "Sources/fuzz",
            swiftSettings: settings),
        module("Simulation", uses: ["Balancing"]),
        .executableTarget(
            name: "martlet-simulate",
            dependencies: ["MartletSimulation"],
            path: "Sources/simulate",
            swiftSettings: settings),
        module("TestSupport", uses: ["EventLoop"]),
        tests("EventLoop", uses: ["EventLoop", "TestSupport"]),
        tests("TLS", uses: ["TLS", "EventLoop", "TestSupport"]),
        tests("Layer4", uses: ["Layer4", "HTTPCore"]),
        tests("DNS", uses: ["DNS", "EventLoop", "HTTPCore", "TestSupport"]),
        tests(
            "Certificates", uses: ["Certificates", "TestSupport"],
            products: [asn1, certificates, crypto, logging]),
        tests("Telemetry", uses: ["Telemetry"]),
        tests("HTTPCore", uses: ["HTTPCore", "TestSupport"]),
        tests("HTTP1", uses: ["HTTP1", "HTTPCore", "TestSupport"]),
        tests("HTTP2", uses: ["HTTP2", "HTTPCore", "TestSupport"]),
        tests("GRPC", uses: ["GRPC", "HTTPCore", "TestSupport"]),
        tests("Coding", uses: ["Coding", "HTTPCore"]),
        tests("Files", uses: ["Files", "HTTPCore", "TestSupport"]),
        tests("Routing", uses: ["Routing", "HTTPCore"]),
        tests("Guarding", uses: ["Guarding", "HTTPCore"]),
        tests("Balancing", uses: ["Balancing", "HTTPCore", "TestSupport"]),
        tests("Health", uses: ["Health", "Balancing", "EventLoop", "Telemetry", "HTTPCore", "TestSupport"]),
        tests("Simulation", uses: ["Simulation", "Balancing"]),
        tests(
            "Proxy",
            uses: ["Proxy", "Balancing", "EventLoop", "HTTPCore", "HTTP2", "GRPC", "Layer4", "Routing", "TestSupport"]),
        tests("ProxyConfig", uses: ["ProxyConfig", "HTTPCore", "GRPC", "Routing", "TestSupport"]),
        tests(
            "Control",
            uses: [
                "Control", "ProxyConfig", "DNS", "Proxy", "Certificates", "TLS", "EventLoop", "Telemetry", "HTTPCore",
                "GRPC",
                "Routing", "Balancing", "Guarding", "Files", "TestSupport",
            ]),
        tests("Demo", uses: ["Demo"]),
        tests("Top", uses: ["Top", "Control", "ProxyConfig"]),
        tests("Program", uses: ["martlet", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)
