"""A part of a page of the documentation that a command writes, between two comments."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class GeneratedPart:
    """What stands between the comment that names the command and the one that ends its part."""

    page: Path
    command: str  # make docs-reading
    end: str = "<!-- end -->"

    @property
    def begin(self) -> str:
        return f"<!-- made by `{self.command}` -->"

    def text(self) -> str:
        """The part as it stands in the page; "" when the page has none."""
        return self.page.read_text(encoding="utf-8").partition(self.begin + "\n\n")[2].partition("\n" + self.end)[0]

    def write(self, text: str) -> None:
        """Puts a text in place of the part.

        Raises: LookupError when the page lacks one of the comments; it then stays as it is.
        """
        before, begin, rest = self.page.read_text(encoding="utf-8").partition(self.begin)
        _, end, after = rest.partition(self.end)
        if not (begin and end):
            raise LookupError(f"{self.page} has no part between {self.begin} and {self.end}")
        self.page.write_text(f"{before}{begin}\n\n{text}\n{end}{after}", encoding="utf-8")
