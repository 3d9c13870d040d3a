// What is put into inputs: bytes, words and lines that mean something to somebody.

enum Tokens {
    /// Bytes at the borders of what is allowed somewhere.
    static let bytes: [UInt8] =
        Array("\r\n\t \0:;,=\"#?/*%+-._@[]0159aAfFgGzZ~x".utf8) + [0x0B, 0x0C, 0x1F, 0x7F, 0x80, 0xFF]

    /// Words of requests, responses and chunks.
    static let words: [String] = [
        "\r\n", "\r\n\r\n", "\n", "\n\n", "\r", "\r\r\n", "\r\n ", "\r\n\t", ": ", " :", ", ", ",,", "; ", "  ", "\0",
        "GET ", "POST ", "HEAD ", "OPTIONS ", "CONNECT ", "PRI ", "/", "*", "http://", "https://", "a:80", "//", "?",
        "#",
        " HTTP/1.1", " HTTP/1.0", " HTTP/2.0", "HTTP/1.1 ", " http/1.1", "Host", "Content-Length", "Transfer-Encoding",
        "Connection", "Keep-Alive", "TE", "Trailer", "Expect", "Upgrade", "X-Forwarded-For", "Via", "Proxy-Connection",
        "chunked", "Chunked", "identity", "gzip", "chunked, identity", "identity, chunked", "xchunked", "close",
        "keep-alive", "trailers", "100-continue", "0", "00", "1", "5", "+5", "-1", "0x5", "5 ", " 5", "5,5", "A", "a",
        "7fffffffffffffff", "8000000000000000", "ffffffffffffffff", "10000000000000000", "9223372036854775807",
        "9223372036854775808", "18446744073709551616", "4294967296", "0\r\n\r\n", "5\r\nhello\r\n", "5;a=\"b\"\r\n",
        "%00",
        "%2e", "[::1]", "user@", "example.com", "65536", "\u{212A}", "\u{E9}", "100 ", "204 ", "304 ", "200 OK", "599 ",
    ]

    /// Field lines, without their ends.
    static let lines: [String] = [
        "Host: a", "Host: b", "host:", "Content-Length: 5", "Content-Length: 0", "Content-Length: 05",
        "content-length:5", "Content-Length: 5, 5", "Content-Length: +5", "Content-Length : 5", "Content_Length: 5",
        "Transfer-Encoding: chunked", "transfer-encoding:\tChunked", "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: identity", "Transfer-Encoding : chunked", " Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked;q=1", "Transfer-Encoding:", "Connection: close", "Connection: keep-alive",
        "Connection: X-A, close", "Connection: Host", "Connection: Content-Length, Transfer-Encoding",
        "Connection: X-Forwarded-For, Via, X-Real-IP", "Connection: x y", "Connection: ,,", "X-A: 1", "X-a:2", "X_A: 3",
        "X-Forwarded-For: 1.2.3.4", "Via: 1.1 a", "X-Real-IP: 1.2.3.4", "Keep-Alive: timeout=5", "Upgrade: websocket",
        "TE: trailers", "TE: gzip, trailers", "Trailer: X-A", "Expect: 100-continue", "Expect: x", "Empty:", ": x", "x",
        "Tab: a\tb", "Odd!#$%&'*+-.^_`|~: 1", "Proxy-Authorization: x", "Proxy-Connection: close", "Set-Cookie: a",
        "Set-Cookie: b", "ETag: \"a\"", "Cookie: a=b", "5", "0", "5;x", "hello",
    ]
}
