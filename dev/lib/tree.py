"""The tree that is checked: its files, its text, and its package manifest."""
import functools
import json
import os
import pathlib
import subprocess

from lib.finding import CannotCheck
from lib.swift_mask import mask


class Tree:
    """A folder with a package. Paths go in and out relative to its root, with slashes."""

    def __init__(self, root):
        self.root = pathlib.Path(root).resolve()
        self._masked = {}

    def files(self, folder, *suffixes):
        """All files below `folder` whose names end with one of `suffixes`, in order; nothing hidden, nothing built."""
        found = []
        for place, folders, names in os.walk(self.root / folder):
            folders[:] = sorted(f for f in folders if not f.startswith(".") and f != "__pycache__")
            found += [pathlib.Path(place, name) for name in sorted(names) if name.endswith(suffixes)]
        return [str(path.relative_to(self.root)) for path in found if path.is_file()]

    def swift_files(self, *folders):
        """The Swift files of `folders` (Sources and Tests if none is named)."""
        found = [path for folder in folders or ("Sources", "Tests") for path in self.files(folder, ".swift")]
        if not found:
            raise CannotCheck(f"no Swift file in {' or '.join(folders or ('Sources', 'Tests'))}")
        return found

    def exists(self, path):
        return (self.root / path).exists()

    def read(self, path):
        return (self.root / path).read_text(encoding="utf-8", errors="replace")

    def masked(self, path):
        """The code of a Swift file, with what is not code blanked."""
        if path not in self._masked:
            self._masked[path] = mask(self.read(path))
        return self._masked[path]

    def run(self, *words, seconds=120):
        """Runs a tool in the root and returns what it did; the tool's absence is a failure that names it."""
        try:
            return subprocess.run(
                words, cwd=self.root, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds)
        except FileNotFoundError:
            raise CannotCheck(f"`{words[0]}` is not installed") from None
        except subprocess.TimeoutExpired:
            raise CannotCheck(f"`{' '.join(words)}` took more than {seconds} seconds") from None

    @functools.cached_property
    def manifest(self):
        """The package as SwiftPM understands it, not as its text looks."""
        done = self.run("swift", "package", "dump-package")
        if done.returncode != 0:
            raise CannotCheck("`swift package dump-package` failed: " + done.stderr.strip()[-500:])
        return json.loads(done.stdout)
