// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let responseBodyConfiguration: [String: String] = [
        "ResponseBodyConfiguration": #"""
        What is changed in the content of a route's responses on its way to clients ([content.md](content.md#replacing-texts)).
        """#,
        "ResponseBodyConfiguration.ignoreCase": #"""
        Whether letters A to Z are the same in either case.
        """#,
        "ResponseBodyConfiguration.maxRatio": #"""
        How many times as long as what the server has sent its content may become when it is decoded, from 1 MiB on. A response beyond that is
        broken off.
        """#,
        "ResponseBodyConfiguration.replace": #"""
        The texts that are replaced, up to 64. Where several could be, the first in the content counts, and of those that begin at the same
        place the longest.
        """#,
        "ResponseBodyConfiguration.types": #"""
        The types of content in which texts are replaced. One `*` stands for any text but nothing, as in `text/*`.
        """#,
    ]
}
