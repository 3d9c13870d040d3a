// Maintenances that a request may meet.
import MartletHTTPCore
import MartletProxy
import MartletProxyConfig

/// A time in which clients get a page instead.
struct Pause {
    /// Where the config has it: "maintenance", "routes[0].maintenance".
    let keyPath: String
    let isOn: Bool
    /// The client is served all the same.
    let isExempt: Bool
    /// The file that begins it; `nil` if it is on for as long as it is in the config.
    let mark: String?

    /// Whether the client gets the page.
    var counts: Bool { isOn && !isExempt }

    /// In words.
    var text: String {
        switch (isOn, isExempt, mark) {
        case (true, true, _): "\(keyPath) is on, but not for this client"
        case (true, false, nil): "\(keyPath) is on"
        case (true, false, let mark?): "\(keyPath) is on, as there is \(mark)"
        case (false, _, let mark): "\(keyPath) is off, as there is no \(mark ?? "file")"
        }
    }

    /// Those that are asked about requests of a route, in order.
    /// - Parameter route: `nil` for requests that no route is for.
    static func all(
        _ configuration: Configuration, _ parts: MaintenanceParts, route: Int?, of address: IPAddress
    ) -> [Pause] {
        var paths = ["maintenance"]
        if let route {
            let own = configuration.routes[route]
            if case .some(nil) = own.maintenance { return [] }
            let hasOwn = parts.places["routes[\(route)].maintenance"] != nil
            paths += hasOwn ? ["routes[\(route)].maintenance"] : own.upstreams.map { "upstreams.\($0).maintenance" }
        }
        return paths.compactMap { path in
            guard let place = parts.places[path] else { return nil }
            let model = parts.models[Int(place)]
            return Pause(
                keyPath: path, isOn: model.isOn, isExempt: model.exempt?.contains(address) == true,
                mark: parts.sources[Int(place)].whenFile)
        }
    }
}
