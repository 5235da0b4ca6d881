"""Who lends to whom, read from lending.toml and held against the libraries there are."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mappings.agreements import Agreements, LendingInvalid, borrowable_with_card, load_agreements
from mappings.lending import Closure, Lending
from mappings.library import Library, LibraryInvalid, load_libraries, load_library
from tests.support.status import library

TWO = """
[groups.public]
name = { en = "Public" }
members = ["aa", "bb"]

[[agreements]]
code = "mutual"
name = { en = "Mutual" }
lenders = "public"
borrowers = "cc"
lends = true
"""


def members(**lending: dict[str, Any]) -> dict[str, Library]:
    return {code: library(code, protocol="none", lending=lending.get(code, {})) for code in ("aa", "bb", "cc")}


def read(folder: Path, text: str, **lending: dict[str, Any]) -> Agreements:
    file = folder / "lending.toml"
    file.write_text(text, encoding="utf-8")
    return load_agreements(members(**lending), file)


def test_without_a_file_nobody_has_agreed_on_anything(tmp_path: Path) -> None:
    found = load_agreements(members(), tmp_path / "lending.toml")
    assert found.between("aa", "bb") == ()
    assert found.couriers_between("aa", "bb") == ()


@pytest.mark.parametrize(
    ("lender", "borrower", "reciprocal", "there", "why"),
    [
        ("aa", "cc", "true", True, "a member of the group, for whom the agreement names"),
        ("cc", "bb", "true", True, "reciprocal: the other way as well"),
        ("cc", "bb", "false", False, "one way only"),
        ("aa", "bb", "true", False, "within the group nothing is said"),
    ],
)
def test_an_agreement_speaks_of_whom_it_names(
    *, tmp_path: Path, lender: str, borrower: str, reciprocal: str, there: bool, why: str
) -> None:
    found = read(tmp_path, f"{TWO}reciprocal = {reciprocal}\n")
    assert bool(found.between(lender, borrower)) is there, why


def test_cards_name_whose_patrons_borrow_with_their_own(tmp_path: Path) -> None:
    lending = {"aa": {"cards": ["public"]}, "cc": {"cards": "aa"}}
    found = read(tmp_path, TWO, **lending)
    libraries = members(**lending)
    assert borrowable_with_card(found, libraries, "bb") == ("aa", "bb")
    assert borrowable_with_card(found, libraries, "aa") == ("aa", "cc")


@pytest.mark.parametrize(
    ("text", "lending", "says"),
    [
        (TWO.replace('"bb"', '"xx"'), {}, "groups.public.members = 'xx': no such library; there are aa, bb, cc"),
        (TWO.replace('"cc"', '"publik"'), {}, "agreements.0.borrowers = 'publik': no such group or library"),
        (f"{TWO}formats = ['boek']", {}, "agreements.0.formats = 'boek': no such format; there are article, "),
        (f"{TWO}lent = true", {}, "agreements.0.lent = True: no such key; allowed are borrowers, code, "),
        (f"{TWO}lends = 'maybe'", {}, "not readable as TOML"),
        (TWO.replace("lends = true", "lends = 'maybe'"), {}, "agreements.0.lends = 'maybe': Input should be True, "),
        (TWO.replace("[groups.public]", "[groups.aa]"), {}, "groups = 'aa'"),
        ("[groups.public]\nmembers = []\nsize = 3\n", {}, "groups.public.size = 3: no such key; allowed are members"),
        (TWO + TWO[TWO.index("[[") :], {}, "code = 'mutual': stands twice"),
        ("rates = { USD = 0 }", {}, "rates.USD = 0"),
        ("[[couriers]]\ncode='van'\nname={}\nmembers='dd'", {}, "couriers.0.members = 'dd': no such group"),
        (TWO, {"aa": {"cards": ["publik"]}}, "lending.cards = 'publik': no such group or library; there are aa,"),
        (TWO, {"aa": {"formats_not_lent": ["boek"]}}, "lending.formats_not_lent = 'boek': no such format"),
        (TWO, {"aa": {"rules": [{"to": "dd", "lends": True}]}}, "lending.rules.0.to = 'dd': no such group or library"),
        (TWO, {"aa": {"fees": [{"to": "dd", "loan": 1}]}}, "lending.fees.0.to = 'dd': no such group or library"),
    ],
)
def test_a_mistaken_file_stops_the_start_with_key_and_what_is_allowed(
    tmp_path: Path, text: str, lending: dict[str, Any], says: str
) -> None:
    with pytest.raises(LendingInvalid) as told:
        read(tmp_path, text, **lending)
    assert says in str(told.value)
    assert ".toml" in str(told.value)


GOOD = """
code = "haven"
name = { en = "Haven Library" }
region = "north"
kind = "city"

