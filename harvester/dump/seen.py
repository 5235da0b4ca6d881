"""Which records of each control number have come, for any number of them in the same memory."""

from __future__ import annotations

import sqlite3
from hashlib import blake2b


class Seen:
    """Counts unlike records of one name, in a database of its own that is gone with it."""

    def __init__(self) -> None:
        # An empty path is a temporary file; what of it is used stays in SQLite's page cache of a few megabytes.
        self._names = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._names.execute(
            "CREATE TABLE seen (name TEXT, content BLOB, place INTEGER NOT NULL, PRIMARY KEY (name, content))"
            " WITHOUT ROWID"
        )
        self._names.execute("BEGIN")

    def place(self, name: str, payload: bytes) -> int:
        """Which of the unlike records of this name it is, from 1; the same bytes again are the same record.

        A second export of one day would otherwise double the catalogue.
        """
        content = blake2b(payload, digest_size=8).digest()
        sql = (
            "INSERT INTO seen SELECT ?1, ?2, COUNT(*) + 1 FROM seen WHERE name = ?1"
            " ON CONFLICT DO UPDATE SET place = place RETURNING place"
        )
        (place,) = self._names.execute(sql, (name, content)).fetchone()
        return int(place)

    def close(self) -> None:
        self._names.close()
