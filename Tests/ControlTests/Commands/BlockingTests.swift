import MartletTestSupport
import Testing

@testable import MartletControl

@Suite struct BlockingTests {
    /// On a thread of its own: it must not be called on one of Swift concurrency.
    @Test func waitsForAsynchronousWork() async {
        let result = await withCheckedContinuation { done in
            _ = TestThread {
                let value = Blocking.run {
                    await Task.yield()
                    return 42
                }
                done.resume(returning: value)
            }
        }
        #expect(result == 42)
    }
}
