"""Which files a member's records came in, and what became of each: written with the page that it is true of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, bindparam, delete, insert, select

from harvester import tables

FileState = Literal["begun", "done", "refused"]


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file as it was when its records were taken in."""

    name: str  # path or URL
    size: int
    modified: str = ""  # as the file system or the server says it
    etag: str = ""
    sha256: str = ""  # in hexadecimal digits
    state: FileState = "done"


def of(connection: Connection, library: str) -> dict[str, FileEntry]:
    """A library's files by name."""
    table = tables.file_ledger
    query = select(table).where(table.c.library == library).order_by(table.c.name)
    return {
        row.name: FileEntry(row.name, row.size, row.modified, row.etag, row.sha256, row.state)
        for row in connection.execute(query)
    }


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
            }
            for file in files
        ],
    )
