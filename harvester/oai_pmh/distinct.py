"""How many different names a list has given: a page that comes twice is not two pages of records."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from hashlib import blake2b

_ADDING = "INSERT OR IGNORE INTO seen VALUES (?)"


class Distinct:
    """Tells names that are new to a list from those that came before, for any number of them in the same memory."""

    def __init__(self) -> None:
        self._digests: sqlite3.Connection | None = None

    def new(self, names: Iterable[str]) -> list[str]:
        """Those of the names that never came before, in their order."""
        if self._digests is None:
            # An empty path is a temporary file; what of it is used stays in SQLite's page cache of a few megabytes.
            self._digests = sqlite3.connect("", check_same_thread=False, isolation_level=None)
            self._digests.execute("CREATE TABLE seen (digest INTEGER PRIMARY KEY)")
            self._digests.execute("BEGIN")
        listed = [(name, (_digest(name),)) for name in names]
        # All in one statement, as nearly every page has only new names; one by one where it has not.
        self._digests.execute("SAVEPOINT page")
        if self._digests.executemany(_ADDING, (digest for _, digest in listed)).rowcount != len(listed):
            self._digests.execute("ROLLBACK TO page")
            listed = [one for one in listed if self._digests.execute(_ADDING, one[1]).rowcount == 1]
        self._digests.execute("RELEASE page")
        return [name for name, _ in listed]

    def forget(self) -> None:
        """Begins anew; nothing is open after it."""
        if self._digests is not None:
            self._digests.close()
            self._digests = None


def _digest(name: str) -> int:
    """Eight bytes: of a million names, two are taken for one once in thirty million lists, and that is only a doubt."""
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)
