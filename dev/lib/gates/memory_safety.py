"""Strict memory safety is on in every target, and a warning is an error. Asks SwiftPM, not the manifest's text."""
from lib.finding import CannotCheck, Finding

NAME, SLOW = "memory-safety", False
SUMMARY = "every target has strict memory safety and warnings as errors, without exceptions"


def check(tree):
    targets = [target for target in tree.manifest["targets"] if is_swift(tree, target)]
    if not targets:
        raise CannotCheck("the package has no Swift target")
    for target in targets:
        for problem in problems(target["settings"]):
            yield Finding("Package.swift", 1, f"{target['name']} {problem}")


def is_swift(tree, target):
    """C targets have no such settings; a target whose folder is missing or empty counts as Swift."""
    path = target.get("path") or f"Sources/{target['name']}"
    return bool(tree.files(path, ".swift")) or not tree.files(path, ".c", ".h")


def problems(settings):
    kinds = [setting["kind"] for setting in settings if setting["tool"] == "swift" and not setting.get("condition")]
    if not any("strictMemorySafety" in kind for kind in kinds):
        yield "lacks .strictMemorySafety()"
    if not any("error" in str(kind.get("treatAllWarnings")) for kind in kinds):
        yield "lacks .treatAllWarnings(as: .error)"
    for setting in settings:
        for name in ("treatWarning", "unsafeFlags", "disableWarning"):
            if name in setting["kind"]:
                yield f"may not have .{name}"
