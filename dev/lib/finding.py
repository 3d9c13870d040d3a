"""What a gate finds, and how it says that it could not look."""
import dataclasses


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    """One thing at one place. A warning is shown on demand and fails nothing."""

    path: str
    line: int
    text: str
    warning: bool = False

    def __str__(self):
        return f"{self.path}:{self.line}: {'warning' if self.warning else 'error'}: {self.text}"


class CannotCheck(Exception):
    """The gate has nothing to look at, or lacks a tool. It counts as a failure: a gate that looks at nothing holds nothing."""
