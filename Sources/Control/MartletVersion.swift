// Which Martlet this is.

/// The version, as `martlet version`, the metrics and the log say it.
public enum MartletVersion {
    /// Semantic Versioning 2.0.0.
    public static let string = "0.1.0"
}
