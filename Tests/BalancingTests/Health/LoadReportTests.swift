import MartletBalancing
import Testing

@Suite struct LoadReportTests {
    private func parse(_ text: String) -> UInt32? {
        let bytes = Array(text.utf8)
        return LoadReport.parse(bytes.span)
    }

    @Test(arguments: [
        ("TEXT cpu_utilization=0.3, mem_utilization=0.8, application_utilization=0.4, rps_fractional=10.0", 400),
        ("TEXT cpu_utilization=0.3,mem_utilization=0.8", 300),
        ("TEXT cpu_utilization:0.3", 300),
        ("cpu_utilization=0.25", 250),
        ("  cpu_utilization = 1  ", 1_000),
        ("TEXT cpu_utilization=2.5", 2_500),
        ("TEXT cpu_utilization=3e-1", 300),
        ("TEXT cpu_utilization=12.5E-1,eps=3", 1_250),
        ("TEXT cpu_utilization=0", 0),
        ("TEXT cpu_utilization=0.3,application_utilization=0", 300),
        ("TEXT application_utilization=0", 0),
        ("TEXT cpu_utilization=.5", 500),
        ("TEXT named_metrics.cpu_utilization=0.9,cpu_utilization=0.2", 200),
        ("TEXT cpu_utilization=0.000999", 0),
        ("TEXT cpu_utilization=0.3,something,=,:,x=y", 300),
        ("TEXT cpu_utilization=99999999999999999999999999", 100_000),
        ("TEXT cpu_utilization=1e999999999999", 100_000),
        ("TEXT cpu_utilization=1e-999999999999", 0),
        ("TEXT cpu_utilization=0.30000000000000000000000000000000000001", 300),
    ])
    func readsText(text: String, thousandths: UInt32) {
        #expect(parse(text) == thousandths)
    }

    @Test(arguments: [
        (#"JSON {"cpu_utilization": 0.3, "mem_utilization": 0.8}"#, 300),
        (#"JSON {"cpu_utilization":0.3,"application_utilization":0.7}"#, 700),
        (#"{"cpuUtilization":0.3}"#, 300),
        (#"{"applicationUtilization":"0.5"}"#, 500),
        (#"JSON { "named_metrics" : { "cpu_utilization" : 0.9 } , "cpu_utilization" : 0.1 }"#, 100),
        (#"JSON {"x":[1,[2,{"a":null}],"b"],"cpu_utilization":1e0}"#, 1_000),
        (#"JSON {"a\"b":"c\\","cpu_utilization":0.2}"#, 200),
        (#"JSON {"a":{},"b":[],"cpu_utilization":0.2}"#, 200),
    ])
    func readsJSON(text: String, thousandths: UInt32) {
        #expect(parse(text) == thousandths)
    }

    @Test(arguments: [
        "", " ", "TEXT", "TEXT ", "JSON", "JSON ", "BIN CAAA", "CAAAAAAA4D8=", "TEXT cpu_utilization",
        "TEXT cpu_utilization=", "TEXT cpu_utilization=x", "TEXT cpu_utilization=-0.3", "TEXT cpu_utilization=nan",
        "TEXT cpu_utilization=inf", "TEXT cpu_utilization=0.3.4", "TEXT cpu_utilization=1e", "TEXT cpu_utilization=.",
        "TEXT mem_utilization=0.5", "TEXT CPU_UTILIZATION=0.5", "{", "{}", "JSON {}", "JSON []", "JSON 1",
        #"JSON {"cpu_utilization":0.3"#, #"JSON {"cpu_utilization":0.3}}"#, #"JSON {"cpu_utilization"}"#,
        #"JSON {"cpu_utilization":{"cpu_utilization":1}}"#, #"JSON {"cpu_utilization":0.3,}"#, #"JSON {"a\"#,
        #"JSON {"cpu_utilization":true}"#, #"JSON {"x":[1},"cpu_utilization":1}"#,
    ])
    func findsNothing(text: String) {
        #expect(parse(text) == nil)
    }

    @Test func depthAndLengthAreBounded() {
        let deep = String(repeating: "[", count: 1_000) + String(repeating: "]", count: 1_000)
        #expect(parse(#"JSON {"x":\#(deep),"cpu_utilization":1}"#) == nil)
        let long = "TEXT cpu_utilization=0.3," + String(repeating: "a", count: LoadReport.limit)
        #expect(parse(long) == nil)
    }

    @Test func anyBytesAreReadToTheirEnd() {
        var state: UInt64 = 7
        let alphabet = Array(#"{}[]",:=\ TEXTJSON0123e.-cpu_utilization"#.utf8)
        for _ in 0..<20_000 {
            var bytes: [UInt8] = []
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            for _ in 0..<(state >> 59) {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes.append(alphabet[Int(state >> 33) % alphabet.count])
            }
            #expect(LoadReport.parse(bytes.span) ?? 0 <= LoadReport.most)
        }
    }
}
