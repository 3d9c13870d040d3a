// Folders that files are served from, as they are found at the start.
import MartletEventLoop
import MartletFiles
import MartletProxy
import MartletProxyConfig

/// Made from folders and pages once, before anything runs.
struct SiteParts: Sendable {
    /// By the key path of their setting.
    private(set) var folders: [String: FolderHandle] = [:]
    /// Their paths, in the order of the model's sites.
    private(set) var roots: [String] = []
    private(set) var maintenance = MaintenanceParts()

    /// Of a config that serves no files.
    init() {}

    /// Opens all folders, and reads all pages, that `configuration` names.
    /// - Throws: the first that cannot be used.
    static func load(_ configuration: Configuration) throws(FileProblem) -> SiteParts {
        var parts = SiteParts()
        for index in configuration.routesWithParts {
            guard let files = configuration.routes[index].files else { continue }
            let keyPath = "routes[\(index)].files.root"
            parts.folders["routes[\(index)]"] = try open(files.root, for: keyPath)
            parts.roots.append(files.root)
        }
        parts.maintenance = try MaintenanceParts.load(configuration)
        return parts
    }

    private static func open(_ root: String, for keyPath: String) throws(FileProblem) -> FolderHandle {
        do throws(SystemError) {
            let folder = try FolderHandle(root)
            // What finds files below it has to be there as well.
            _ = try folder.open([], [])
            return folder
        } catch {
            throw FileProblem(keyPath, "cannot open '\(root)': \(reason(error))")
        }
    }

    private static func reason(_ error: SystemError) -> String {
        if error.isMissingCall { return "the kernel has no openat2(2), which came with Linux 5.6" }
        if error.isDenial { return "permission denied" }
        return error.isAbsence ? "there is no such folder" : error.description
    }
}

extension FileSite {
    /// What the route at `index` serves.
    convenience init(_ files: FilesConfiguration, of route: RouteConfiguration, _ folder: FolderHandle) {
        var plan = FileSitePlan()
        let segments = route.path.split(separator: "/", omittingEmptySubsequences: true).count
        // Of a route for one path, the last name is the file's; "*" at the end is no segment of its own.
        plan.depth = max(segments - 1, 0)
        plan.index = files.index
        plan.lists = files.listing
        plan.codings = files.precompressed.compactMap { ContentCoding(rawValue: $0.rawValue) }
        for type in files.types { plan.types[type.name] = type.value }
        plan.fallback = files.fallback.map { $0.hasPrefix("/") ? String($0.dropFirst()) : $0 }
        plan.showsHidden = files.hidden
        plan.followsLinks = files.symlinks
        self.init(folder, plan)
    }
}
