"""How good a library's records are, in numbers and in examples a cataloguer can act on: pure, over any stream."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Literal

from stdnum import isbn

from harvester.store import Quarantined
from indexer.holdings.unread import UnreadCopies
from indexer.record import Record, RecordRef
from indexer.unknown_codes import unknown_codes
from indexer.unread_fields import UnreadField
from mappings.library import Library

EXAMPLES = 5
"""Examples of each kind; all of them stand in the report of the counts."""
RECORDS_SHOWN = 5
"""Records named of one example."""
ISBNS_SHOWN = 20
PROGRESS_EVERY = 1_000
MAX_KINDS = 1_000
"""Codes, repairs or reasons told apart; those met after so many kinds are counted together as ``others``."""
OTHERS = "others"

_IN_FIELD = re.compile(r"([0-9][0-9A-Za-z]{2}): ")
_VARYING = re.compile(r"b?'[^']*'|b\"[^\"]*\"|(?<![\w/-])[\d,]*\d(?![\w/-])")  # what was quoted, and amounts

WhyBad = Literal["check_digit", "length", "prefix"]

COVERED: Mapping[str, Callable[[Record], object]] = {
    "title": lambda r: r.titles,
    "romanised_title": lambda r: any(title.romanised for title in r.titles),
    "responsibility": lambda r: r.responsibility,
    "creator": lambda r: r.agents,
    "edition": lambda r: r.edition,
    "place": lambda r: any(imprint.place for imprint in r.imprints),
    "publisher": lambda r: any(imprint.publisher for imprint in r.imprints),
    "year": lambda r: r.year is not None,
    "extent": lambda r: r.extent,
    "pages": lambda r: r.pages is not None,
    "series": lambda r: r.series,
    "isbn": lambda r: any(i.kind == "isbn" and i.valid for i in r.identifiers),
    "issn": lambda r: any(i.kind == "issn" and i.valid for i in r.identifiers),
    "language": lambda r: r.languages,
    "country": lambda r: r.country,
    "subjects": lambda r: r.subjects,
    "classification": lambda r: r.classifications,
    "summary": lambda r: r.summary,
    "contents": lambda r: r.contents,
    "links": lambda r: r.links,
    "holdings": lambda r: r.holdings,
    "call_number": lambda r: any(h.call_number for h in r.holdings),
    "branch": lambda r: any(h.branch for h in r.holdings),
    "items": lambda r: any(h.items for h in r.holdings),
    "barcode": lambda r: any(item.barcode for h in r.holdings for item in h.items),
}
"""What a record may state, and whether one does."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the live records state something."""

    field: str  # a name of COVERED
    records: int
    percent: float
    lacking: tuple[RecordRef, ...]  # the first that state nothing of it


@dataclass(frozen=True, slots=True)
class BadIsbn:
    """An ISBN that cannot be one, as the record has it. Those that the record itself marks as wrong ($z) are not."""

    record: RecordRef
    value: str
    why: WhyBad


@dataclass(frozen=True, slots=True)
class BadIsbns:
    """``check_digit``: mistyped; ``length``: too few or too many digits; ``prefix``: thirteen without 978 or 979."""

    check_digit: int
    length: int
    prefix: int
    examples: tuple[BadIsbn, ...]


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """A code that no table explains."""

    kind: str  # what it should say: language, branch, location …
    code: str
    times: int  # records that carry it
    examples: tuple[RecordRef, ...]


@dataclass(frozen=True, slots=True)
class Repair:
    """What was mended while reading. ``fields``: where, the most frequent first; empty when it was the whole record."""

    what: str
    records: int
    fields: tuple[str, ...]
    example: RecordRef


@dataclass(frozen=True, slots=True)
class QuarantineReason:
    """Why records cannot be read."""

    stage: str  # harvest | read
    reason: str
    records: int
    examples: tuple[str, ...]  # identifiers


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Records of the library that describe one edition."""

    edition: str
    title: str
    records: tuple[RecordRef, ...]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """``surplus``: the records beyond the first of each of these editions."""

    editions: int = 0
    surplus: int = 0
    examples: tuple[Duplicate, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Records that state one control number: live availability cannot tell them apart."""

    local_id: str
    records: tuple[RecordRef, ...]


