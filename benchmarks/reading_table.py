"""`make docs-reading`: every file of `../shared/data` read as a member's, and what became of each record.

The table goes into `docs/reading.md`, between two comments; the prose around it stays. The files are harvested the
product's own way: ISO 2709 and MARCXML as a library's dump, OAI-PMH answers as they come from a server.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import track

from benchmarks.generated_part import GeneratedPart
from harvester.errors import HarvestFailed
from harvester.http import Answer
from harvester.oai_records import Reading
from harvester.oai_xml import listed
from harvester.run import harvest
from harvester.store import Quarantined, RawRecord, Store
from indexer.authority import Authority
from indexer.holdings.records import HoldingsRecord
from indexer.quality import Quality, quality
from indexer.read import SkipRecord, Unreadable, read_either
from indexer.record import Record
from mappings.library import Harvest, Library, Records

DATA = Path(__file__).parents[2] / "shared" / "data"
PART = GeneratedPart(Path(__file__).parents[1] / "docs" / "reading.md", "make docs-reading")

DUMPS = ("marc/*.mrc", "marc/*.xml", "yaz/*.marc", "broken/*.mrc", "broken/*.marc", "broken/*.dat", "broken/*.xml")
ANSWERS = ("oai/*.xml", "oai/*/*.xml")
HOLDINGS = {"austen": "cmarc-805", "koha": "koha-952"}
"""Where the copies stand, by how a file's name begins; else 852."""
ENCODINGS = {"pymarc-1251": "windows-1251", "ruby-marc-cp866": "cp866"}
"""The character set that a file's suite says it is in, as a librarian says it, by how its name begins; else auto."""

HEADINGS = (
    "file",
    "records",
    "read",
    "repaired",
    "characters lost",
    "copies or names only",
    "deleted",
    "quarantined",
    "why",
)
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FileReading:
    """What became of a file's records. ``records == quality.records + attached + deleted + quality.quarantined``."""

    name: str
    records: int
    quality: Quality
    attached: int  # records of copies or of names alone
    deleted: int


def table(data: Path, console: Console) -> str:
    """The table as Markdown, a row for each file, in the order of their names."""
    rows = [HEADINGS, ("---", *("---:" for _ in HEADINGS[1:-1]), "---")]
    whole = [0] * 7
    for reading in readings(data, console):
        counted = (
            reading.records,
            reading.quality.records,
            reading.quality.repaired,
            reading.quality.replaced_characters,
            reading.attached,
            reading.deleted,
            reading.quality.quarantined,
        )
        whole = [total + count for total, count in zip(whole, counted, strict=True)]
        why = "; ".join(
            f"{reason.records:,} × {reason.reason}" if reason.records > 1 else reason.reason
            for reason in sorted(reading.quality.quarantine, key=lambda reason: (-reason.records, reason.reason))
        )
        rows.append((reading.name, *map(_count, counted), why.replace("|", "\\|")))
    rows.append(("**all**", *map(_count, whole), ""))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _count(number: int) -> str:
    return f"{number:,}" if number else ""


def readings(data: Path, console: Console) -> Iterator[FileReading]:
    """Every file of the data folder that holds records, read."""
    dumps = sorted(file for pattern in DUMPS for file in data.glob(pattern))
    answers = sorted(file for pattern in ANSWERS for file in data.glob(pattern) if _is_list(file))
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/raw.sqlite3")
        members = [_member(number, file) for number, file in enumerate(dumps)]
        outcomes = asyncio.run(harvest(members, store))
        raws: dict[str, list[RawRecord]] = {member.code: [] for member in members}
        after = 0
        while changes := store.changes(after, 2_000):
            after = changes[-1].seq
            for change in changes:
                raws[change.raw.library].append(change.raw)
        refused = {member.code: store.quarantined(member.code) for member in members}
        store.close()
    files = list(zip(dumps, members, outcomes, strict=True))
    for file, member, outcome in track(files, "files", console=console, transient=True):
        encoding = _stated(ENCODINGS, file)
        name = f"{file.relative_to(data)}{f' ({encoding})' if encoding else ''}"
        why = [_refused(member, outcome.error)] if outcome.status == "failed" else []
        live = [raw for raw in raws[member.code] if not raw.deleted]
        yield _reading(name, member, live, [*refused[member.code], *why], deleted=outcome.deleted)
    for file in answers:
        member = _member(len(members), file)
        records, unread = _answered(file, member)
        live = [raw for raw in records if not raw.deleted]
        yield _reading(str(file.relative_to(data)), member, live, unread, deleted=len(records) - len(live))


def _is_list(file: Path) -> bool:
    return b"ListRecords>" in file.read_bytes()


def _member(number: int, file: Path) -> Library:
    return Library(
        code=f"file-{number}",
        name={"en": file.name},
        region="abroad",
        kind="university",
        harvest=Harvest(protocol="marc-dump", files=(str(file),)),
        records=Records.model_validate(
            {"holdings": _stated(HOLDINGS, file) or "marc21-852", "encoding": _stated(ENCODINGS, file) or "auto"}
        ),
    )


def _stated(by_name: Mapping[str, str], file: Path) -> str:
    return next((value for start, value in by_name.items() if file.name.startswith(start)), "")


def _answered(file: Path, member: Library) -> tuple[list[RawRecord], list[Quarantined]]:
    """The records of an OAI-PMH answer and those it has in a way that cannot be read."""
    try:
        answer = listed(Answer(file.name, 200, file.read_bytes()), Reading(member.code, _NOW))
    except HarvestFailed as exc:
        return [], [_refused(member, str(exc))]
    return list(answer.records), list(answer.refused)


def _refused(member: Library, why: str) -> Quarantined:
    return Quarantined(member.code, "", "harvest", "", f"the file as a whole: {why}", _NOW)


def _reading(
    name: str, member: Library, raws: Iterable[RawRecord], unread: Iterable[Quarantined], deleted: int
) -> FileReading:
    records: list[Record] = []
    quarantined = list(unread)
    attached = 0
    for raw in raws:
        try:
            found = read_either(raw, member)
        except Unreadable as exc:
            quarantined.append(Quarantined(raw.library, raw.identifier, "read", exc.field, exc.reason, _NOW))
        except SkipRecord as exc:
            quarantined.append(Quarantined(raw.library, raw.identifier, "read", "", str(exc), _NOW))
        else:
            if isinstance(found, HoldingsRecord | Authority):
                attached += 1
            else:
                records.append(found)
    counted = quality(member, records, quarantined=quarantined)
    return FileReading(name, len(records) + attached + deleted + len(quarantined), counted, attached, deleted)


def main() -> None:
    console = Console(stderr=True)
    if not DATA.is_dir():
        console.print(f"the real records are not here: {DATA}", markup=False)
        sys.exit(1)
    PART.write(table(DATA, console))


if __name__ == "__main__":
    main()
