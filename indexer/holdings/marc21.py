"""Copies in MARC 21's own holdings fields, in a bibliographic record or in a holdings record of their own.

852 is the place; 853–855 with 863–865 or, in words, 866–868 say which volumes there are; 876–878 are the items.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexer.holdings.call_numbers import Parts, item_parts, parts, tail_parts
from indexer.holdings.copies import Copy, Values, values, web_address
from indexer.holdings.statements import link, statements
from indexer.marc import Field, Marc
from indexer.record import Item
from indexer.text import trim_isbd

_NUMBERED = (("853", "863", "866"), ("854", "864", "867"), ("855", "865", "868"))
"""Captions, numbers and words of the units themselves, of their supplements, of their indexes."""

_ITEMS = ("876", "877", "878")
_NUMBERS_OF_ITEMS = {"876": "863", "877": "864", "878": "865"}
_CAPTIONS = {captions: numbers for captions, numbers, _ in _NUMBERED}
_WORDS = ("866", "867", "868")
DEPENDENT = frozenset({*_ITEMS, *(tag for tags in _NUMBERED for tag in tags)})
"""Fields that belong to an 852."""
HOLDINGS_TYPES = "uvxy"
"""Leader/06 of holdings records: unknown, multipart, single-part, serial. Their 856 is where the copy is to be had."""

_CALL_NUMBER = "khijlm"
_SHELF_MARKS = frozenset("khijl")
"""Without any of these, $m is no suffix of a call number (Aleph writes the copy there)."""

READS = (
    (
        "852",
        (
            "branch $b, else $a where $c is missing too; location $c, else a second $b; call number $k $h $i $j $l $m; "
            "volume $3, copy number $t, else those of the call number; barcode $p; item type $g; note $z; address $u; "
            "a copy without a barcode where it is numbered and no 866–878 belong to it"
        ),
    ),
    ("853–855 with 863–865", "which volumes there are, from captions and numbers; notes $z"),
    (
        "866–868",
        (
            "the same in the cataloguer's words, $a; notes $z; address $u, as some write it: a holding of its own "
            "where the 852 has another"
        ),
    ),
    (
        "876–878",
        (
            "item number $a; barcode $p; volume $3, else that of the 863–865 of the same $8, else of the call number; "
            "copy number $t; policy $h; note $z"
        ),
    ),
    ("856 of a holdings record", "address $u"),
)
"""The fields `copies` reads, and what it takes from each: for the page that lists the presets."""

_NOWHERE = Field("852", " ", " ", ())
"""Stands for the place where a record says which volumes there are, and not where."""


def copies(marc: Marc) -> Iterator[Copy]:
    """The copies of 852 and of the fields that belong to it, in the order of the 852s.

    $g is the item type where Evergreen writes it, else a qualifier of the location, in words. $x is for staff.
    """
    places = marc.fields("852")
    if not places:
        if not marc.has_any(DEPENDENT):
            return
        places = [_NOWHERE]
    owned = _owned(marc, places)
    elsewhere = ""
    if marc.leader[6] in HOLDINGS_TYPES:
        elsewhere = next((url for field in marc.fields("856") if (url := web_address(field.first("u")))), "")
    for place, belonging in zip(places, owned, strict=True):
        own: Sequence[Field] = belonging
        told = values(place)
        call_number = "" if _SHELF_MARKS.isdisjoint(told) else place.joined(_CALL_NUMBER)
        note = " ".join(told.get("z", ()))
        known = _parts(told, call_number)
        volume, copy = _first(told, "3") or known.volume, _first(told, "t") or known.copy
        item_type, barcodes = _first(told, "g"), told.get("p", ())
        of_class = known.collection, known.classification, known.author_mark, known.year
        items: list[Item] = []
        if own:
            shelved = Item("", "", "", volume, copy, item_type, "", *of_class)
            items = _described(own, shelved, barcodes, known.volume)
        if not items and (barcodes or (not own and (copy or known.volume))):
            items = [
                Item(barcode, "", "", volume, copy, item_type, note, *of_class)  # every copy there is: no `replace`
                for barcode in barcodes or ("",)
            ]
            note = ""
        url = web_address(_first(told, "u")) or (_linked(own) if own else "")
        beside: list[Field] = []
        if url and own:
            own, beside = _by_address(own, url)
        url = url or elsewhere
        notes = [text for field in own if field.tag not in _ITEMS for text in field.all("z")] if own else []
        summary = "; ".join(dict.fromkeys(_statements(own))) if own else ""
        if not items and place is _NOWHERE and not (summary or beside):
            continue
        branch, location = _where(told)
        yield Copy(
            branch,
            location,
            call_number,
            items[0] if items else None,
            summary="" if url else summary,
            url=url,
            coverage=summary if url else "",
            note=" ".join(filter(None, (note, *notes))) if notes else note,
            parts=known,
        )
        for item in items[1:]:
            yield Copy(branch, location, call_number, item)
        for field in beside:
            said, note = "; ".join(_statements([field])), " ".join(field.all("z"))
            address = web_address(field.first("u"))
            yield Copy(branch, location, call_number, url=address, coverage=said, note=note, parts=known)


def _where(told: Values) -> tuple[str, str]:
    """Branch and location: $b and $c, a second $b for a $c that is missing, $a where nothing else says whose it is."""
    within = told.get("b", ())
    location = _first(told, "c") or (within[1] if len(within) > 1 else "")
    return (within[0] if within else "" if location else _first(told, "a")), location


def _described(own: Sequence[Field], shelved: Item, barcodes: Sequence[str], volume: str) -> list[Item]:
    """The items of 876–878, and after them the copies that only the 852 numbers; ``volume`` is its call number's."""
    described = [field for field in own if field.tag in _ITEMS]
    issues = _issues(own) if any("." in field.first("8") for field in described) else {}
    items = [_item_876(field, shelved, _issues_in(field, issues) or volume) for field in described]
    if len(items) == len(barcodes) == 1 and not items[0].barcode:
        return [replace(items[0], barcode=barcodes[0])]
    known = {item.barcode for item in items}
    if not items or "" in known:
        return items
    return items + [replace(shelved, barcode=barcode) for barcode in barcodes if barcode not in known]


