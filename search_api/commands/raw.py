"""Records as bytes: what `allshelves quarantine --raw` and `allshelves show --as` write."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from harvester.raw_record import Quarantined, RawRecord
from harvester.store import Store
from indexer import export
from indexer.quality import general_reason
from indexer.read import dialect_in, is_dublin_core, taken_apart
from mappings.library import Library
from search_api import terminal
from search_api.members.payload import quarantined_payload
from search_api.terminal import Entry, visible

_NOT_IN_A_NAME = re.compile(r"[^\w.-]+")
_MOST_OF_A_NAME = 80


class Form(StrEnum):
    """What a record is written as."""

    RAW = "raw"
    MARC21 = "marc21"
    MARCXML = "marcxml"


def as_bytes(raw: RawRecord, library: Library, form: Form) -> bytes:
    """The record as it came, or as it was read: mended, in UTF-8.

    Raises: Malformed where it cannot be read, NotExportable where it does not go into the form.
    """
    if form is Form.RAW:
        return raw.payload
    if is_dublin_core(raw):
        raise export.NotExportable("it is Dublin Core, which has no fields of MARC; --as raw writes it")
    marc = taken_apart(raw, library)
    dialect = dialect_in(marc, library)
    return export.iso2709(marc, dialect) if form is Form.MARC21 else export.marcxml(marc, dialect)


def write_quarantine(store: Store, found: Sequence[Quarantined], folder: Path) -> Iterator[Path]:
    """Writes each record to a file of its own in the folder, made where it is not there; the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    width = len(str(len(found)))
    for number, refused in enumerate(found, 1):
        payload = quarantined_payload(store, refused)
        if not payload:
            continue
        name = _NOT_IN_A_NAME.sub("_", refused.identifier).strip("_.")[:_MOST_OF_A_NAME]
        kind = "xml" if payload.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else "mrc"
        file = folder / f"{number:0{width}}-{name}.{kind}"
        file.write_bytes(payload)
        yield file


def print_quarantine(console: Console, found: Sequence[Quarantined], zone: ZoneInfo) -> None:
    """Prints each record with its reason, and how many there are of each; times are by the clock of ``zone``."""
    table = terminal.table("record", "stage", "field", "reason", f"since ({zone.key})")
    entries: list[Entry] = []
    for one in found:
        record, reason, at = f"{one.library}:{one.identifier}", visible(one.reason), one.at.astimezone(zone)
        table.add_row(visible(record), one.stage, visible(one.field), reason, f"{at:%Y-%m-%d %H:%M}")
        where = f"{visible(one.field)}: " if one.field else ""
        entries.append(Entry(Text(visible(record)), f"{where}{reason} ({one.stage}, {terminal.moment(at, zone)})"))
    terminal.show_entries(console, entries, table)
    counts = Counter((one.stage, general_reason(one.reason)) for one in found)
    terminal.say(console)
    table = terminal.table("stage", "reason", numbers=("records",))
    for (stage, reason), count in counts.most_common():
        table.add_row(stage, visible(reason), f"{count:,}")
    terminal.show(console, table)