[harvest]
protocol = "oai-pmh"
url = "http://127.0.0.1:1/oai"

"""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[lending.rules]]\nto = 'public'", "lending.rules.0"),
        (
            "[[lending.rules]]\nlend = true",
            "lending.rules.0.lend = True: no such key; allowed are branches, collections",
        ),
        ("[[lending.closures]]\nfirst = '02-30'", 'must be a day such as 2026-12-18, or "12-18" for every year'),
        ("[[lending.closures]]\nfirst = 2026-02-03\nlast = '03-01'", "both have a year, or neither"),
        ("[[lending.closures]]\nfirst = 2026-02-03\nlast = 2026-02-01", "last is before first"),
        ("[[lending.fees]]\nloan = -1", "lending.fees.0.loan = -1"),
        ("[[lending.fees]]\ncurrency = 'NT$'", "lending.fees.0.currency = 'NT$'"),
        ("[lending]\nopen_days = ['monday']", "lending.open_days.0 = 'monday'"),
        ("[lending]\nlends = 'perhaps'", "lending.lends = 'perhaps'"),
        ("[lending]\nemail = 'desk@a.example?cc=b@c.example'", "lending.email = "),
        ("[place]\nlatitude = 25.0", "give both or neither"),
        ("[place]\nlatitude = 95.0\nlongitude = 3", "place.latitude = 95.0"),
    ],
)
def test_a_mistaken_table_of_a_library_is_named(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "haven.toml"
    file.write_text(GOOD + text, encoding="utf-8")
    with pytest.raises(LibraryInvalid) as told:
        load_library(file)
    assert says in str(told.value)


def test_the_short_forms_of_a_file_are_rules_after_its_own() -> None:
    lending = Lending.model_validate(
        {
            "lends": True,
            "formats_not_lent": ["film"],
            "item_types_not_lent": ["REF", ""],
            "rules": [{"formats": "film", "to": "aa", "lends": True}],
        }
    )
    said = [(rule.formats, rule.item_types, rule.lends, rule.copies) for rule in lending.rules_in_order()]
    assert said == [
        (("film",), (), True, None),
        (("film",), (), False, None),
        ((), ("REF",), False, None),
        ((), (), True, None),
    ]
    assert Lending().rules_in_order() == ()


@pytest.mark.parametrize(
    ("first", "last", "day", "closed", "why"),
    [
        ("12-20", "01-05", date(2027, 1, 2), True, "over the new year"),
        ("12-20", "01-05", date(2026, 12, 20), True, "its first day"),
        ("12-20", "01-05", date(2027, 1, 6), False, "the day after"),
        ("02-29", None, date(2027, 2, 28), True, "29 February in a year without one"),
        (date(2026, 12, 18), None, date(2027, 12, 18), False, "once is not every year"),
        (date(2026, 12, 18), None, date(2026, 12, 18), True, "the day itself"),
    ],
)
def test_closures_are_once_or_every_year(
    *, first: date | str, last: date | str | None, day: date, closed: bool, why: str
) -> None:
    closure = Closure(first=first, last=last)
    assert any(begins <= day <= ends for begins, ends in closure.around(day)) is closed, why


def test_the_demo_file_holds() -> None:
    libraries = load_libraries()
    found = load_agreements(libraries)
    assert [one.code for one in found.between("haifeng", "fengdao")] == ["public-mutual"]
    assert [one.code for one in found.couriers_between("haifeng", "daolang")] == ["blue-van"]
    assert borrowable_with_card(found, libraries, "daolang") == ("daolang", "fengdao", "haifeng")


@pytest.mark.parametrize(
    ("lending", "says"),
    [
        (
            {"item_types_not_lent": ["REFF"]},
            "item_types_not_lent = 'REFF': no such code in records.item_types; there are REF",
        ),
        ({"rules": [{"item_types": ["REF"], "branches": ["X"], "lends": False}]}, None),
        ({"rules": [{"item_types": ["RFE"], "lends": False}]}, "rules.0.item_types = 'RFE': no such code"),
    ],
)
def test_rules_name_codes_that_the_library_lists_where_it_lists_any(
    tmp_path: Path, lending: dict[str, Any], says: str | None
) -> None:
    one = library("aa", protocol="none", lending=lending)
    records = one.records.model_copy(update={"item_types": {"REF": {"en": "Reference"}}})
    libraries = {"aa": one.model_copy(update={"records": records})}
    if says is None:  # it lists no branches: whether there is an X nobody knows
        load_agreements(libraries, tmp_path / "lending.toml")
        return
    with pytest.raises(LendingInvalid) as refused:
        load_agreements(libraries, tmp_path / "lending.toml")
    assert says in str(refused.value)
