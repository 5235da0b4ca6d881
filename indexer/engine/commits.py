"""Telling one commit of the embedded index from the next, without asking the engine to look at all its files."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

META = "meta.json"
"""The file that every commit replaces in one step; it names the segments that searches see."""


class Commits:
    """The commits of one index folder, numbered as this process meets them.

    The numbers are the engine's: a folder that is opened again, after another was in use, has others than before.
    """

    def __init__(self, folder: Path, numbers: Iterator[int]) -> None:
        self._file = folder / META
        self._numbers = numbers
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
                self._number = next(self._numbers)
            return self._number
