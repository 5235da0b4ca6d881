"""Telling one commit of the embedded index from the next, without asking the engine to look at all its files."""

from __future__ import annotations

import threading
from pathlib import Path

META = "meta.json"
"""The file that every commit replaces in one step; it names the segments that searches see."""


class Commits:
    """The commits of one index folder, numbered as this process meets them."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / META
        self._content = b""
        self._number = 0
        self._comparing = threading.Lock()

    def number(self) -> int:
        """The number of the commit that a search would see, or one that nobody has had when it has just changed.

        The same number twice: nothing was committed in between. Raises: OSError when the folder is gone.
        """
        content = self._file.read_bytes()
        with self._comparing:
            if content != self._content:
                self._content = content
                self._number += 1
            return self._number
