"""Every import is backed by a dependency in the manifest: SwiftPM checks it while it builds."""
from lib.finding import Finding

NAME, SLOW = "explicit-imports", True
SUMMARY = "a build in which each import has its dependency in Package.swift"

BUILD = ("swift", "build", "--build-tests", "--explicit-target-dependency-import-check", "error")


def check(tree):
    done = tree.run(*BUILD, seconds=1800)
    if done.returncode != 0:
        rows = [row for row in (done.stdout + done.stderr).splitlines() if "error:" in row]
        for row in rows or [f"`{' '.join(BUILD)}` failed"]:
            yield Finding("Package.swift", 1, row.strip())
