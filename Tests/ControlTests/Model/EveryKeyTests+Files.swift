// The keys about files and maintenance, each with a change that must reach the model.

extension EveryKeyTests {
    static let changesOfFiles: [(key: String, from: String, to: String)] = [
        (
            "Route.files", "    files:\n      root: /etc/martlet/site\n",
            "    files:\n      root: /etc/martlet/other-site\n"
        ),
        ("Files.root", "root: /etc/martlet/site\n", "root: /etc/martlet/other-site\n"),
        ("Files.index", "index: [index.html]", "index: [start.html]"),
        ("Files.listing", "listing: false", "listing: true"),
        ("Files.precompressed", "precompressed: [zst, br, gz]", "precompressed: [br, gz]"),
        ("Files.types", "foo: application/x-foo", "foo: application/x-bar"),
        ("Files.fallback", "      fallback: /index.html\n", ""),
        ("Files.hidden", "hidden: false", "hidden: true"),
        ("Files.symlinks", "symlinks: true", "symlinks: false"),
        ("Limits.openFiles", "openFiles: 5000", "openFiles: 5001"),
        ("Timeouts.file", "  file: 10s", "  file: 11s"),
        ("maintenance", "\nmaintenance: off", "\nmaintenance: {status: 500}"),
        (
            "Upstream.maintenance", "    proxyProtocol: off\n    maintenance: off\n",
            "    proxyProtocol: off\n    maintenance: {status: 500}\n"
        ),
        (
            "Route.maintenance", "        clients: 192.0.2.0/24\n\nmaintenance: off",
            "        clients: 192.0.2.0/25\n\nmaintenance: off"
        ),
        ("Maintenance.file", "file: /etc/martlet/sorry.html", "file: /etc/martlet/other.html"),
        ("Maintenance.status", "sorry.html\n      status: 503", "sorry.html\n      status: 500"),
        ("Maintenance.retryAfter", "retryAfter: 10m", "retryAfter: off"),
        ("Maintenance.whenFile", "whenFile: /etc/martlet/site-maintenance", "whenFile: /etc/martlet/other-mark"),
        (
            "Maintenance.except", "      except:\n        clients: 192.0.2.0/24\n",
            "      except:\n        clients: 10.0.0.0/8\n"
        ),
        (
            "MaintenanceExcept.clients", "      except:\n        clients: 192.0.2.0/24\n",
            "      except:\n        clients: [10.0.0.1]\n"
        ),
    ]
}
