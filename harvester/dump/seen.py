"""Which records of each control number have come, for any number of them in the same memory."""

from __future__ import annotations

import sqlite3
from hashlib import blake2b

MARKS = 1 << 20
"""Bytes, each a mark that a name came which falls on it. A name without a mark is new, and most are: asking the
database about each takes longer than reading the record."""

AT_ONCE = 500
"""New names noted together."""


class Seen:
    """Numbers the records of one name, in a database of its own that is gone with it.

    The same bytes in another file are the same record: a second export of one day would otherwise double the
    catalogue. The same bytes again in one file are a record that the library has twice, and is told of.
    """

    def __init__(self) -> None:
        # An empty path is a temporary file; what of it is used stays in SQLite's page cache of a few megabytes.
        self._names = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._names.execute(
            "CREATE TABLE seen (name TEXT, content BLOB, time INTEGER, place INTEGER NOT NULL,"
            " PRIMARY KEY (name, content, time)) WITHOUT ROWID"
        )
        self._names.execute(
            "CREATE TABLE here (name TEXT, content BLOB, times INTEGER NOT NULL, PRIMARY KEY (name, content))"
            " WITHOUT ROWID"
        )
        self._names.execute("BEGIN")
        self._marks = bytearray(MARKS)
        self._new: list[tuple[str, bytes]] = []  # of names that came for the first time, not noted yet

    def next_file(self) -> None:
        """Forgets what the file before held more than once."""
        self._note_new()
        self._names.execute("DELETE FROM here")

    def place(self, name: str, payload: bytes) -> int:
        """Which of the records of this name it is, from 1."""
        content = blake2b(payload, digest_size=8).digest()
        slot = hash(name) % MARKS
        if not self._marks[slot]:
            self._marks[slot] = 1
            self._new.append((name, content))
            if len(self._new) >= AT_ONCE:
                self._note_new()
            return 1
        self._note_new()
        again = "INSERT INTO here VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times"
        (time,) = self._names.execute(again, (name, content)).fetchone()
        sql = (
            "INSERT INTO seen SELECT ?1, ?2, ?3, COUNT(*) + 1 FROM seen WHERE name = ?1"
            " ON CONFLICT DO UPDATE SET place = place RETURNING place"
        )
        (place,) = self._names.execute(sql, (name, content, time)).fetchone()
        return int(place)

    def _note_new(self) -> None:
        if self._new:
            self._names.executemany("INSERT INTO here VALUES (?, ?, 1)", self._new)
            self._names.executemany("INSERT INTO seen VALUES (?, ?, 1, 1)", self._new)
            self._new.clear()

    def close(self) -> None:
        self._names.close()
