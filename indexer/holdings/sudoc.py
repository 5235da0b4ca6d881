"""Copies in UNIMARC 930 with the statements of 955, as France's university union catalogue (Sudoc) sends them."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.holdings.call_numbers import parts
from indexer.holdings.copies import Copy, web_address
from indexer.marc import Marc
from indexer.record import Item
from indexer.text import trim_isbd

READS = (
    ("930", "branch $b, else the beginning of $5; location $c $d; call number $a; policy $j"),
    ("915 by $5", "barcode $b"),
    ("955 by $5", "which volumes there are, $r"),
    ("316 by $5", "note $a"),
    ("856 by $5", "address $u"),
)
"""The fields `copies` reads, and what it takes from each: for the page that lists the presets."""

TIED = {"915": "b", "955": "r", "316": "a", "856": "u"}
"""Fields that belong to a 930, and the subfield that is read of each."""


def copies(marc: Marc) -> Iterator[Copy]:
    """One copy a 930: $b library (RCR), $c and $d where it stands, $a call number, $j policy of inter-library loan.

    $5 (library:number of the copy) ties to it the barcode of 915 $b, the statement of 955 $r, the notes of 316 $a and
    the address of 856 $u.
    """
    tied: dict[tuple[str, str], list[str]] = {}
    for tag, code in TIED.items():
        for field in marc.fields(tag):
            if link := field.first("5"):
                tied.setdefault((tag, link), []).extend(field.all(code))
    for field in marc.fields("930"):
        link, call_number = field.first("5"), field.first("a")
        known = parts(call_number)
        yield Copy(
            field.first("b") or link.partition(":")[0],
            field.joined("cd"),
            call_number,
            Item(
                barcode=next(iter(tied.get(("915", link), ())), ""),
                item_id=link.partition(":")[2],
                call_number=call_number,
                volume=known.volume,
                copy=known.copy,
                note=" ".join(tied.get(("316", link), ())),
                collection=known.collection,
                classification=known.classification,
                author_mark=known.author_mark,
                year=known.year,
                policy=field.first("j"),
            ),
            summary="; ".join(map(trim_isbd, tied.get(("955", link), ()))),
            url=next(filter(None, map(web_address, tied.get(("856", link), ()))), ""),
        )
