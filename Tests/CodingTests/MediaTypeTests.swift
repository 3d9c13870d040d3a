import MartletCoding
import MartletHTTPCore
import Testing

@Suite struct MediaTypeTests {
    private static func contains(_ list: [String], _ value: String) -> Bool {
        var table = MediaTypeTable()
        _ = table.insert(["image/png", "other/*"])
        let place = table.insert(list)
        _ = table.insert(["*/*"])
        return table.contains(value.utf8.span, place)
    }

    @Test func typesAndStars() {
        #expect(Self.contains(["text/html"], "text/html"))
        #expect(Self.contains(["text/html"], "Text/HTML ; charset=utf-8"))
        #expect(!Self.contains(["text/html"], "text/htm"))
        #expect(!Self.contains(["text/html"], "text/html2"))
        #expect(Self.contains(["text/*"], "text/css;charset=x"))
        #expect(!Self.contains(["text/*"], "text/"))
        #expect(Self.contains(["application/*+json"], "application/ld+json"))
        #expect(!Self.contains(["application/*+json"], "application/+json"))
        #expect(!Self.contains(["application/*+json"], "application/json"))
        #expect(Self.contains(["*/*"], "a/b"))
        #expect(!Self.contains([], "a/b"))
        #expect(!Self.contains(["text/*"], ""))
    }

    @Test func streamsOfEventsHaveToBeNamed() {
        #expect(!Self.contains(["text/*", "*/*"], "text/event-stream"))
        #expect(Self.contains(["text/*", "text/event-stream"], "text/event-stream; charset=utf-8"))
        let streams = ["TEXT/event-stream", "text/event-streams"].map { MediaType.isEventStream($0.utf8.span) }
        #expect(streams == [true, false])
    }
}
