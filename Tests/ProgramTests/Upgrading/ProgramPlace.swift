// A path at which the program is, until something else is put there.
import Foundation
import MartletTestSupport

/// The program at a path of a test's own.
final class ProgramPlace {
    let folder: TestFolder
    /// Where the program is.
    let path: String

    init() throws {
        folder = try TestFolder()
        path = folder.path("martlet")
        try putProgram()
    }

    /// Puts the program there, by another name.
    func putProgram() throws {
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: MartletBinary.path)
    }

    /// Puts a script of a shell there. `FOLDER` in it stands for the folder, `PROGRAM` for the program.
    func put(script: String) throws {
        try? FileManager.default.removeItem(atPath: path)
        let text = script.replacing("FOLDER", with: folder.path).replacing("PROGRAM", with: MartletBinary.path)
        try folder.script(text, named: "martlet")
    }

    /// The program, once there is a file `go` in the folder; its number is in the file `waiting` before.
    static let waiting = """
        echo $$ >FOLDER/waiting.new && mv FOLDER/waiting.new FOLDER/waiting
        while [ ! -e FOLDER/go ]; do sleep 0.02; done
        exec PROGRAM "$@"
        """
}
