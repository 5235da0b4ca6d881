"""What stands in a cell for an ISBN, and a price: read, or named as what it is."""

from __future__ import annotations

import pytest

from search_api.selecting.given import Money, Why
from search_api.selecting.numbers import meant, numbers
from search_api.selecting.prices import currency_in, looks_like_price, money

RED = "9789570835878"
SAPIENS = "9780062316097"

READ = [
    (RED, (RED,), None, "thirteen digits"),
    ("978-957-08-3587-8", (RED,), None, "with hyphens"),
    ("９７８９５７０８３５８７８", (RED,), None, "full-width digits"),
    ("0062316095", (SAPIENS,), None, "ten digits"),
    ("ISBN 978-957-08-3587-8 (平裝) NT$350", (RED,), None, "with what cataloguers write round it"),
    ('="9789570835878"', (RED,), None, "a formula that keeps a spreadsheet off"),
    ("'9789570835878", (RED,), None, "an apostrophe that does"),
    ("9789570835878.0", (RED,), None, "a number with its point"),
    (f"{RED}；{SAPIENS}", (RED, SAPIENS), None, "two in a cell"),
    (f"{RED}\n957-08-3587-9", (RED,), None, "one of two is wrong"),
    ("9.78957E+12", (), Why.SPREADSHEET, "what a spreadsheet makes of it"),
    ("9.78957e12", (), Why.SPREADSHEET, "the same without a sign"),
    ("9789570000000", (), Why.SPREADSHEET, "and saved once more"),
    ("9780000000001", (), Why.WRONG_CHECK_DIGIT, "six zeros elsewhere are none"),
    ("4711234567890", (), Why.COMMODITY, "the bar code of a ware"),
    ("4901234567894", (), Why.OTHER_NUMBER, "a bar code of Japan"),
    ("957-08-3587-X", (), Why.WRONG_CHECK_DIGIT, "a check digit that is wrong"),
    ("978957083587", (), Why.WRONG_LENGTH, "a digit is missing"),
    ("紅樓夢", (), None, "a title"),
    ("12", (), None, "a count"),
    ("", (), None, "nothing"),
]


@pytest.mark.parametrize(("text", "isbns", "reason", "why"), READ)
def test_a_number_is_read_or_named(*, text: str, isbns: tuple[str, ...], reason: Why | None, why: str) -> None:
    found = numbers(text)
    assert (found.isbns, found.why) == (isbns, reason), why


def test_what_is_said_of_a_number_is_kept() -> None:
    found = numbers("978-957-08-3587-8 (第1冊:精裝)")
    assert (found.qualifier, found.volume) == ("第1冊:精裝", "第1冊")


def test_an_issn_in_the_column_of_isbns_is_one() -> None:
    assert numbers("0028-0836").issn == "0028-0836"
    assert numbers("0028-0837").issn == "", "its check digit is wrong"


@pytest.mark.parametrize("slip", ["9789570835879", "9789570835887", "9789578035878"])
def test_a_slip_leads_back_to_the_number_that_was_meant(slip: str) -> None:
    assert RED in numbers(slip).meant, "one digit, or two that changed places"
    assert all(numbers(one).isbns == (one,) for one in meant(slip)), "none is suggested that is wrong itself"


PRICES = [
    ("NT$350", Money(35000, "TWD"), "as printed"),
    ("新臺幣350元", Money(35000, "TWD"), "in words"),
    ("ＮＴ＄１，２８０", Money(128000, "TWD"), "full width, with thousands"),
    ("350元", Money(35000, "TWD"), "元 says nothing of whose: the list's currency"),
    ("350", Money(35000, "TWD"), "nor does a number"),
    ("US$24.95", Money(2495, "USD"), "cents"),
    ("USD 1,200.50", Money(120050, "USD"), "thousands and cents"),
    ("€12,50", Money(1250, "EUR"), "a comma for a point"),
    ("Rp 85.000", Money(8500000, "IDR"), "a point for thousands, where there are no cents"),
    ("120.000đ", Money(12000000, "VND"), "Vietnamese"),
    ("HK$98", Money(9800, "HKD"), "not US dollars"),
    ("人民幣59.70", Money(5970, "CNY"), "yuan"),
    ("免費", None, "no amount"),
    ("-350", None, "nobody is paid for a book"),
    ("=1+1", None, "a formula is never worked out"),
]


@pytest.mark.parametrize(("text", "expected", "why"), PRICES)
def test_a_price_has_its_currency(text: str, expected: Money | None, why: str) -> None:
    assert money(text, "TWD") == expected, why


def test_a_price_without_a_currency_anywhere_is_none() -> None:
    assert money("350") is None
    assert currency_in("定價(US$)") == "USD"
    assert currency_in("定價") == ""


def test_a_column_of_numbers_is_no_column_of_prices() -> None:
    assert looks_like_price("NT$350")
    assert not looks_like_price("350")
    assert not looks_like_price("2024元月出版的一本書，內容豐富精彩值得一看再看")
