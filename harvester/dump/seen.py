"""How often each control number has come, for any number of records in the same memory."""

from __future__ import annotations

import sqlite3


class Seen:
    """Counts names in a database of its own that is gone with it."""

    def __init__(self) -> None:
        # An empty path is a temporary file; what of it is used stays in SQLite's page cache of a few megabytes.
        self._names = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._names.execute("CREATE TABLE seen (name TEXT PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID")
        self._names.execute("BEGIN")

    def times(self, name: str) -> int:
        """How often the name has come, this time included."""
        sql = "INSERT INTO seen VALUES (?, 1) ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times"
        (times,) = self._names.execute(sql, (name,)).fetchone()
        return int(times)

    def close(self) -> None:
        self._names.close()
