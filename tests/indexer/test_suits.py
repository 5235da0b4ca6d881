"""Whom an edition suits, by what its records say in codes and in words; each with a twin that it does not suit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from indexer.record import Carrier, Edition, Format, Member, Sourced, Subject, Title
from indexer.suits import suits
from mappings.table import load_table

PLAIN = Edition(id="e1", members=(Member("alpha", "1", "1"),), format=Format.BOOK, carrier=Carrier.PRINT)


def stated(value: str) -> tuple[Sourced[str], ...]:
    return (Sourced(value, ("alpha",)),)


def subject(text: str) -> tuple[Sourced[Subject], ...]:
    return (Sourced(Subject(text), ("alpha",)),)


@pytest.mark.parametrize(
    ("facts", "expected", "why"),
    [
        ({}, (), "an ordinary book suits everybody: nothing to narrow by"),
        ({"audience": ("primary",)}, ("children",), "the first years of school"),
        ({"audience": ("teens",)}, (), "teenagers look for their own"),
        ({"audience": ("adults", "children")}, ("children",), "one of its audiences is enough"),
        ({"format": Format.PICTURE_BOOK}, ("children",), "picture books, whatever audience is coded"),
        ({"format": Format.COMIC}, (), "comics are not only for children"),
        ({"subjects": subject("Animals -- Juvenile fiction")}, ("children",), "where no audience is coded"),
        ({"subjects": subject("圖畫書 -- 臺灣")}, ("children",), "in Chinese"),
        ({"subjects": subject("兒童文學 -- 歷史與批評")}, (), "a book about books for children"),
        ({"subjects": subject("Children -- Health")}, (), "a book about children"),
        ({"carrier": Carrier.LARGE_PRINT}, ("large_print",), "by its carrier"),
        ({"format": Format.LARGE_PRINT}, ("large_print",), "by its format"),
        ({"carrier": Carrier.BRAILLE}, ("braille",), "braille alone is not print too"),
        ({"notes": stated("雙視圖書")}, ("braille", "print_braille"), "print and braille: found under both"),
        ({"editions": stated("點字與印刷文字對照本")}, ("braille", "print_braille"), "in words"),
        ({"extents": stated("1 v. (print/braille)")}, ("braille", "print_braille"), "in English"),
        ({"notes": stated("附點字地圖")}, (), "something in braille comes with it"),
        ({"notes": stated("論雙重視野")}, (), "other words of the same characters"),
        ({"format": Format.AUDIOBOOK, "carrier": Carrier.DISC}, ("audio",), "read aloud"),
        ({"format": Format.SOUND, "carrier": Carrier.DISC}, (), "music is no audiobook"),
        ({"format": Format.EBOOK, "carrier": Carrier.ONLINE}, ("online",), "to be read at once"),
    ],
)
def test_an_edition_suits_whom_its_records_say(facts: dict[str, Any], expected: tuple[str, ...], why: str) -> None:
    assert suits(replace(PLAIN, **facts)) == expected, why


def test_titles_series_and_subjects_may_say_it() -> None:
    for facts in (
        {"titles": (Sourced(Title("好餓的毛毛蟲", "雙視版"), ("alpha",)),)},
        {"subjects": (Sourced(Subject("雙視圖書"), ("alpha",)),)},
    ):
        assert "print_braille" in suits(replace(PLAIN, **facts))


def test_every_code_has_its_words() -> None:
    table = load_table("suits")
    codes = ("children", "large_print", "braille", "print_braille", "audio", "online")
    assert tuple(table) == codes
