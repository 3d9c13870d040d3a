// What browsers are told.

extension Validator {
    /// What is allowed to pages of other sites fits together, and is said in one place.
    mutating func checkBrowsers() {
        if let cors = configuration.cors { check(cors, at: "cors") }
    }

    /// The same of a route.
    mutating func checkBrowsers(of route: RouteConfiguration, at path: String) {
        if let cors = route.cors ?? nil { check(cors, at: path + ".cors") }
        if configuration.cors(of: route) != nil { checkFields(of: route, at: path + ".responseFields") }
    }

    private mutating func check(_ cors: CORSConfiguration, at path: String) {
        guard isReadable(path + ".origins") else { return }
        if cors.origins.count > 200 { error(path + ".origins", "more than 200 origins") }
        if cors.origins.contains("*") && cors.origins.count > 1 {
            error(path + ".origins", "'*' is for every page there is: the others say nothing more")
        }
        if cors.credentials && cors.origins.contains("*") {
            error(
                path + ".credentials", "every page there is could act in the name of whoever sits at the browser",
                hint: "list the origins that may", isAboutKey: true)
        } else if cors.credentials && cors.origins.contains("null") {
            warning(
                path + ".origins",
                "any page can have the origin 'null', in a frame, and would act in its visitors' names")
        }
        if cors.credentials && cors.exposeHeaders.contains("*") {
            error(path + ".exposeHeaders", "with 'credentials', browsers take '*' for a name", hint: "list the fields")
        }
    }

    private mutating func checkFields(of route: RouteConfiguration, at path: String) {
        let fields = route.responseFields
        var names = fields.set.map { ($0.name, ".set.\($0.name)") } + fields.add.map { ($0.name, ".add.\($0.name)") }
        names += fields.remove.enumerated().map { ($1, ".remove[\($0)]") }
        names += fields.rename.flatMap { [($0.name, ".rename.\($0.name)"), ($0.value, ".rename.\($0.name)")] }
        for (name, place) in names where name.lowercased().hasPrefix("access-control-") {
            error(path + place, "the field \(Quoting.quote(name)) is what 'cors' says", hint: "remove one of the two")
        }
    }
}
