"""What fields of MARC records say of copies, by kind of system."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from indexer.marc import Field, Marc
from mappings.availability import Availability
from mappings.opac import OpacSystem
from search_api.availability.http import ImpatientHttp
from search_api.availability.opac.copies import copies
from search_api.availability.opac.record import CatalogueRecord
from search_api.availability.status import ItemState, ItemStatus
from search_api.availability.system import System


def field(text: str) -> Field:
    """``952 $7 0 $p 123``"""
    tag, *parts = text.split("$")
    return Field(tag.strip(), " ", " ", tuple((part[0], part[1:].strip()) for part in parts))


async def read(kind: OpacSystem, *fields: str, **settings: Any) -> tuple[tuple[ItemStatus, ...], list[str]]:
    http = ImpatientHttp()
    try:
        service = Availability.model_validate({"protocol": "sru", "url": "http://127.0.0.1/", **settings})
        unknown: list[str] = []
        record = CatalogueRecord(Marc("", [("001", "1")], map(field, fields)))
        return copies(System("lib", service, http, {}), kind, [record], unknown), unknown
    finally:
        await http.close()


S = ItemState
ROWS: list[tuple[OpacSystem, str, ItemState, str | None, str]] = [
    ("koha", "952 $0 0 $1 0 $4 0 $7 0 $k Checked Out $p 314", S.AVAILABLE, None, "Chatham: $k is not to be trusted"),
    ("koha", "952 $0 0 $1 0 $4 0 $7 0 $q 2023-03-12 $p 314", S.ON_LOAN, "2023-03-12", "a due date"),
    ("koha", "952 $7 0 $q 0000-00-00 $p 314", S.AVAILABLE, None, "noughts are no date"),
    ("koha", "952 $7 -1 $p 314", S.ON_ORDER, None, "ordered"),
    ("koha", "952 $7 1 $p 314", S.AVAILABLE_ONSITE, None, "not for loan"),
    ("koha", "952 $7 2 $p 314", S.NOT_FOR_LOAN, None, "staff collection"),
    ("koha", "952 $7 0 $1 4 $p 314", S.MISSING, None, "lost: missing"),
    ("koha", "952 $7 0 $1 1 $q 2023-03-12", S.LOST, None, "lost says more than due"),
    ("koha", "952 $0 1 $7 0", S.WITHDRAWN, None, "withdrawn"),
    ("koha", "952 $4 1 $7 0", S.NOT_FOR_LOAN, None, "damaged"),
    ("koha", "952 $7 0 $5 1", S.CHECK_WITH_LIBRARY, None, "restricted"),
    ("koha", "952 $p 314 $o 857", S.UNKNOWN, None, "no column: no due date proves nothing"),
    ("koha", "995 $f 314 $o 0", S.AVAILABLE, None, "UNIMARC"),
    ("koha", "995 $f 314 $n 2023-03-12 $o 0", S.ON_LOAN, "2023-03-12", "UNIMARC"),
    ("evergreen", "852 $b EC-RC $n Checked out", S.ON_LOAN, None, "East Central"),
    ("evergreen", "852 $b HAWLEY $n Available", S.AVAILABLE, None, "Lake Agassiz"),
    ("evergreen", "852 $b HAWLEY $n In transit", S.IN_TRANSIT, None, "on its way"),
    ("evergreen", "852 $b HAWLEY $n On holds shelf", S.ON_HOLD_SHELF, None, "for a reader"),
    ("evergreen", "852 $b HAWLEY $n Reshelving", S.IN_PROCESS, None, "not yet where it belongs"),
    ("evergreen", "852 $b EC $n Available $n Checked out", S.ON_LOAN, None, "of two statuses the worse"),
    ("evergreen", "852 $b EC $n Checked out $n Available", S.ON_LOAN, None, "in either order"),
    ("polaris", "852 $a Main $p 312 $r In $r Out", S.ON_LOAN, None, "of two statuses the worse"),
    ("polaris", "852 $a Main $p 312 $r In $r Out Dec 15 2023", S.ON_LOAN, "2023-12-15", "with its date"),
    ("evergreen", "852 $b HAWLEY", S.UNKNOWN, None, "without status"),
    ("polaris", "852 $a Main $p 312 $r In", S.AVAILABLE, None, "Duluth"),
    ("polaris", "852 $a Main $p 312 $r Out $u Dec 15 2023", S.ON_LOAN, "2023-12-15", "with a date in words"),
    ("polaris", "852 $a Main $p 312 $r In $u Dec 15 2023", S.ON_LOAN, "2023-12-15", "the date wins"),
    ("polaris", "852 $a Main $p 312 $r In $u 01-11-23", S.ON_LOAN, None, "even one that can be read twice"),
    ("polaris", "852 $a Main $p 312 $r Held", S.ON_HOLD_SHELF, None, "for a reader"),
    ("polaris", "852 $a Main $p 312 $r Transferred", S.IN_TRANSIT, None, "on its way"),
    ("symphony", "926 $a SAL3 $b STACKS $c HV65 $f 1", S.AVAILABLE, None, "Stanford"),
    ("symphony", "926 $a SAL3 $b CHECKEDOUT $c HV65", S.ON_LOAN, None, "a place that no copy is at"),
    ("symphony", "926 $a SAL3 $b RESERVES $c HV65", S.AVAILABLE_ONSITE, None, "a reserve shelf"),
    ("symphony", "926 $a SAL3 $b MISSING $c HV65", S.MISSING, None, "missing"),
    ("symphony", "926 $a SAL3 $b DISCARD $c HV65", S.WITHDRAWN, None, "withdrawn"),
    ("symphony", "926 $a SAL3 $b NEW-BOOKS $c HV65", S.AVAILABLE, None, "shelves by name"),
    ("symphony", "999 $a HV65 $k GREEN-X $l GREEN-X $m SAL3", S.AVAILABLE, None, "at home, wherever that is"),
    ("symphony", "999 $a HV65 $k CHECKEDOUT $l GREEN-X $m SAL3", S.ON_LOAN, None, "not at home"),
    ("tlc", "982 $b Warner $i 300 $s A", S.AVAILABLE, None, "Eastern"),
    ("tlc", "949 $a WSTACK $c PQ26 $g 300", S.UNKNOWN, None, "a copy without status"),
    ("alma", "AVA $b MAIN $e available $f 1 $g 0", S.AVAILABLE, None, "on the shelf"),
    ("alma", "AVA $b MAIN $e unavailable $f 1 $g 1", S.CHECK_WITH_LIBRARY, None, "away, and it does not say why"),
    ("alma", "AVA $b MAIN $e available $f 1 $g 1", S.CHECK_WITH_LIBRARY, None, "the figures contradict the word"),
    ("alma", "AVA $b MAIN $e check_holdings", S.CHECK_WITH_LIBRARY, None, "Alma does not know either"),
    ("alma", "AVE $e Available $u https://e.example.org/1", S.ONLINE, None, "to be read on line"),
    ("alma", "852 $b MAIN", S.UNKNOWN, None, "a copy, and no availability"),
    ("generic", "852 $b MAIN $h 857.6", S.UNKNOWN, None, "a copy, and nothing of its state"),
    ("generic", "852 $a Main $p 312 $r Out", S.ON_LOAN, None, "in the shape of Polaris"),
    ("generic", "852 $b MAIN $n Available", S.AVAILABLE, None, "in the shape of Evergreen"),
    ("generic", "952 $7 0 $q 2023-03-12", S.ON_LOAN, "2023-03-12", "in the shape of Koha"),
    ("generic", "926 $a SAL3 $b CHECKEDOUT $c HV65", S.ON_LOAN, None, "in the shape of Symphony"),
    ("generic", "AVA $b MAIN $e available", S.AVAILABLE, None, "in the shape of Alma"),
]


@pytest.mark.parametrize(("kind", "one", "state", "due", "why"), ROWS, ids=[f"{r[0]}-{r[1]}" for r in ROWS])
async def test_a_field_says_how_its_copy_is(
    *, kind: OpacSystem, one: str, state: ItemState, due: str | None, why: str
) -> None:
    (item,), unknown = await read(kind, one)
    assert item.state is state, why
    assert item.due == (date.fromisoformat(due) if due else None)
    assert unknown == []


STRANGE: list[tuple[OpacSystem, str, str, str]] = [
    ("evergreen", "852 $b EC $n Available $n Astray", "Astray", "a status nobody knows beside one that is known"),
    ("evergreen", "852 $b EC $n Astray", "Astray", "a status nobody knows"),
    ("polaris", "852 $p 1 $r Astray", "Astray", "a status nobody knows"),
    ("symphony", "926 $a X $b SUL-DISPLY $c HV", "SUL-DISPLY", "a place that may be a shelf or a status"),
    ("symphony", "999 $a HV $k SUL-X $l HOME $m X", "SUL-X", "away from home, nobody knows why"),
    ("tlc", "982 $i 1 $s Q", "Q", "a letter of one site"),
    ("alma", "AVA $b MAIN $e maybe", "maybe", "a word nobody knows"),
]


@pytest.mark.parametrize(("kind", "one", "word", "why"), STRANGE, ids=[row[1] for row in STRANGE])
async def test_a_word_that_nobody_knows_is_unknown_and_is_told(
    *, kind: OpacSystem, one: str, word: str, why: str
) -> None:
    (item,), unknown = await read(kind, one)
    assert item.state is ItemState.UNKNOWN, why
    assert unknown == [word]
    (item,), unknown = await read(kind, one, words={word: "not_for_loan"})
    assert item.state is ItemState.NOT_FOR_LOAN, "the library's file says what it means"
    assert unknown == []


OTHERS = [
    ("952 $b 31924128478918 $h CB19 .G69", "FOLIO's own 952 has no columns of Koha"),
    ("999 $c 0 $h SAL3-H", "a 999 of anything"),
    ("982 $s A", "a 982 without a copy's number"),
    ("995 $a something", "a 995 without a copy's number"),
]


@pytest.mark.parametrize(("one", "why"), OTHERS, ids=[row[0] for row in OTHERS])
async def test_a_tag_that_others_use_for_other_things_is_no_copy(*, one: str, why: str) -> None:
    items, unknown = await read("generic", one)
    assert items == (), why
    assert unknown == []


async def test_a_copy_is_described() -> None:
    (item,), _ = await read("koha", "952 $7 0 $a HOME $b THERE $c GEN $o 857.6 X1 $p 314 $9 77 $h v.2")
    assert item == ItemStatus(
        ItemState.AVAILABLE,
        item_id="77",
        barcode="314",
        branch="THERE",
        location="GEN",
        call_number="857.6 X1",
        volume="v.2",
    )
    (item,), _ = await read("koha", "952 $7 0")
    assert item == ItemStatus(ItemState.AVAILABLE)


async def test_holdings_of_other_institutions_of_a_network_are_not_taken() -> None:
    fields = "AVA $a 01OURS $b MAIN $e available $f 2 $g 1", "AVA $a 02OTHER $b BRANCH $e available $f 1 $g 0"
    items, _ = await read("alma", *fields, institution="01OURS")
    assert [(item.state, item.branch) for item in items] == [
        (ItemState.CHECK_WITH_LIBRARY, "MAIN"),
        (ItemState.AVAILABLE, "MAIN"),
    ]
    items, _ = await read("alma", *fields)
    assert len(items) == 3, "who names no institution has them all"
