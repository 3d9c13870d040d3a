// What the process is told of itself.

extension Validator {
    /// A group alone would be ignored, as only an account can be become.
    mutating func checkAccount() {
        guard configuration.group != nil, configuration.user == nil else { return }
        error("group", "there is no 'user' whose group this could be", hint: "add 'user'", isAboutKey: true)
    }
}
