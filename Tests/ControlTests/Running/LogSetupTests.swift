import Logging
import MartletProxyConfig
import Testing

@testable import MartletControl

@Suite struct LogSetupTests {
    @Test(arguments: LogLevel.allCases)
    func aLevelIsCalledAsInTheConfig(level: LogLevel) {
        #expect(Logger.Level(level).rawValue == level.rawValue)
        #expect(Logger.martlet(level).logLevel.rawValue == level.rawValue)
    }
}
