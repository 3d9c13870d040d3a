// What an exchange remembers of a call of gRPC-Web.
import MartletGRPC
import MartletHTTPCore

/// What is known of a call that is gRPC-Web for its client, and gRPC for its server.
struct WebCall: BitwiseCopyable {
    /// The request's content is Base64.
    var isTextRequest = false
    /// The response's content is to be.
    var isTextResponse = false
    /// The client is a script of a browser that comes from another site, perhaps: what it may see of the answer must be said.
    var hasOrigin = false
    /// What stands behind the type's name in the head that is being passed on: `+proto`, say.
    var format = ByteRange()
    /// Where in a group of characters the request's content is.
    var decoder = WebTextDecoder()

    /// The request's content is no Base64, though it should be.
    var isTextBroken: Bool { decoder.isBroken }
}