@dataclass(frozen=True, slots=True)
class Conflicts:
    numbers: int
    examples: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A holdings record and the number of the record it means."""

    record: RecordRef
    belongs_to: str


@dataclass(frozen=True, slots=True)
class Unattached:
    """Holdings records whose record the catalogue does not hold: nobody sees their copies until it comes."""

    records: int = 0
    examples: tuple[Waiting, ...] = ()


@dataclass(frozen=True, slots=True)
class Quality:
    """What a cataloguer should know of a library's live records."""

    library: str
    records: int
    coverage: tuple[Coverage, ...]
    bad_isbns: BadIsbns
    unknown_codes: tuple[UnknownCode, ...]  # the most frequent first
    repaired: int  # records something was mended in
    repairs: tuple[Repair, ...]
    replaced_records: int  # records with characters that could not be decoded
    replaced_characters: int
    quarantined: int
    quarantine: tuple[QuarantineReason, ...]
    duplicates: Duplicates
    conflicts: Conflicts
    unattached: Unattached
    unread_copies: tuple[UnreadCopies, ...] = ()
    unread_fields: tuple[UnreadField, ...] = ()  # of some records that were looked through


def quality(
    library: Library,
    records: Iterable[Record],
    *,
    duplicates: Duplicates | None = None,
    unattached: Unattached | None = None,
    quarantined: Iterable[Quarantined] = (),
    progress: Callable[[int], None] | None = None,
) -> Quality:
    """The quality of a library's records, taken as they come: any number of them fits in memory.

    ``progress`` is told how many were looked at. Who is a duplicate, and which copies wait for their record, only the
    whole catalogue knows, so they are given.
    """
    counts = _Counts(library)
    with closing(_Numbers()) as numbers:
        for record in records:
            counts.add(record)
            numbers.add(record)
            if progress and counts.records % PROGRESS_EVERY == 0:
                progress(counts.records)
        conflicts = numbers.conflicts()
    if progress:
        progress(counts.records)
    reasons = _quarantine_reasons(quarantined)
    return Quality(
        library=library.code,
        records=counts.records,
        coverage=tuple(
            Coverage(name, stated, round(100 * stated / max(counts.records, 1), 1), tuple(counts.lacking[name]))
            for name, stated in counts.stated.items()
        ),
        bad_isbns=BadIsbns(
            counts.bad_isbns["check_digit"],
            counts.bad_isbns["length"],
            counts.bad_isbns["prefix"],
            tuple(counts.bad_isbn_examples),
        ),
        unknown_codes=tuple(
            UnknownCode(kind, code, met.times, tuple(met.examples))
            for (kind, code), met in counts.codes.most_frequent()
        ),
        repaired=counts.repaired,
        repairs=tuple(
            Repair(what, met.times, tuple(tag for tag, _ in met.fields.most_common(EXAMPLES)), met.examples[0])
            for (what, _), met in counts.repairs.most_frequent()
        ),
        replaced_records=counts.replaced_records,
        replaced_characters=counts.replaced_characters,
        quarantined=sum(reason.records for reason in reasons),
        quarantine=reasons,
        duplicates=duplicates or Duplicates(),
        conflicts=conflicts,
        unattached=unattached or Unattached(),
    )


@dataclass(slots=True)
class _Met:
    """How often something was met, the first records with it, and in which fields."""

    examples: list[RecordRef] = field(default_factory=list)
    times: int = 0
    fields: Counter[str] = field(default_factory=Counter)


class _Kinds:
    """What was met, by kind and text; of texts without end only so many are told apart."""

    def __init__(self) -> None:
        self._met: dict[tuple[str, str], _Met] = {}

    def add(self, key: tuple[str, str], record: RecordRef, *tags: str) -> None:
        if key not in self._met and len(self._met) >= MAX_KINDS:
            key = (OTHERS, "")
        met = self._met.setdefault(key, _Met())
        met.times += 1
        if len(met.examples) < RECORDS_SHOWN:
            met.examples.append(record)
        met.fields.update(tags)

    def most_frequent(self) -> list[tuple[tuple[str, str], _Met]]:
        return sorted(self._met.items(), key=lambda item: (-item[1].times, item[0]))


