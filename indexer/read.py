"""One raw record → one `Record`, or one reason why not: which format, which character set, which dialect."""

from __future__ import annotations

from harvester.store import RawRecord
from indexer.record import Record
from mappings.library import Library


class SkipRecord(Exception):
    """This record takes no part in the catalogue; count it, say why, go on with the next.

    SkipRecord
    └── Unreadable    its bytes cannot be read: quarantine it, a good older version stays
    """


class Unreadable(SkipRecord):
    """A record that cannot be read. ``field`` is the MARC field, or "" when it is the whole record."""

    def __init__(self, library: str, identifier: str, field: str, reason: str) -> None:
        self.library = library
        self.identifier = identifier
        self.field = field
        self.reason = reason
        super().__init__(f"{library}:{identifier}{f' {field}' if field else ''}: {reason}")


def read(raw: RawRecord, library: Library) -> Record:
    """The record that a raw payload holds.

    Raises: Unreadable when its bytes hold none; nothing else, whatever the bytes.
    """
    raise Unreadable(raw.library, raw.identifier, "", f"{raw.format} is not read yet")
