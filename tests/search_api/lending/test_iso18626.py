"""Requests of every kind are valid against the standard's own schema."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from lxml import etree

from indexer.record import Edition, Format, Holding, Item
from mappings.library import Library
from search_api.lending.iso18626 import as_xml, message
from search_api.lending.lenders import Desk, lenders
from search_api.lending.request import Suppliable
from search_api.lending.sought import Sought, wanted
from tests.support.real_files import ABSENT, DATA
from tests.support.status import edition, library

SCHEMA = DATA / "schemas" / "ISO-18626-v1_2.xsd"
AT = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
DESK = {"email": "ill@home.example", "address": {"en": "1 Road & Lane"}, "agency": "TW-HOME"}


def request(sought: Sought, held: Edition, **home: Any) -> Suppliable:
    libraries: dict[str, Library] = {
        "home": library("home", protocol="none", lending=home),
        "aa": library("aa", protocol="none", lending={"agency": "TW-AA"}),
        "bb": library("bb", protocol="none"),
    }
    found = lenders([held], Desk(libraries), wanted(sought, [held], AT.date()))
    return Suppliable("home-1", AT, sought, {held.id: held}, found.lenders, libraries)


def book(**values: Any) -> Edition:
    holdings = {
        code: [Holding(code, "r", "77", call_number="857 \x0b1", items=(Item("b"),), summary="v.1-3")]
        for code in ("aa", "bb")
    }
    return edition("e1", holdings, **values)


KINDS: list[tuple[Sought, dict[str, Any], dict[str, Any], str]] = [
    (Sought(edition="e1", borrower="home"), {}, DESK, "a loan"),
    (Sought(edition="e1"), {}, {}, "nobody says who asks"),
    (Sought(edition="e1", borrower="home", which="any", needed_by=date(2026, 9, 30)), {}, {}, "any edition, by a day"),
    (
        Sought(issn="0028-0836", article="<x> & y", volume="1", issue="2", year="1999", pages="1-2", service="copy"),
        {"format": Format.SERIAL},
        DESK,
        "an article",
    ),
    (Sought(edition="e1", article="第三章", pages="5", service="copy"), {"format": Format.THESIS}, DESK, "a chapter"),
]


@pytest.mark.skipif(not SCHEMA.exists(), reason=ABSENT)
@pytest.mark.parametrize(("sought", "values", "home", "why"), KINDS)
def test_every_kind_of_request_is_valid(sought: Sought, values: dict[str, Any], home: dict[str, Any], why: str) -> None:
    found = message(request(sought, book(**values), **home), lambda _: "可借，2026-09-01T09:30+00:00查得")
    written = etree.fromstring(as_xml(found))
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(written)
    assert len(written.findall(".//{*}supplierInfo")) == 2, why


def test_what_is_not_stated_is_absent_and_the_json_has_the_elements_of_the_xml() -> None:
    plain = message(request(Sought(edition="e1"), book()), lambda _: "")
    told = plain["ISO18626Message"]["request"]
    assert "requestedDeliveryInfo" not in told
    assert "author" not in told["bibliographicInfo"]
    assert "availabilityNote" not in told["supplierInfo"][0]
    full = message(request(Sought(edition="e1", borrower="home"), book(), **DESK), lambda _: "x")
    names = {etree.QName(one).localname for one in etree.fromstring(as_xml(full)).iter()}

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return {*value, *(key for one in value.values() for key in keys(one))}
        return {key for one in value for key in keys(one)} if isinstance(value, list) else set()

    assert keys(full) == names
