"""What `allshelves show` and `allshelves report` print: a record beside its reading, and how good a library's are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harvester.raw_record import Quarantined, RawRecord, StoredRecord
from harvester.reuse import Former
from harvester.store import Store
from indexer import own_records
from indexer.catalogue import Catalogue
from indexer.holdings.records import holdings_record, is_holdings
from indexer.marc import Field, Marc
from indexer.provenance import Origin, origins, values_of
from indexer.quality import Quality
from indexer.read import (
    AuthorityOnly,
    HoldingsOnly,
    SkipRecord,
    dialect_in,
    is_dublin_core,
    read,
    record_of,
    taken_apart,
)
from indexer.record import Record, RecordRef
from indexer.transmission import Malformed
from indexer.unread_fields import unread_tags
from mappings.library import Library
from search_api import terminal
from search_api.schemas.quality import UnreadCopiesBody
from search_api.terminal import moment, say, visible

BAR = 24
"""Characters of a bar that stands for all records."""

CODES_SHOWN = 40
"""Unknown codes listed; the API lists all."""

FIELDS_SHOWN = 40
"""Fields that nothing reads listed; the API lists all."""

CODE_EXAMPLES = 2
"""Records named of one code."""

NO_REMARKS: Mapping[str, str] = MappingProxyType({})

RAW_SHOWN = 4_000
"""Characters shown of a payload that is no record."""


class Ambiguous(ValueError):
    """Several records answer to the name; it lists them."""

    def __init__(self, name: str, refs: tuple[RecordRef, ...]) -> None:
        super().__init__(f"{name} is the number of several records: {', '.join(map(str, refs))}; name one of them")


def named_record(catalogue: Catalogue, name: str) -> RecordRef:
    """The record that ``library:identifier`` names, or ``library:number`` as its own system says; for the id of an
    edition its first record.

    A name that nothing answers to comes back as it is.

    Raises: ValueError for what is no name, Ambiguous, CodecMismatch.
    """
    resolution = None if ":" in name else catalogue.resolve(name)
    if resolution is not None:
        return catalogue.members(resolution.id)[0]
    ref = RecordRef.parse(name)
    return ref if catalogue.edition_of(ref) else _called(catalogue, *ref) or ref


def find(store: Store, catalogue: Catalogue, library: str, name: str) -> StoredRecord | None:
    """The raw record of this identifier, else the one that the library's own system calls so; None when there is none.

    Raises: Ambiguous, CodecMismatch.
    """
    identifier = name.removeprefix(f"{library}:")
    if stored := store.raw(library, name) or store.raw(library, identifier):
        return stored
    ref = _called(catalogue, library, identifier)
    return store.raw(*ref) if ref else None


def _called(catalogue: Catalogue, library: str, number: str) -> RecordRef | None:
    """The one record that a library's own system calls so.

    Raises: Ambiguous, CodecMismatch.
    """
    refs = own_records.named(catalogue, library, number)
    if len(refs) > 1:
        raise Ambiguous(number, refs)
    return refs[0] if refs else None


def print_record(console: Console, stored: StoredRecord, library: Library, edition: str | None) -> bool:
    """Prints a raw record and what was read where; whether it can be read."""
    raw, at = stored.raw, moment(stored.harvested_at, library.schedule.zone)
    say(console, f"{library.code}:{visible(raw.identifier)}  {raw.format}  harvested {at}")
    if raw.deleted:
        say(console, "The library has deleted it.")
        return True
    return _print_reading(console, raw, library, f"edition {edition or 'none yet: run allshelves index'}")


def print_refused_version(
    console: Console,
    stored: StoredRecord,
    refused: Quarantined,
    library: Library,
    *,
    kept: Record | None,
    edition: str | None,
) -> None:
    """Prints why a record's newest version is in quarantine, and the values of the one that the catalogue keeps."""
    since = moment(refused.at, library.schedule.zone)
    where = visible(f"{refused.field}: " if refused.field else "")
    say(console, f"{library.code}:{visible(stored.raw.identifier)}  in quarantine since {since}")
    say(console, f"It cannot be taken: {where}{visible(refused.reason)}\n")
    if kept is not None:
        say(console, f"The version before is in the catalogue and shown: {kept.dialect}  edition {edition}\n")
        terminal.show(console, _values_table(kept))
        say(console, "\nWhat came and was refused:\n")
    try:
        _print_fields(console, taken_apart(stored.raw, library))
    except Malformed:
        say(console, _payload(stored.raw.payload))


def _values_table(record: Record) -> Table:
    table = terminal.table("value", "as read")
    for name, value in values_of(record):
        table.add_row(name, visible(value))
    return table


