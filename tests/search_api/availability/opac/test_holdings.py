"""What OPAC holdings say, by kind of system: one rule, one row."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mappings.availability import Availability
from mappings.opac import OpacSystem
from search_api.availability.http import ImpatientHttp
from search_api.availability.opac.copies import copies
from search_api.availability.opac.record import CatalogueRecord, Circulation, OpacHolding
from search_api.availability.status import ItemState, ItemStatus
from search_api.availability.system import System
from tests.support.opac import holding

HERE, AWAY = Circulation(available_now=True), Circulation(available_now=False)


async def read(kind: OpacSystem, *holdings: OpacHolding, **settings: Any) -> tuple[tuple[ItemStatus, ...], list[str]]:
    """The copies of a record with these holdings, and the words that nobody knows."""
    http = ImpatientHttp()
    try:
        service = Availability.model_validate({"protocol": "sru", "url": "http://127.0.0.1/", **settings})
        unknown: list[str] = []
        return copies(System("lib", service, http, {}), kind, [CatalogueRecord(None, holdings)], unknown), unknown
    finally:
        await http.close()


def here(**values: Any) -> Circulation:
    return Circulation(available_now=True, **values)


def away(**values: Any) -> Circulation:
    return Circulation(available_now=False, **values)


def note(text: str) -> OpacHolding:
    return holding(public_note=text)


S = ItemState
Row = tuple[OpacSystem, OpacHolding, ItemState, str | None, str]
ROWS: list[Row] = [
    ("generic", holding(HERE), S.AVAILABLE, None, "the flag alone"),
    ("generic", holding(AWAY), S.ON_LOAN, None, "the only reason with a date of return, though none is given"),
    ("generic", holding(Circulation()), S.UNKNOWN, None, "neither flag nor word"),
    ("generic", holding(), S.UNKNOWN, None, "a holding of which nothing is said"),
    ("generic", holding(away(available_date="2026-12-03")), S.ON_LOAN, "2026-12-03", "with the date"),
    ("generic", holding(here(available_date="2026-12-03")), S.ON_LOAN, "2026-12-03", "the date beats the flag"),
    ("generic", holding(here(available_date="20261203")), S.ON_LOAN, "2026-12-03", "without hyphens"),
    ("generic", holding(here(available_date="01-11-23")), S.ON_LOAN, None, "a date that reads in two ways"),
    ("generic", holding(here(available_date="000000")), S.AVAILABLE, None, "noughts are no date"),
    ("generic", holding(here(on_hold=True)), S.ON_HOLD_SHELF, None, "put back for a reader"),
    ("generic", holding(away(on_hold=True)), S.ON_LOAN, None, "lent, and asked for"),
    ("generic", holding(here(restrictions="Checked out")), S.ON_LOAN, None, "a word that says no beats the flag"),
    ("generic", holding(away(restrictions="Available")), S.CHECK_WITH_LIBRARY, None, "one of the two is wrong"),
    ("generic", holding(here(restrictions="Library use only")), S.AVAILABLE_ONSITE, None, "to be read there"),
    ("generic", holding(away(restrictions="Library use only")), S.NOT_FOR_LOAN, None, "being read there"),
    ("generic", holding(away(restrictions="In transit")), S.IN_TRANSIT, None, "the word says why"),
    ("generic", holding(away(restrictions="Lost", available_date="2020-01-01")), S.LOST, None, "says more than due"),
    ("generic", holding(here(restrictions="Gen")), S.AVAILABLE, None, "a policy is no status"),
    ("generic", holding(here(), public_note="Gift of the author"), S.AVAILABLE, None, "a note is none beside the flag"),
    ("generic", holding(here(), shelving_location="Reference"), S.AVAILABLE_ONSITE, None, "a shelf called so"),
    ("generic", holding(away(), shelving_location="Reference"), S.ON_LOAN, None, "but not when it is out"),
    ("generic", note("AVAILABLE"), S.AVAILABLE, None, "a status where there is no circulation"),
    ("generic", note("到期日 2026/12/03"), S.ON_LOAN, "2026-12-03", "in Chinese"),
    ("generic", note("限館內使用"), S.AVAILABLE_ONSITE, None, "in Chinese"),
    ("generic", note("不可外借"), S.NOT_FOR_LOAN, None, "whole words: it holds 可外借"),
    ("alma", holding(here(available_thru="Gen")), S.AVAILABLE, None, "availableThru is a policy"),
    ("alma", holding(here(available_thru="Not Loanable")), S.AVAILABLE_ONSITE, None, "one that says something"),
    ("alma", holding(away(available_thru="Loanable")), S.CHECK_WITH_LIBRARY, None, "a policy that contradicts"),
    ("folio", holding(away(restrictions="Checked out", temporary_location="Olin")), S.ON_LOAN, None, "Cornell"),
    ("folio", holding(away(restrictions="Aged to lost")), S.LOST, None, "a status of FOLIO"),
    ("folio", holding(away(restrictions="Awaiting pickup")), S.ON_HOLD_SHELF, None, "a status of FOLIO"),
    ("folio", holding(here(temporary_location="Olin Reserve")), S.AVAILABLE_ONSITE, None, "there, and not lent"),
    ("folio", holding(here(temporary_location="Annex")), S.AVAILABLE, None, "another place only"),
    ("sierra", note("AVAILABLE"), S.AVAILABLE, None, "La Roche"),
    ("sierra", note("DUE 01-11-23"), S.ON_LOAN, None, "a date that can be read twice, without its form"),
    ("sierra", note("DUE 2023-01-11 +2 HOLDS"), S.ON_LOAN, "2023-01-11", "with requests"),
    ("sierra", note("DUE 01-11-23 23:59 (1 HOLD)"), S.ON_LOAN, None, "with the hour"),
    ("generic", note("Checked out (Due: Dec 3, 2026)"), S.ON_LOAN, "2026-12-03", "the word, then the date"),
    ("generic", note("On loan - due 12/03/2026"), S.ON_LOAN, None, "the word, then a date that reads in two ways"),
    ("generic", note("Due back"), S.ON_LOAN, None, "due, and nothing before it"),
    ("sierra", note("CHECK SHELVES"), S.CHECK_WITH_LIBRARY, None, "it may be there"),
    ("sierra", note("LIB USE ONLY"), S.AVAILABLE_ONSITE, None, "reference"),
    ("sierra", note("ON HOLDSHELF"), S.ON_HOLD_SHELF, None, "for a reader"),
    ("sierra", note("ON SEARCH"), S.MISSING, None, "looked for"),
    ("sierra", note("BILLED"), S.LOST, None, "a reader has been asked to pay"),
    ("horizon", holding(HERE, shelving_data="Checked In"), S.AVAILABLE, None, "one site: shelvingData"),
    ("horizon", holding(HERE, shelving_data="Checked Out"), S.ON_LOAN, None, "its word beats the flag"),
    ("horizon", holding(here(available_thru="Available")), S.AVAILABLE, None, "another: availableThru"),
    ("horizon", holding(here(temporary_location="Available")), S.AVAILABLE, None, "a third: temporaryLocation"),
    ("horizon", holding(HERE), S.AVAILABLE, None, "no text at all: the flag"),
    ("voyager", holding(here(temporary_location="BASS, 24-Hour Reserve")), S.AVAILABLE_ONSITE, None, "a reserve shelf"),
    ("voyager", holding(here(), local_location="BASS"), S.AVAILABLE, None, "its own shelf"),
    ("worldshare", holding(HERE), S.AVAILABLE, None, "the flag"),
    ("worldshare", holding(away(available_date="2026-12-03")), S.ON_LOAN, "2026-12-03", "the flag and a date"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "one", "state", "due", "why"), ROWS, ids=[f"{r[0]}-{r[4]}" for r in ROWS])
async def test_a_copy_has_the_state_that_its_system_means(
    *, kind: OpacSystem, one: OpacHolding, state: ItemState, due: str | None, why: str
) -> None:
    (item,), unknown = await read(kind, one)
    assert item.state is state, why
    assert item.due == (date.fromisoformat(due) if due else None)
    assert unknown == []


STRANGE: list[tuple[OpacSystem, OpacHolding, list[str], str]] = [
    ("generic", note("在雲端漫步"), ["在雲端漫步"], "a word alone where a status may stand"),
    ("sierra", holding(HERE, public_note="ASTRAY"), ["ASTRAY"], "Sierra's note is a status, whatever the flag says"),
    ("folio", holding(away(restrictions="Astray")), ["Astray"], "FOLIO's restrictions are a status"),
    ("horizon", holding(HERE, shelving_data="Being Displayed"), ["Being Displayed"], "Horizon's flag needs its word"),
    ("sierra", holding(HERE, public_note="ASTRAY 2026-12-03"), ["ASTRAY 2026-12-03"], "a date makes it no clearer"),
]


@pytest.mark.parametrize(("kind", "one", "words", "why"), STRANGE, ids=[row[3] for row in STRANGE])
async def test_a_word_that_nobody_knows_is_unknown_and_is_told(
    *, kind: OpacSystem, one: OpacHolding, words: list[str], why: str
) -> None:
    (item,), unknown = await read(kind, one)
    assert item.state is ItemState.UNKNOWN, why
    assert unknown == words
    assert item.message == words[0]


async def test_a_library_says_what_its_words_and_dates_mean() -> None:
    settings: dict[str, Any] = {
        "words": {"check shelves": "available", "Olin Reserve": "not_for_loan"},
        "due_form": "MM-DD-YY",
    }
    reserve = holding(here(temporary_location="Olin Reserve"))
    items, unknown = await read("sierra", note("CHECK SHELVES"), note("DUE 01-11-23"), reserve, **settings)
    assert [item.state for item in items] == [ItemState.AVAILABLE, ItemState.ON_LOAN, ItemState.NOT_FOR_LOAN]
    assert items[1].due == date(2023, 1, 11)
    assert unknown == []


async def test_a_copy_is_described_by_its_holding() -> None:
    copy = here(item_id="32101", enum_and_chron="v.2", temporary_location="Annex")
    (item,), _ = await read(
        "alma", holding(copy, local_location="Firestone", shelving_location="Stacks", call_number=" HG 24 ,")
    )
    assert (item.barcode, item.branch, item.location, item.call_number, item.volume) == (
        *("32101", "Firestone", "Annex"),
        *("HG 24", "v.2"),
    )


async def test_a_copy_of_which_little_is_said_has_no_more() -> None:
    (item,), _ = await read("alma", holding(HERE))
    assert item == ItemStatus(ItemState.AVAILABLE)


async def test_requests_are_counted() -> None:
    items, _ = await read("sierra", note("DUE 2023-01-11 +2 HOLDS"), note("DUE 2023-01-11"))
    assert [item.queue for item in items] == [2, None]
