"""Imports point down, as the table dev/layout.txt says; BoringSSL stays behind the TLS target."""
from lib import layout, swift_imports
from lib.finding import Finding

NAME, SLOW = "imports", False
SUMMARY = "imports and dependencies point down as in dev/layout.txt; CNIOBoringSSL is for TLS only"

ALWAYS = {"Swift", "_Concurrency", "PackageDescription"}
ONLY_FOR = {"CNIOBoringSSL": "TLS"}


def check(tree):
    rows = layout.read(tree)
    yield from table(rows)
    for path in tree.swift_files():
        if path.count("/") > 1:
            yield from file(tree, rows, path)
    yield from manifest(tree, rows)


def table(rows):
    for line, folder, below in layout.circles(rows):
        yield Finding(layout.FILE, line, f"{folder} and {below} may import each other")
    for folder, row in rows.items():
        for module in sorted(row.outside & ONLY_FOR.keys()):
            if folder != ONLY_FOR[module]:
                yield Finding(layout.FILE, row.line, f"{module} is for {ONLY_FOR[module]} only")


def file(tree, rows, path):
    row = layout.allowed(rows, path)
    if row is None:
        yield Finding(path, 1, f"{layout.FILE} has no line for this folder")
        return
    for line, module in swift_imports.imports(tree.masked(path)):
        if module not in row.outside | ALWAYS and not is_inside(rows, row, module):
            yield Finding(path, line, f"{path.split('/')[1]} may not import {module} ({layout.FILE}:{row.line})")


def is_inside(rows, row, module):
    """Whether `module` is a target of the package, by its full name, and allowed."""
    folder = layout.folder_of(module)
    return folder in row.folders and (module != folder or folder in ("CEventLoop", "CCodecs", "CCrypt", "CProcess", "martlet"))


def manifest(tree, rows):
    """A dependency that the table does not allow is wrong even if no file imports it yet."""
    for target in tree.manifest["targets"]:
        path = target.get("path") or f"Sources/{target['name']}"
        row = layout.allowed(rows, path + "/")
        if row is None:
            yield Finding("Package.swift", 1, f"{layout.FILE} has no line for {path}")
            continue
        for name in dependencies(target):
            if layout.folder_of(name) not in row.folders:
                yield Finding("Package.swift", 1, f"{target['name']} may not depend on {name} ({layout.FILE}:{row.line})")


def dependencies(target):
    """The targets of this package that `target` depends on."""
    for dependency in target["dependencies"]:
        for kind in ("byName", "target"):
            if kind in dependency:
                yield dependency[kind][0]
