// Copies of requests.

extension Validator {
    /// Copies go to an upstream that the requests themselves do not go to.
    mutating func checkMirror(_ mirror: MirrorConfiguration, of route: RouteConfiguration, at path: String) {
        // In the short form there is no key of its own for it.
        let place = isWritten?(path + ".to") ?? true ? path + ".to" : path
        if mirror.to.isEmpty { return }
        if route.redirect != nil || route.respond != nil {
            return error(path, "'mirror' does nothing for a route that asks no server", isAboutKey: true)
        }
        checkUpstream(mirror.to, at: place)
        if route.upstreams.contains(mirror.to) {
            let message = "this route's requests go to upstream \(Quoting.quote(mirror.to)) already"
            error(place, message, hint: "copies of them would be done there twice")
        }
    }
}
