"""Which files a member's records came in, and what became of each: written with the page that it is true of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from sqlalchemy import Connection, bindparam, delete, insert, select

from harvester import tables

FileState = Literal["done", "refused", "waiting", "skipped", "gone"]
"""Taken in; refused, and nothing after it is read until it is replaced; waiting behind such a one; refused, and passed
over because a person said so; refused, and no longer there."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file as it was when its records were taken in."""

    name: str  # path or URL
    size: int
    modified: str = ""  # as the file system or the server says it
    etag: str = ""
    sha256: str = ""  # in hexadecimal digits
    state: FileState = "done"
    reason: str = ""  # refused: why; waiting: the address of the refused file that is in the way

    @property
    def label(self) -> str:
        """The name without its place, and without what follows it in an address: a key may stand there."""
        return PurePosixPath(self.name.partition("?")[0] if "://" in self.name else self.name).name


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that could not be read whole, and what waits until it is replaced or skipped."""

    name: str  # without its place
    reason: str
    waiting: tuple[str, ...] = ()


def of(connection: Connection, library: str) -> dict[str, FileEntry]:
    """A library's files by name."""
    table = tables.file_ledger
    query = select(table).where(table.c.library == library).order_by(table.c.name)
    return {
        row.name: FileEntry(row.name, row.size, row.modified, row.etag, row.sha256, row.state, row.reason)
        for row in connection.execute(query)
    }


def refused(connection: Connection, library: str) -> tuple[RefusedFile, ...]:
    """The files of a library that could not be read and that nobody has seen to yet, by name."""
    entries = of(connection, library).values()
    return tuple(
        RefusedFile(
            entry.label,
            entry.reason,
            tuple(one.label for one in entries if one.state == "waiting" and one.reason == entry.name),
        )
        for entry in entries
        if entry.state == "refused"
    )


def write(connection: Connection, library: str, files: Sequence[FileEntry], run: int) -> None:
    """Puts what is known of these files in place of what was known of them."""
    if not files:
        return
    table = tables.file_ledger
    connection.execute(
        delete(table).where(table.c.library == library, table.c.name == bindparam("file")),
        [{"file": file.name} for file in files],
    )
    connection.execute(
        insert(table),
        [
            {
                "library": library,
                "name": file.name,
                "size": file.size,
                "modified": file.modified,
                "etag": file.etag,
                "sha256": file.sha256,
                "state": file.state,
                "run": run,
                "reason": file.reason,
            }
            for file in files
        ],
    )
