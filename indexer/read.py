"""One raw record → one `Record`, or one reason why not: which format, which character set, which dialect."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from harvester.store import RawRecord
from indexer import dublin_core, marc21, unimarc
from indexer.authority import AUTHORITY_TYPES, Authority, authority, is_authority
from indexer.charset import likely_character_set
from indexer.garbled import GARBLED
from indexer.holdings import holdings
from indexer.holdings.copies import coverage_told
from indexer.holdings.records import HoldingsRecord, belongs_to, holdings_record, is_holdings
from indexer.marc import Marc
from indexer.marcxml_field import TAG, odd_tag
from indexer.marcxml_transmission import from_marcxml
from indexer.mending import is_mostly_lost
from indexer.record import Carrier, Holding, Record
from indexer.transmission import Malformed, from_iso2709, hint
from mappings.library import Library

Dialect = Literal["marc21", "unimarc"]


class SkipRecord(Exception):
    """This record takes no part in the catalogue; count it, say why, go on with the next.

    SkipRecord
    ├── Unreadable     its bytes cannot be read: quarantine it, a good older version stays
    ├── HoldingsOnly   it describes copies of another record: `read_either` reads it
    └── AuthorityOnly  it gives the names of a person, a body or a subject: `read_either` reads it
    """


class Unreadable(SkipRecord):
    """A record that cannot be read. ``field`` is the MARC field, or "" when it is the whole record."""

    def __init__(self, library: str, identifier: str, field: str, reason: str) -> None:
        self.library = library
        self.identifier = identifier
        self.field = field
        self.reason = reason
        super().__init__(f"{library}:{identifier}{f' {field}' if field else ''}: {reason}")


class HoldingsOnly(SkipRecord):
    """A holdings record, where one of a book was asked for."""


class AuthorityOnly(SkipRecord):
    """An authority record, where one of a book was asked for."""


def read(raw: RawRecord, library: Library) -> Record:
    """The record that a raw payload holds.

    Raises: Unreadable when its bytes hold none, HoldingsOnly when they describe copies, AuthorityOnly when they give
    names; nothing else.
    """
    found = read_either(raw, library)
    if isinstance(found, Authority):
        raise AuthorityOnly(f"{found.ref}: it is an authority record: {'; '.join(found.names)}")
    if isinstance(found, HoldingsRecord):
        raise HoldingsOnly(
            f"{found.ref}: it is a holdings record; its copies are shown with the record that {library.code} calls "
            f"{found.belongs_to}"
        )
    return found


def read_either(raw: RawRecord, library: Library) -> Record | HoldingsRecord | Authority:
    """The record that a raw payload holds, or the copies it describes of another one, or the names it gives.

    Raises: Unreadable when its bytes hold none of them; nothing else, whatever the bytes.
    """
    try:
        if is_dublin_core(raw):
            return dublin_core.record(raw.payload, raw.library, raw.identifier)
        marc = taken_apart(raw, library)
    except Malformed as exc:
        raise Unreadable(raw.library, raw.identifier, exc.field, exc.reason) from exc
    if marc.leader[6] in AUTHORITY_TYPES and is_authority(marc, marc21_only=library.records.dialect == "marc21"):
        names = authority(marc, raw.library, raw.identifier)
        if names is None:
            raise Unreadable(raw.library, raw.identifier, "1XX", "an authority record without a heading")
        return names
    if is_holdings(marc):
        if not belongs_to(marc):
            raise Unreadable(
                raw.library, raw.identifier, "004", "a holdings record that does not say whose copies it means"
            )
        return holdings_record(marc, raw.identifier, library)
    return record_of(marc, dialect_in(marc, library), raw, library)


def is_dublin_core(raw: RawRecord) -> bool:
    """Whether a raw record is Dublin Core, announced as that or as MARCXML; it has no fields to take apart."""
    return raw.format != "iso2709" and bool(raw.payload) and dublin_core.is_dublin_core(raw.payload)


def taken_apart(raw: RawRecord, library: Library, *, mend: bool = True) -> Marc:
    """The fields of a raw MARC payload, decoded; without ``mend`` their text is as it came.

    Raises: Malformed.
    """
    if raw.deleted or not raw.payload:
        raise Malformed("no payload: the record is deleted or empty")
    if raw.format == "iso2709":
        return from_iso2709(raw.payload, library.records.encoding, library.records.ignore_fields, mend=mend)
    if raw.format == "marcxml":
        return from_marcxml(raw.payload, library.records.ignore_fields, library.records.encoding, mend=mend)
    raise Malformed("it is announced as Dublin Core and is not")


def dialect_of(marc: Marc) -> Dialect:
    """The dialect a record is written in, by what only one of them has.

    A title field decides: 200 $a is UNIMARC's, 245 MARC21's. A record with both or neither is UNIMARC when its 100 $a
    is the 36 characters of general processing data, which begin with a date; MARC21's 100 is a name.
    """
    unimarc_title = _has_unimarc_title(marc)
    if unimarc_title != marc.has("245"):
        return "unimarc" if unimarc_title else "marc21"
    general = marc.field("100")
    coded = next((value for code, value in general.subfields if code == "a"), "") if general else ""
    return "unimarc" if len(coded) >= 17 and coded[:8].isdecimal() else "marc21"


def _has_unimarc_title(marc: Marc) -> bool:
    return any(field.first("a") for field in marc.fields("200"))


def dialect_in(marc: Marc, library: Library) -> Dialect:
    """The dialect a library's record is read in: the one its file names, else the record's own.

    A record whose only title field is the other dialect's is written in that one, whatever the file says: it would be
    read as one without a title.
    """
    stated = library.records.dialect
    if stated == "auto":
        return dialect_of(marc)
    titled = {"marc21": marc.has("245"), "unimarc": _has_unimarc_title(marc)}
    return stated if titled[stated] or not any(titled.values()) else dialect_of(marc)


def record_of(marc: Marc, dialect: Dialect, raw: RawRecord, library: Library) -> Record:
    """What a record taken apart says, read in a dialect; ``raw`` gives it its name."""
    local_id = marc.value(library.records.local_id) or marc.control("001").strip()
    records = library.records
    held = holdings(marc, records.holdings, library.code, raw.identifier, local_id, own=records.item_fields)
    read_by = marc21.record if dialect == "marc21" else unimarc.record
    record = read_by(marc, library.code, raw.identifier, local_id, held)
    if not held and (online := _online_holdings(record)):
        record = replace(record, holdings=online)
    _refuse_lost_title(record, marc, raw)
    repairs = [*marc.repairs, *_charset_note(marc, dialect)]
    if records.dialect not in ("auto", dialect):
        repairs.append(f"its fields are {dialect}'s, the library's file says {records.dialect}")
    if not repairs:
        return record
    return replace(record, repairs=tuple(dict.fromkeys(repairs)), replacements=marc.replacements)


def _refuse_lost_title(record: Record, marc: Marc, raw: RawRecord) -> None:
    """A title that is there and cannot be read: what is left would take the place of a good version.

    Raises: Unreadable.
    """
    if record.titles and not marc.repairs:
        return
    title = "\n".join(title.proper for title in record.titles)
    if not any(title.kind == "proper" for title in record.titles):
        for tag in ("245", "200"):
            if f"{tag}: no subfields" in marc.repairs:
                raise Unreadable(
                    raw.library, raw.identifier, tag, "the title has no subfields: its delimiters are lost"
                )
            if f"{tag}: control characters" in marc.repairs:
                raise Unreadable(raw.library, raw.identifier, tag, "the title is nothing but control characters")
        odd = next((one.tag for one in marc.data_fields if not TAG.fullmatch(one.tag)), None)
        if odd is not None:
            raise Unreadable(
                raw.library, raw.identifier, "245", f"it has no title, and {odd_tag(odd)}: the title may be there"
            )
    if garbled := _garbled_title(record, marc):
        raise Unreadable(raw.library, raw.identifier, "245", f"its title makes no sense: {garbled}")
    if marc.replacements and is_mostly_lost([title]):
        likely = likely_character_set(raw.payload) if raw.format == "iso2709" else None
        which = f", perhaps {likely}{hint(likely)}" if likely and likely != marc.charset else ""
        raise Unreadable(raw.library, raw.identifier, "245", f"most of its title is lost: another character set{which}")


def _garbled_title(record: Record, marc: Marc) -> str:
    """What to say of a title that makes no sense because it was taken for Latin-1, "" for one that makes any."""
    proper = record.titles[0].proper if record.titles else ""
    if not _NO_LETTERS.search(proper):
        return ""
    told = (note.partition(": ")[2] for note in marc.repairs if note.startswith(("245: garbled", "200: garbled")))
    note = next((note for note in told if "taken for Latin-1" in note), "")
    return note.removeprefix(f"{GARBLED}: ")


_NO_LETTERS = re.compile("[\u0080-\u00ff\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{3}")
"""What Latin-1 or Windows-1252 makes of text in another set: so many letters with accents and signs in turn."""


def _online_holdings(record: Record) -> tuple[Holding, ...]:
    """The full texts of an online resource whose library counts no copies of it: nobody is to be asked, it is there."""
    if record.carrier is not Carrier.ONLINE:
        return ()
    texts: dict[str, str] = {}
    for link in record.links:
        if link.kind == "fulltext":
            texts[link.url] = texts.get(link.url) or coverage_told(link.label)
    return tuple(
        Holding(record.library, record.identifier, record.local_id, url=url, coverage=coverage)
        for url, coverage in texts.items()
    )


def _charset_note(marc: Marc, dialect: Dialect) -> list[str]:
    """What to say where the character set found is not the one the leader states; UNIMARC's leader states none."""
    if marc.charset in ("", "ascii") or (dialect == "unimarc" and marc.charset in ("utf-8", "marc-8")):
        return []
    if dialect == "unimarc":
        return [f"the bytes are {marc.charset}"]
    stated = "utf-8" if marc.leader[9] == "a" else "marc-8"
    return [f"leader/09 says {stated}, the bytes are {marc.charset}"] if stated != marc.charset else []
