// From root to an account that may do no more than it has to.
import CProcess
import Glibc
import Logging
import MartletEventLoop
import MartletProxyConfig

/// Whose rights the process has once everything is open.
enum Privileges {
    /// An account, looked up.
    struct Account: Equatable {
        let name: String
        let user: uid_t
        let group: gid_t
    }

    /// Becomes the account that the config names, for good; with all threads, before the loops run.
    /// - Parameter files: are given to it, so that they can be opened anew.
    /// - Throws: when there is no such account, or the process may not become it.
    static func drop(_ configuration: Configuration, files: [String], log: Logger) throws(StartError) {
        guard let account = try account(user: configuration.user, group: configuration.group) else {
            if geteuid() == 0 {
                log.warning("this process runs as root: name an account with `user`, or have it started by one")
            }
            return
        }
        if geteuid() != 0 {
            // It has become that one already, as the process before it has.
            if geteuid() == account.user { return }
            throw StartError.file(
                keyPath: "user",
                "this process runs as user \(geteuid()), and only root can become \(account.name); start it as root, "
                    + "or leave `user` out")
        }
        for file in files {
            do throws(SystemError) {
                try HostProcess.give(file, user: account.user, group: account.group)
            } catch {
                log.warning("a file stays root's", metadata: ["file": "\(file)", "error": "\(error)"])
            }
        }
        try become(account)
        log.notice(
            "root's rights are given up",
            metadata: ["user": "\(account.name)", "uid": "\(getuid())", "gid": "\(getgid())"])
    }

    private static func become(_ account: Account) throws(StartError) {
        do throws(SystemError) {
            _ = try HostProcess.check(unsafe martlet_become(account.name, account.user, account.group))
        } catch {
            let reason = error.code == EALREADY ? "it would be possible to go back" : "\(error)"
            throw StartError.file(keyPath: "user", "this process cannot become \(account.name): \(reason)")
        }
    }

    /// The account with these names; `nil` when there is no user.
    static func account(user: String?, group: String?) throws(StartError) -> Account? {
        guard let user else { return nil }
        var (userID, groupID): (uid_t, gid_t) = (0, 0)
        if unsafe martlet_find_user(user, &userID, &groupID) < 0 {
            throw StartError.file(
                keyPath: "user", "this host has no user '\(user)' (`useradd --system \(user)` makes one)")
        }
        if let group, unsafe martlet_find_group(group, &groupID) < 0 {
            throw StartError.file(keyPath: "group", "this host has no group '\(group)'")
        }
        return Account(name: user, user: userID, group: groupID)
    }
}
