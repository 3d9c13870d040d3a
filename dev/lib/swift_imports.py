"""The import statements of masked Swift source."""
import re

IMPORT = re.compile(
    r"(?:^|;)[ \t]*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:typealias|struct|class|enum|protocol|let|var|func|actor)\s+)?(?P<module>\w+)", re.MULTILINE)


def imports(code):
    """(line, module) of each import; the module is the name before the first dot."""
    for found in IMPORT.finditer(code):
        yield code.count("\n", 0, found.start("module")) + 1, found["module"]