def print_former(console: Console, former: Former, library: Library) -> bool:
    """Prints what a record was before its identifier was given to quite another; whether it can be read."""
    raw, at = former.record, moment(former.replaced_at, library.schedule.zone)
    say(console, f"{library.code}:{visible(raw.identifier)}  {raw.format}  quite another record until {at}")
    return _print_reading(console, raw, library, "not in the catalogue any more")


def _print_reading(console: Console, raw: RawRecord, library: Library, where: str) -> bool:
    try:
        record = read(raw, library)
    except HoldingsOnly as exc:
        say(console, f"{visible(str(exc))}\n")
        _print_fields(console, taken_apart(raw, library))
        say(console)
        print_copies(console, raw, library)
        return True
    except AuthorityOnly as exc:
        say(console, f"{visible(str(exc))}\n")
        _print_fields(console, taken_apart(raw, library))
        return True
    except SkipRecord as exc:
        say(console, f"It cannot be read: {visible(str(exc))}\n")
        say(console, _payload(raw.payload))
        return False
    say(console, f"{record.dialect}  {where}")
    for repair in record.repairs:
        say(console, f"repaired: {visible(repair)}")
    say(console)
    if is_dublin_core(raw):  # it has no fields to name
        say(console, _payload(raw.payload))
        return True
    marc = taken_apart(raw, library)
    ignored = frozenset(library.records.ignore_fields)
    remarks = dict.fromkeys(unread_tags(marc, library), "nothing reads it")
    remarks |= dict.fromkeys(ignored, "ignored: ignore_fields")
    _print_fields(console, taken_apart(raw, library, mend=False), remarks, mended=marc)
    say(console)
    dialect = dialect_in(marc, library)
    found = origins(marc, lambda less: record_of(less, dialect, raw, library), ignored)
    terminal.show(console, _origins_table(found))
    return True


def print_copies(console: Console, raw: RawRecord, library: Library) -> None:
    """Prints the copies that a holdings record describes, beside every value the fields it was read from.

    Nothing where it cannot be read any more, or is no holdings record now.
    """
    try:
        marc = taken_apart(raw, library)
    except Malformed:
        return
    if is_holdings(marc):
        terminal.show(console, _origins_table(origins(marc, lambda less: _copies_of(less, raw, library))))


def _copies_of(marc: Marc, raw: RawRecord, library: Library) -> Record:
    """A record of nothing but the copies that a holdings record describes."""
    held = holdings_record(marc, raw.identifier, library)
    return Record(library.code, raw.identifier, "", "marc21", holdings=held.holdings)


def _print_fields(
    console: Console, marc: Marc, remarks: Mapping[str, str] = NO_REMARKS, mended: Marc | None = None
) -> None:
    for line in mnemonic(marc, remarks, mended):
        say(console, visible(line))


def mnemonic(marc: Marc, remarks: Mapping[str, str] = NO_REMARKS, mended: Marc | None = None) -> Iterator[str]:
    """The record as cataloguers write it down: ``=245  10$a…``, blanks as backslashes, dollar signs as ``{dollar}``.

    ``remarks`` say by tag why a field is not read. One that reads otherwise in ``mended``, the same record after its
    text was mended, is followed by what is read.
    """
    yield f"=LDR  {marc.leader.replace(' ', _BLANK)}"
    for tag, value in marc.control_fields:
        yield f"={tag}  {value.replace(' ', _BLANK)}{_remark(tag, remarks)}"
    read = marc.data_fields if mended is None else mended.data_fields
    for field, as_read in zip(marc.data_fields, read, strict=True):
        subfields = _subfields(field)
        indicators = (field.ind1 + field.ind2).replace(" ", _BLANK)
        yield f"={field.tag}  {indicators}{subfields}{_remark(field.tag, remarks)}"
        if (mended_subfields := _subfields(as_read)) != subfields:
            yield f"      read as {mended_subfields}"


def _subfields(field: Field) -> str:
    return "".join(f"${code}{value.replace('$', '{dollar}')}" for code, value in field.subfields)


_BLANK = "\\"


def _remark(tag: str, remarks: Mapping[str, str]) -> str:
    return f"   ({remarks[tag]})" if tag in remarks else ""


def _payload(payload: bytes) -> str:
    text = payload[:RAW_SHOWN].decode("utf-8", "replace")
    rest = f"\n… {len(payload):,} bytes in all" if len(payload) > RAW_SHOWN else ""
    return visible(text) + rest


def _origins_table(found: Iterable[Origin]) -> Table:
    table = terminal.table("value", "as read", "read from")
    for one in found:
        sources = (" or " if one.each else " + ").join(one.sources)
        table.add_row(one.name, visible(one.value), visible(sources) or "(taken for granted)")
    return table


def print_refused(console: Console, refused: Quarantined, zone: ZoneInfo) -> None:
    """Prints what harvesting put into quarantine: it never became a record."""
    say(console, f"{refused.library}:{visible(refused.identifier)}  in quarantine since {moment(refused.at, zone)}")
    say(
        console,
        f"It cannot be read: {visible(f'{refused.field}: ' if refused.field else '')}{visible(refused.reason)}\n",
    )
    say(console, _payload(refused.payload))


