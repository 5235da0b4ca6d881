"""Copies in MARC 21's own holdings fields, in a bibliographic record or in a holdings record of their own.

852 is the place; 853–855 with 863–865 or, in words, 866–868 say which volumes there are; 876–878 are the items.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexer.holdings.call_numbers import mark_and_year, parts
from indexer.holdings.copies import Copy, Values, values, web_address
from indexer.holdings.statements import link, statements
from indexer.marc import Field, Marc
from indexer.record import Item
from indexer.text import trim_isbd

_NUMBERED = (("853", "863", "866"), ("854", "864", "867"), ("855", "865", "868"))
"""Captions, numbers and words of the units themselves, of their supplements, of their indexes."""

_ITEMS = ("876", "877", "878")
_DEPENDENT = frozenset({*_ITEMS, *(tag for tags in _NUMBERED for tag in tags)})
HOLDINGS_TYPES = "uvxy"
"""Leader/06 of holdings records: unknown, multipart, single-part, serial. Their 856 is where the copy is to be had."""

_CALL_NUMBER = "khijlm"
_SHELF_MARKS = "khijl"
"""Without any of these, $m is no suffix of a call number (Aleph writes the copy there)."""

_NOWHERE = Field("852", " ", " ", ())
"""Stands for the place where a record says which volumes there are, and not where."""


def copies(marc: Marc) -> Iterator[Copy]:
    """The copies of 852 and of the fields that belong to it, in the order of the 852s.

    $b branch, $c shelving location, $k $h $i $j $m the call number, $p barcode, $t copy, $3 volume, $u link, $z note,
    $g item type (what Evergreen writes there; else a qualifier of the location, in words).
    """
    places = marc.fields("852") or [_NOWHERE]
    owned = _owned(marc, places)
    elsewhere = ""
    if marc.leader[6] in HOLDINGS_TYPES:
        elsewhere = next((url for field in marc.fields("856") if (url := web_address(field.first("u")))), "")
    for place, own in zip(places, owned, strict=True):
        told = values(place)
        call_number = place.joined(_CALL_NUMBER) if any(code in told for code in _SHELF_MARKS) else ""
        note = " ".join(told.get("z", ()))
        shelved = Item(
            volume=_first(told, "3"),
            copy=_first(told, "t"),
            item_type=_first(told, "g"),
            **_parts(told, call_number),
        )
        items = [_item_876(field, shelved) for field in own if field.tag in _ITEMS]
        items = items or [replace(shelved, barcode=barcode, note=note) for barcode in told.get("p", ())]
        notes = [text for field in own if field.tag not in _ITEMS for text in field.all("z")]
        summary = "; ".join(dict.fromkeys(_statements(own))) if own else ""
        url = web_address(_first(told, "u")) or elsewhere
        if not items and place is _NOWHERE and not summary:
            continue
        whole = Copy(
            _first(told, "b"),
            _first(told, "c"),
            call_number,
            items[0] if items else None,
            summary="" if url else summary,
            url=url,
            coverage=summary if url else "",
            note=" ".join(notes if items else filter(None, (note, *notes))),
        )
        yield whole
        for item in items[1:]:
            yield Copy(whole.branch, whole.location, call_number, item)


def _first(told: Values, code: str) -> str:
    return told[code][0] if code in told else ""


def _owned(marc: Marc, places: Sequence[Field]) -> list[list[Field]]:
    """For each 852 the fields that belong to it.

    By $8 (876 also by $0) where the 852 has it; by the same branch and call number, where a system repeats them; else
    to the 852 that they follow, as holdings records put into a bibliographic one stand there; else to the last.
    """
    owned: list[list[Field]] = [[] for _ in places]
    if not any(map(marc.has, _DEPENDENT)):
        return owned
    links = [{link(place)[0]} - {""} for place in places]
    shelves = [_shelf(place) for place in places]
    at = -1
    for field in marc.data_fields:
        if field.tag == "852":
            at += 1
        elif field.tag in _DEPENDENT and marc.has(field.tag):
            own = {link(field)[0], field.first("0") if field.tag in _ITEMS else ""} - {""}
            linked = next((number for number, known in enumerate(links) if own & known), None)
            if linked is None and field.tag in ("866", "867", "868") and any(shelf := _shelf(field)):
                linked = next((number for number, known in enumerate(shelves) if known == shelf), None)
            owned[min(at, len(owned) - 1) if linked is None else linked].append(field)
    return owned


def _shelf(field: Field) -> tuple[str, str]:
    return field.first("b"), field.joined("hi")


def _statements(own: Sequence[Field]) -> Iterator[str]:
    """What there is, in words: the cataloguer's own (866–868) instead of the numbers they are linked to."""
    for kind, (captions, numbers, words) in enumerate(_NUMBERED):
        told = [field for field in own if field.tag == words]
        in_words = {link(field)[0] for field in told} - {"", "0"}
        label = ("", "Suppl.: ", "Index: ")[kind]
        for text in statements(
            [field for field in own if field.tag == captions],
            [field for field in own if field.tag == numbers and link(field)[0] not in in_words],
        ):
            yield label + text
        for field in told:
            if text := trim_isbd(field.joined("a")):
                yield label + text


def _item_876(field: Field, shelved: Item) -> Item:
    told = values(field)
    return replace(
        shelved,
        barcode=_first(told, "p"),
        item_id=_first(told, "a"),
        volume=_first(told, "3"),
        copy=_first(told, "t") or shelved.copy,
        note=" ".join(told.get("z", ())),
        policy=_first(told, "h"),
    )


def _parts(told: Values, call_number: str) -> dict[str, str]:
    """The parts of a call number: as the subfields tell them, else as they are written in one."""
    if "i" in told:
        mark, year = mark_and_year(" ".join(told["i"]))
        return {
            "collection": " ".join(told.get("k", ())),
            "classification": " ".join(told.get("h", ())),
            "author_mark": mark,
            "year": year,
        }
    known = parts(call_number)
    return {
        "collection": known.collection,
        "classification": known.classification,
        "author_mark": known.author_mark,
        "year": known.year,
    }
