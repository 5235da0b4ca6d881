"""Copies from a field whose subfields an `ItemField` names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from indexer.holdings.call_numbers import (
    NO_PARTS,
    Parts,
    copy_marked,
    is_surely_year,
    is_year,
    parts,
    tail_parts,
    volume_marked,
)
from indexer.holdings.copies import Copy, Values, values, web_address
from indexer.marc import Marc
from indexer.record import Item
from indexer.schemes import scheme_named
from indexer.text import trim_isbd
from mappings.item_field import ItemField

_COUNTED = re.compile(r"\(\d{1,3}\)\s*(?=\S)")
"""How many copies Sierra counts at a place, written before it: (2)main."""
_EDITION = re.compile(r"版$|\b(?:ed|edition)\b", re.IGNORECASE)
_DATE = re.compile(r"[\d\s/-]*[/-][\d\s/-]*")  # Sierra has dates where others of its sites have the place

MAX_COPIES = 99
"""Copies one field may stand for; more is a mistyped number."""


def copies(marc: Marc, keys: ItemField) -> Iterator[Copy]:
    """What each field of that tag describes; fields that say nothing of a place or a copy are passed over."""
    for field in marc.fields(keys.tag):
        if field.ind1 not in (keys.first_indicator or field.ind1):
            continue
        if field.ind2 not in (keys.second_indicator or field.ind2):
            continue
        told = _without_scheme(values(field), keys)
        if keys.gone and _gone(told, keys):
            continue
        several = len(keys.call_number) > 1 and sum(code in told for code in keys.call_number) > 1
        yield from _copies(told, keys, field.joined(keys.call_number) if several else _all(told, keys.call_number))


def _copies(told: Values, keys: ItemField, call_number: str) -> Iterator[Copy]:
    if keys.not_places:
        stated = (_COUNTED.sub("", text, count=1) for code in keys.location for text in told.get(code, ()))
        location = next((text for text in stated if _is_place(text, keys)), "")
    else:
        location = _first(told, keys.location)
    branch = _first(told, keys.branch) or location[: keys.branch_length]
    year, behind = _dated([text for code in keys.year for text in told.get(code, ())])
    volume = _once(told, keys.volume) if len(keys.volume) > 1 else _all(told, keys.volume)
    collection, classification = _first(told, keys.collection), _first(told, keys.classification)
    author_mark = _first(told, keys.author_mark)
    in_parts = not call_number
    if in_parts:
        call_number = " ".join(part for part in (collection, classification, author_mark, year) if part)
    known = parts(call_number) if call_number and not (classification and collection) else NO_PARTS
    if classification:
        known = _within(known, classification, author_mark)
        classification, author_mark = known.classification, known.author_mark
    volume = volume or behind.volume or known.volume
    copy = _first(told, keys.copy_number) or behind.copy or known.copy
    item = Item(
        barcode=_first(told, keys.barcode),
        item_id=_first(told, keys.item_id),
        call_number=_as_on_the_label(call_number, volume, copy, known) if in_parts else call_number,
        volume=volume,
        copy=copy,
        item_type=_first(told, keys.item_type),
        note=_note(told, keys),
        collection=collection or known.collection,
        classification=classification or known.classification,
        author_mark=author_mark or known.author_mark,
        year=year or known.year,
        policy=_policy(told, keys.policy) if keys.policy else "",
    )
    url = web_address(_first(told, keys.url)) if keys.url else ""
    summary = trim_isbd(_all(told, keys.summary)) if keys.summary else ""
    numbered = bool(item.barcode or item.item_id)
    if not (numbered or branch or location or call_number or url or summary):
        return
    count = 1 if numbered else _count(told, keys)
    described = count if count and (keys.describes == "item" or numbered or keys.count) else 0
    for _ in range(described or 1):
        yield Copy(
            branch,
            location,
            call_number,
            item if described else None,
            summary=summary,
            url=url,
            coverage=_all(told, keys.coverage),
            note="" if described else item.note,
            parts=NO_PARTS if described else Parts(item.collection, item.classification, item.author_mark, item.year),
        )


def _as_on_the_label(call_number: str, volume: str, copy: str, known: Parts) -> str:
    """The whole call number (索書號) of a copy whose field tells it in parts: with volume and copy, as on the spine.

    Those that the subfield of another part holds are there already.
    """
    ends = ("" if known.volume else volume_marked(volume), "" if known.copy else copy_marked(copy))
    return " ".join(part for part in (call_number, *ends) if part) if call_number else ""


def _without_scheme(told: Values, keys: ItemField) -> Values:
    """What a field says but the scheme of its class ($tCCL, $v增訂七版), which stands where others have a collection
    and a volume."""
    if not keys.classification:
        return told
    of_scheme = [
        code
        for code in keys.collection + keys.volume
        if any(scheme_named(text) or _EDITION.search(text) for text in told.get(code, ()))
    ]
    return {code: texts for code, texts in told.items() if code not in of_scheme} if of_scheme else told


def _dated(texts: Sequence[str]) -> tuple[str, Parts]:
    """The year among what stands where the year does, and the volume and the copy that stand there instead.

    Of several numbers the year is the one that has four figures or says whose it is, else the first; further short
    ones count volumes, further years stay beside it.
    """
    if not texts:
        return "", NO_PARTS
    years: list[str] = []
    volumes: list[str] = []
    copy = ""
    for text in texts:
        if is_year(text):
            years.append(text)
            continue
        end = tail_parts(text)
        years += [end.year] if end.year else []
        volumes += [end.volume] if end.volume else [] if end.year or end.copy else [text]
        copy = copy or end.copy
    if len(years) > 1:
        sure = [text for text in years if is_surely_year(text)] or years[:1]
        volumes = [*(text for text in years if text not in sure), *volumes]
        years = sure
    return " ".join(dict.fromkeys(years)), Parts(volume=" ".join(dict.fromkeys(volumes)), copy=copy)


def _within(known: Parts, classification: str, author_mark: str) -> Parts:
    """What the parts of a whole call number add to the class and the mark that have subfields of their own.

    ``R 857.7`` is what it stands under and the class; what follows a mark is the year, the volume and the copy.
    """
    stated = Parts(classification=classification, author_mark=author_mark)
    if not known.classification:
        return stated
    if not author_mark and known.author_mark and known.author_mark in classification.removeprefix(known.classification):
        return known  # one subfield holds all; 857.7 2004 may as well be a class and its year
    under = known.collection and classification.endswith(known.classification)
    if not under and classification != known.classification:
        return stated
    if known.author_mark and author_mark.startswith(known.author_mark):
        return known
    return known._replace(author_mark=author_mark)


def _gone(told: Values, keys: ItemField) -> bool:
    """Whether the copy left the library: its field still there says so."""
    for code, words in keys.gone.items():
        for text in told.get(code, ()):
            if text.upper() in words if words else text.strip("0"):
                return True
    return False


def _is_place(text: str, keys: ItemField) -> bool:
    return text.upper() not in keys.not_places and not _DATE.fullmatch(text)


def _first(told: Values, codes: str) -> str:
    for code in codes:  # no generator: this is asked a dozen times of each of millions of copies
        if code in told:
            return told[code][0]
    return ""


def _policy(told: Values, codes: str) -> str:
    return next((text for code in codes for text in told.get(code, ()) if text != "0"), "")


def _all(told: Values, codes: str) -> str:
    if len(codes) < 2 and len(texts := told.get(codes, ())) < 2:
        return texts[0] if texts else ""
    return " ".join(text for code in codes for text in told.get(code, ()))


def _once(told: Values, codes: str) -> str:
    """All texts, each once: systems say v.1 as the volume, and again as what it is numbered by."""
    return " ".join(dict.fromkeys(text for code in codes for text in told.get(code, ())))


def _count(told: Values, keys: ItemField) -> int:
    """How many copies a field stands for: one, unless it says another number."""
    if not keys.count:
        return 1 if keys.describes == "item" else 0
    text = _first(told, keys.count)
    if text.isdecimal() and len(text) <= 3:
        return min(int(text), MAX_COPIES)
    return 1 if keys.describes == "item" else 0


def _note(told: Values, keys: ItemField) -> str:
    if not keys.note:
        return ""
    texts = [text for code in keys.note for text in told.get(code, ())]
    if keys.public_marks:
        texts = [text[len(mark) :].strip() for text in texts for mark in keys.public_marks if text.startswith(mark)]
    return " ".join(texts)
