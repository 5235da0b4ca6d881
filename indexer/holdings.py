"""What a member holds of a record, from wherever its system puts it: one function per preset of `records.holdings`.

Copies at the same place under the same call number are one holding with several items. Of an item only what lasts is
read; its state is never harvested, it is asked live.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from indexer.marc import Field, Marc
from indexer.record import Holding, Item
from indexer.text import trim_isbd

Copy = tuple[str, str, str, Item | None]
"""(branch, location, call number, the item or None when no single copy is described)."""

_WEB = re.compile(r"(?:https?|ftp)://[^\s<>\"]+", re.IGNORECASE)


def web_address(text: str) -> str:
    """The address in a text when it is one a browser may be sent to (http, https, ftp), else ""."""
    match = _WEB.match(text)
    return match.group() if match else ""


def holdings(marc: Marc, preset: str, library: str, identifier: str, local_id: str) -> tuple[Holding, ...]:
    """The holdings of a record, in the order of their first copies; empty when the record states none."""
    return PRESETS[preset](marc, library, identifier, local_id)


def _none(_marc: Marc, _library: str, _identifier: str, _local_id: str) -> tuple[Holding, ...]:
    return ()


def _marc21_852(marc: Marc, library: str, identifier: str, local_id: str) -> tuple[Holding, ...]:
    """MARC21 852 with the textual holdings of 866–868 and the items of 876–878, joined by $8 where it is given.

    $b branch, $c shelving location, $k $h $i $m the call number, $p barcode, $t copy, $3 volume, $u link, $z note, $g
    item type (what Evergreen writes there; else a qualifier of the location, in words).
    """
    fields = marc.fields("852")
    places: list[Copy] = []
    summaries: dict[tuple[str, str, str], list[str]] = {}
    urls: dict[tuple[str, str, str], str] = {}
    statements = marc.fields("866", "867", "868")
    items = marc.fields("876", "877", "878")
    for at, field in enumerate(fields):
        place = field.first("b"), field.first("c"), field.joined("khim")
        link = _link(field)
        own = [f for f in items if _belongs(f, link, at, len(fields))]
        if own:
            places.extend((*place, _item_876(f, field)) for f in own)
        elif field.first("p"):
            places.extend((*place, _item_852(field, barcode)) for barcode in field.all("p"))
        else:
            places.append((*place, None))
        for statement in statements:
            if _belongs(statement, link, at, len(fields)) and (text := trim_isbd(statement.joined("az"))):
                summaries.setdefault(place, []).append(text)
        if url := web_address(field.first("u")):
            urls[place] = url
    return _gathered(places, library, identifier, local_id, summaries=summaries, urls=urls)


def _link(field: Field) -> str:
    """The part of $8 that ties holdings fields together: ``1`` of ``1.2\\p``."""
    return field.first("8").partition("\\")[0].partition(".")[0]


def _belongs(field: Field, link: str, at: int, of: int) -> bool:
    """Whether a field speaks of the 852 with this link; unlinked ones belong to the only, else to the last 852."""
    own = _link(field)
    return own == link if own and link else at == of - 1


def _item_852(field: Field, barcode: str) -> Item:
    return Item(
        barcode=barcode,
        volume=field.first("3"),
        copy=field.first("t"),
        item_type=field.first("g"),
        note=field.joined("z"),
    )


def _item_876(field: Field, place: Field) -> Item:
    return Item(
        barcode=field.first("p"),
        item_id=field.first("a"),
        volume=field.first("3"),
        copy=field.first("t") or place.first("t"),
        note=field.joined("z"),
    )


def _koha_952(marc: Marc, library: str, identifier: str, local_id: str) -> tuple[Holding, ...]:
    """Koha's item field 952, MARC21 flavour (Koha manual, "Item/holdings subfields").

    $a home branch ($b the one it is at), $c shelving location, $o call number, $p barcode, $9 item number, $h volume
    (serial enumeration), $t copy, $y item type, $z public note, $u link. Withdrawn items ($0) are not holdings.
    """
    return _items(marc.fields("952"), _KOHA_952, library, identifier, local_id)


def _unimarc_995(marc: Marc, library: str, identifier: str, local_id: str) -> tuple[Holding, ...]:
    """UNIMARC 995, the French recommendation as Koha's UNIMARC flavour uses it.

    $b home branch ($c the one it is at), $e shelving location, $k call number, $f barcode, $9 item number, $v volume,
    $6 copy, $r item type, $u note. Withdrawn items ($0) are not holdings.
    """
    return _items(marc.fields("995"), _UNIMARC_995, library, identifier, local_id)


def _cmarc_805(marc: Marc, library: str, identifier: str, local_id: str) -> tuple[Holding, ...]:
    """CMARC 805 館藏記錄, as the records of Taiwan's libraries in the national union catalogue (NBINet) have it.

    $a library, $b collection, $c 登錄號 (accession number, the barcode), $d 分類號 (class), $e 著者號 (author mark),
    $y 年代號 (year, or the volume where it is not a year), $k copy, $p item type, $n note; $t and $v name the
    scheme of $d, $z the field it came from. The call number is $d $e and the year.
    """
    copies: list[Copy] = []
    for field in marc.fields("805"):
        year = field.first("y")
        volume = "" if year.isdecimal() else year
        place = field.first("a"), field.first("b"), f"{field.joined('de')} {'' if volume else year}".strip()
        item = Item(
            barcode=field.first("c"),
            call_number=place[2],
            volume=volume,
            copy=field.first("k"),
            item_type=field.first("p"),
            note=field.joined("n"),
        )
        copies.append((*place, item))
    return _gathered(copies, library, identifier, local_id)


_KOHA_952 = {
    "branch": "ab",
    "location": "c",
    "call_number": "o",
    "barcode": "p",
    "item_id": "9",
    "volume": "h",
    "copy": "t",
    "item_type": "y",
    "note": "z",
    "url": "u",
    "withdrawn": "0",
}
_UNIMARC_995 = {
    "branch": "bc",
    "location": "e",
    "call_number": "k",
    "barcode": "f",
    "item_id": "9",
    "volume": "v",
    "copy": "6",
    "item_type": "r",
    "note": "u",
    "url": "7",
    "withdrawn": "0",
}


def _items(
    fields: Iterable[Field], codes: Mapping[str, str], library: str, identifier: str, local_id: str
) -> tuple[Holding, ...]:
    copies: list[Copy] = []
    urls: dict[tuple[str, str, str], str] = {}
    for field in fields:
        if field.first(codes["withdrawn"]).strip("0"):
            continue
        branch = next((text for code in codes["branch"] if (text := field.first(code))), "")
        place = branch, field.first(codes["location"]), field.first(codes["call_number"])
        copies.append(
            (
                *place,
                Item(
                    barcode=field.first(codes["barcode"]),
                    item_id=field.first(codes["item_id"]),
                    call_number=place[2],
                    volume=field.first(codes["volume"]),
                    copy=field.first(codes["copy"]),
                    item_type=field.first(codes["item_type"]),
                    note=field.first(codes["note"]),
                ),
            )
        )
        if url := web_address(field.first(codes["url"])):
            urls[place] = url
    return _gathered(copies, library, identifier, local_id, urls=urls)


def _gathered(
    copies: Iterable[Copy],
    library: str,
    identifier: str,
    local_id: str,
    *,
    summaries: Mapping[tuple[str, str, str], list[str]] | None = None,
    urls: Mapping[tuple[str, str, str], str] | None = None,
) -> tuple[Holding, ...]:
    places: dict[tuple[str, str, str], list[Item]] = {}
    for branch, location, call_number, item in copies:
        items = places.setdefault((branch, location, call_number), [])
        if item is not None:
            items.append(item)

    def gathered() -> Iterator[Holding]:
        for place, items in places.items():
            yield Holding(
                library,
                identifier,
                local_id,
                *place,
                summary="; ".join(dict.fromkeys((summaries or {}).get(place, ()))),
                items=tuple(items),
                url=(urls or {}).get(place, ""),
            )

    return tuple(gathered())


PRESETS: Mapping[str, Callable[[Marc, str, str, str], tuple[Holding, ...]]] = {
    "none": _none,
    "marc21-852": _marc21_852,
    "koha-952": _koha_952,
    "unimarc-995": _unimarc_995,
    "cmarc-805": _cmarc_805,
}