class _Counts:
    """What is counted of record after record."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.records = 0
        self.stated = dict.fromkeys(COVERED, 0)
        self.lacking: dict[str, list[RecordRef]] = {name: [] for name in COVERED}
        self.bad_isbns: Counter[WhyBad] = Counter()
        self.bad_isbn_examples: list[BadIsbn] = []
        self.codes = _Kinds()
        self.repairs = _Kinds()
        self.repaired = 0
        self.replaced_records = 0
        self.replaced_characters = 0

    def add(self, record: Record) -> None:
        self.records += 1
        for name, states in COVERED.items():
            if states(record):
                self.stated[name] += 1
            elif len(self.lacking[name]) < RECORDS_SHOWN:
                self.lacking[name].append(record.ref)
        for code in unknown_codes(record, self._library):
            self.codes.add(code, record.ref)
        for number in record.identifiers:
            its_own = not (number.cancelled or number.linked)
            if number.kind == "isbn" and its_own and not number.valid and (why := why_bad(number.value)):
                self.bad_isbns[why] += 1
                if len(self.bad_isbn_examples) < ISBNS_SHOWN:
                    self.bad_isbn_examples.append(BadIsbn(record.ref, number.value, why))
        if record.repairs:
            self.repaired += 1
            made: dict[str, list[str]] = {}
            for what, tag in dict.fromkeys(map(kind_of_repair, record.repairs)):
                made.setdefault(what, []).append(tag)
            for what, tags in made.items():
                self.repairs.add((what, ""), record.ref, *filter(None, tags))
        if record.replacements:
            self.replaced_records += 1
            self.replaced_characters += record.replacements


def why_bad(number: str) -> WhyBad | None:
    """What is wrong with the digits of an ISBN; None when nothing is."""
    if len(number) not in (10, 13):
        return "length"
    if len(number) == 13 and not number.startswith(("978", "979")):
        return "prefix"
    return None if isbn.is_valid(number) else "check_digit"


def kind_of_repair(repair: str) -> tuple[str, str]:
    """A repair without what differs from record to record, and the field it was made in, "" for the whole record."""
    told = _IN_FIELD.match(repair)
    tag = told.group(1) if told else ""
    return _VARYING.sub("…", repair[told.end() :] if told else repair), tag


def general_reason(reason: str) -> str:
    """A reason without what differs from record to record."""
    return _VARYING.sub("…", reason)


def _quarantine_reasons(quarantined: Iterable[Quarantined]) -> tuple[QuarantineReason, ...]:
    met: dict[tuple[str, str], list[str]] = {}
    times: Counter[tuple[str, str]] = Counter()
    for one in quarantined:
        key = (one.stage, general_reason(one.reason))
        if key not in met and len(met) >= MAX_KINDS:
            key = (one.stage, OTHERS)
        times[key] += 1
        examples = met.setdefault(key, [])
        if len(examples) < EXAMPLES:
            examples.append(one.identifier)
    return tuple(QuarantineReason(*key, count, tuple(met[key])) for key, count in times.most_common())


class _Numbers:
    """Control numbers, and which records state them: on disk once they are many."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")  # a file of its own that nobody else sees and that goes with it
        self._database.execute("CREATE TABLE number (local_id TEXT, identifier TEXT)")
        self._waiting: list[tuple[str, str]] = []
        self._library = ""

    def add(self, record: Record) -> None:
        self._library = record.library
        if record.local_id:
            self._waiting.append((record.local_id, record.identifier))
            if len(self._waiting) >= PROGRESS_EVERY:
                self._write()

    def conflicts(self) -> Conflicts:
        self._write()
        self._database.execute("CREATE INDEX number_local_id ON number (local_id)")
        self._database.execute(
            "CREATE TEMP VIEW shared AS"
            " SELECT local_id, COUNT(*) AS times FROM number GROUP BY local_id HAVING COUNT(*) > 1"
        )
        [numbers] = self._database.execute("SELECT COUNT(*) FROM shared").fetchone()
        worst = self._database.execute("SELECT * FROM shared ORDER BY times DESC, local_id LIMIT ?", (EXAMPLES,))
        return Conflicts(
            numbers, tuple(Conflict(local_id, self._stating(local_id)) for local_id, _ in worst.fetchall())
        )

    def _stating(self, local_id: str) -> tuple[RecordRef, ...]:
        query = "SELECT identifier FROM number WHERE local_id = ? ORDER BY identifier LIMIT ?"
        found = self._database.execute(query, (local_id, RECORDS_SHOWN))
        return tuple(RecordRef(self._library, identifier) for (identifier,) in found)

    def _write(self) -> None:
        self._database.executemany("INSERT INTO number VALUES (?, ?)", self._waiting)
        self._waiting.clear()

    def close(self) -> None:
        self._database.close()