def print_quality(console: Console, quality: Quality, library: Library) -> None:
    """Prints how good a library's records are, something to forward to its cataloguers."""
    counts = f"{quality.records:,} records, {quality.quarantined:,} in quarantine"
    say(console, f"{library.code}  {library.label('zh-Hant')}  {counts}")
    if not quality.records:
        say(console, "The catalogue holds no record of it: run allshelves harvest and allshelves index.")
    for unread in quality.unread_copies:
        for sentence in UnreadCopiesBody.model_validate(unread).message.values():
            say(console, sentence)
    for heading, table in _sections(quality):
        say(console, f"\n{heading}")
        if table.row_count:
            terminal.show(console, table)


def _sections(quality: Quality) -> Iterator[tuple[str, Table]]:
    yield "What the records state", _coverage_table(quality)
    yield (
        "What some of them do not state",
        _table(
            ("not stated", "in records such as"),
            [
                (_words(one.field), "\n".join(map(str, one.lacking[:CODE_EXAMPLES])))
                for one in quality.coverage
                if one.records and one.lacking
            ],
        ),
    )
    bad = quality.bad_isbns
    counts = f"check digit {bad.check_digit:,}, length {bad.length:,}, prefix {bad.prefix:,}"
    yield (
        f"ISBNs that cannot be right: {counts}",
        _table(
            ("record", "ISBN", "what is wrong"), [(str(one.record), one.value, _words(one.why)) for one in bad.examples]
        ),
    )
    yield (
        f"Codes nobody has words for: {len(quality.unknown_codes):,}",
        _table(
            ("kind", "code", "in records such as"),
            [
                (_words(one.kind), one.code, "\n".join(map(str, one.examples[:CODE_EXAMPLES])), f"{one.times:,}")
                for one in quality.unknown_codes[:CODES_SHOWN]
            ],
            numbers=("records",),
        ),
    )
    looked_at = f" ({quality.unread_fields[0].looked_at:,} records looked at)" if quality.unread_fields else ""
    yield (
        f"Fields that nothing reads: {len(quality.unread_fields):,}{looked_at}",
        _table(
            ("field", "in records such as"),
            [(one.tag, str(one.examples[0]), f"{one.records:,}") for one in quality.unread_fields[:FIELDS_SHOWN]],
            numbers=("records",),
        ),
    )
    yield (
        f"Records something was repaired in: {quality.repaired:,}",
        _table(
            ("repair", "fields", "in record"),
            [(one.what, " ".join(one.fields), str(one.example), f"{one.records:,}") for one in quality.repairs],
            numbers=("records",),
        ),
    )
    yield (
        f"Characters lost, shown as U+FFFD: {quality.replaced_characters:,} in {quality.replaced_records:,} records",
        Table(),
    )
    yield (
        f"In quarantine: {quality.quarantined:,}",
        _table(
            ("stage", "reason", "records such as"),
            [(one.stage, one.reason, "\n".join(one.examples), f"{one.records:,}") for one in quality.quarantine],
            numbers=("records",),
        ),
    )
    duplicates = quality.duplicates
    yield (
        f"Editions with several records: {duplicates.editions:,}, {duplicates.surplus:,} records more than needed",
        _table(
            ("edition", "title", "records"),
            [(one.edition, one.title, "\n".join(map(str, one.records))) for one in duplicates.examples],
        ),
    )
    yield (
        f"Control numbers that several records state: {quality.conflicts.numbers:,}",
        _table(
            ("number", "records"),
            [(one.local_id, "\n".join(map(str, one.records))) for one in quality.conflicts.examples],
        ),
    )
    yield (
        f"Holdings records whose record is not in the catalogue: {quality.unattached.records:,}",
        _table(
            ("holdings record", "of number"),
            [(str(one.record), one.belongs_to) for one in quality.unattached.examples],
        ),
    )


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]], numbers: tuple[str, ...] = ()) -> Table:
    table = terminal.table(*headings, numbers=numbers)
    for row in rows:
        table.add_row(*map(visible, row))
    return table


def _coverage_table(quality: Quality) -> Table:
    table = terminal.table("", numbers=("records", "percent"))
    table.add_column("", no_wrap=True)
    for one in quality.coverage:
        whole, part = divmod(round(one.percent * BAR * 8 / 100), 8)
        bar = Text("█" * whole + ("", *"▏▎▍▌▋▊▉")[part], "cyan")
        table.add_row(_words(one.field), f"{one.records:,}", f"{one.percent:.1f}", bar)
    return table


def _words(name: str) -> str:
    return {"isbn": "ISBN", "issn": "ISSN"}.get(name, name.replace("_", " "))