_Issues = dict[tuple[str, str], tuple[Field | None, list[Field]]]


def _issues(own: Sequence[Field]) -> _Issues:
    """The numbers of 863–865 by their tag and whole $8 (1.2), each with the captions of its group (1)."""
    captions = {(field.tag, link(field)[0]): field for field in own if field.tag in _CAPTIONS}
    found: _Issues = {}
    for field in own:
        if field.tag in _CAPTIONS.values():
            caption = next(tag for tag, numbers in _CAPTIONS.items() if numbers == field.tag)
            for text in field.all("8"):
                one = found.setdefault((field.tag, _whole(text)), (captions.get((caption, link(field)[0])), []))
                one[1].append(field)
    return found


def _issues_in(item: Field, issues: _Issues) -> str:
    """Which issues an item holds: those of its own $8, written with their captions; "" where it names none."""
    if not issues:
        return ""
    tag = _NUMBERS_OF_ITEMS[item.tag]
    named = [issues[key] for text in item.all("8") if (key := (tag, _whole(text))) in issues]
    captions = dict.fromkeys(caption for caption, _ in named if caption)
    return "; ".join(statements(captions, [field for _, fields in named for field in fields]))


def _whole(link_text: str) -> str:
    return link_text.partition("\\")[0].strip()


def _linked(own: Sequence[Field]) -> str:
    """The address beside a statement in words."""
    return next((url for field in own if field.tag in _WORDS and (url := web_address(field.first("u")))), "")


def _first(told: Values, code: str) -> str:
    return told[code][0] if code in told else ""


def _owned(marc: Marc, places: Sequence[Field]) -> list[list[Field]]:
    """For each 852 the fields that belong to it.

    By $8 (876 also by $0 and by barcode) where the 852 has it; by the same branch and call number, where a system
    repeats them; else to the 852 that they follow, as holdings records put into a bibliographic one stand there; else
    to the last.
    """
    owned: list[list[Field]] = [[] for _ in places]
    if not marc.has_any(DEPENDENT):
        return owned
    links = [{link(place)[0]} - {""} for place in places]
    barcodes = {barcode: number for number, place in enumerate(places) for barcode in place.all("p")}
    shelves = [_shelf(place) for place in places]
    at = -1
    for field in marc.data_fields:
        if field.tag == "852":
            at += 1
        elif field.tag in DEPENDENT and marc.has(field.tag):
            own = {link(field)[0], field.first("0") if field.tag in _ITEMS else ""} - {""}
            linked = next((number for number, known in enumerate(links) if own & known), None)
            if linked is None and field.tag in _ITEMS:
                linked = barcodes.get(field.first("p"))
            if linked is None and field.tag in _WORDS and any(shelf := _shelf(field)):
                linked = next((number for number, known in enumerate(shelves) if known == shelf), None)
            owned[min(at, len(owned) - 1) if linked is None else linked].append(field)
    return owned


def _by_address(own: Sequence[Field], url: str) -> tuple[list[Field], list[Field]]:
    """The fields of a place, and those of them that lead to another address than its own: holdings of their own."""
    parted: tuple[list[Field], list[Field]] = ([], [])
    for field in own:
        parted[field.tag in _WORDS and web_address(field.first("u")) not in ("", url)].append(field)
    return parted


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


def _item_876(field: Field, shelved: Item, volume: str) -> Item:
    told = values(field)
    return replace(
        shelved,
        barcode=_first(told, "p"),
        item_id=_first(told, "a"),
        volume=_first(told, "3") or volume,
        copy=_first(told, "t") or shelved.copy,
        note=" ".join(told.get("z", ())),
        policy=_first(told, "h"),
    )


def _parts(told: Values, call_number: str) -> Parts:
    """The parts of a call number: as the subfields tell them, else as they are written in one."""
    if "i" not in told:
        return parts(call_number)
    known, end = item_parts(" ".join(told["i"])), tail_parts(" ".join(told.get("m", ())))
    return known._replace(
        collection=" ".join(told.get("k", ())),
        classification=" ".join(told.get("h", ())),
        year=known.year or end.year,
        volume=known.volume or end.volume,
        copy=known.copy or end.copy,
    )
