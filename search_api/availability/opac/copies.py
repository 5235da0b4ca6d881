"""From a catalogue record to a library's answer: is it the record that was asked for, and which copies does it tell of.

A record is the one asked for when a field that holds its number in this kind of system has the number. A record that
says another number is another's, and nothing is taken from it. One that says none (Sierra, Polaris often) is told by
ISBN, then by title; one that says nothing at all of itself only when the search for the number found it alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from indexer.identifiers import isbns
from indexer.marc import Marc
from mappings.opac import OpacSystem
from search_api.availability.opac.holdings import OPAC_RULES, copies_of_holding
from search_api.availability.opac.marc_copies import copies_of_marc
from search_api.availability.opac.record import CatalogueRecord
from search_api.availability.reading import MAX_ITEMS
from search_api.availability.status import AskedRecord, ItemStatus
from search_api.availability.system import System

ANYWHERE = ("001", "907$a", "999$c", "901$c", "918$a", "949$o", "035$a")
"""Where a number that is the one asked for tells the record, whatever its system: another there proves nothing."""

ID_FIELDS: Mapping[OpacSystem, Sequence[str]] = {
    "generic": ANYWHERE,
    "alma": ("001",),
    "evergreen": ("901$c",),
    "folio": ("001", "999$i", "035$a"),
    "horizon": ("910$a", "035$a", "001"),
    "koha": ("999$c", "090$9", "090$a"),
    "polaris": ("001",),
    "sierra": ("907$a",),
    "symphony": ("001", "918$a"),
    "tlc": ("949$o",),
    "voyager": ("001",),
    "worldshare": ("001",),
}
"""Where a record of a kind of system says its number."""

_NOT_LETTERS = re.compile(r"[\W_]+")
_TITLE_LETTERS = 40  # a title may go on with what the catalogue calls its rest


def is_record(
    marc: Marc | None, name: str, asked: AskedRecord, kind: OpacSystem, own_fields: Sequence[str], *, alone: bool
) -> bool:
    """Whether a record is the one asked for. ``alone``: it is the only one that was found by its number."""
    if marc is None:
        return alone
    wanted = {_number(name), _number(asked.local_id)}
    if wanted & _numbers(marc, own_fields or (*ID_FIELDS[kind], *ANYWHERE)):
        return True
    said = _numbers(marc, own_fields or ID_FIELDS[kind])
    if said and (own_fields or kind != "generic"):
        return False
    numbers = {
        i.value for field in marc.fields("020", "010") for text in field.all("a") for i in isbns(text) if i.valid
    }
    if numbers & set(asked.isbns):
        return True
    titles = [title for field in marc.fields("245", "200") if (title := _letters(field.joined("ab", "")))]
    if titles and asked.title:
        return alone and any(_same_title(title, _letters(asked.title)) for title in titles)
    return alone and not said


def copies(
    system: System, kind: OpacSystem, records: Iterable[CatalogueRecord], unknown_words: list[str]
) -> tuple[ItemStatus, ...]:
    """The copies of records, from the holdings where there are any, else from fields of MARC; one too many at most."""
    rule = OPAC_RULES[kind]

    def all_copies() -> Iterable[ItemStatus]:
        for record in records:
            for holding in record.holdings:
                yield from copies_of_holding(system, rule, holding, unknown_words)
            if not record.holdings and record.marc is not None:
                yield from copies_of_marc(system, kind, record.marc, unknown_words)

    return tuple(islice(all_copies(), MAX_ITEMS + 1))


def _numbers(marc: Marc, paths: Iterable[str]) -> set[str]:
    return {_number(value) for path in paths for value in _values(marc, path)} - {""}


def _values(marc: Marc, path: str) -> list[str]:
    tag, _, code = path.partition("$")
    return [value for field in marc.fields(tag) for value in field.all(code)] if code else marc.controls(tag)


def _number(text: str) -> str:
    """A number without the name of its agency, signs and case; a leading .b, and the check digit behind it, stay."""
    return re.sub(r"^\([^)]*\)", "", text.strip()).strip().casefold().lstrip(".")


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())


def _same_title(one: str, other: str) -> bool:
    """Titles agree as far as the shorter goes."""
    length = min(len(one), len(other), _TITLE_LETTERS)
    return length > 0 and one[:length] == other[:length]
