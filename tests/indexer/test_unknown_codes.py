from __future__ import annotations

from indexer.record import Agent, Holding, Item, Record
from indexer.unknown_codes import unknown_codes
from tests.support.marc import library

LABEL = {"en": "words"}


def record(**values: object) -> Record:
    return Record("testlib", "1", "1", "marc21", **values)  # type: ignore[arg-type]


def held(branch: str = "", location: str = "", *item_types: str) -> Holding:
    items = tuple(Item(item_type=code) for code in item_types)
    return Holding("testlib", "1", "1", branch=branch, location=location, items=items)


def test_codes_with_a_label_are_not_unknown() -> None:
    known = library(branches={"MAIN": LABEL}, locations={"ST": LABEL}, item_types={"BK": LABEL})
    read = record(
        holdings=(held("MAIN", "ST", "BK"),), languages=("chi",), country="ch", agents=(Agent("曹雪芹", role="aut"),)
    )
    assert unknown_codes(read, known) == ()


def test_codes_without_one_are_told_by_kind_each_once_in_record_order() -> None:
    known = library(branches={"MAIN": LABEL})
    read = record(
        holdings=(held("MAIN", "ZZ", "X", "Y", "X"), held("EAST", "ZZ", "Y")),
        languages=("qqq",),
        original_languages=("chi", "qqr"),
        subtitle_languages=("qqq",),
        country="q9",
        agents=(Agent("某人", role="aut", more_roles=("qxq", "口述人員")),),
    )
    assert unknown_codes(read, known) == (
        ("branch", "EAST"),
        ("location", "ZZ"),
        ("item_type", "X"),
        ("item_type", "Y"),
        ("language", "qqq"),
        ("language", "qqr"),
        ("country", "q9"),
        ("relator", "qxq"),
        ("relator", "口述人員"),
    )


def test_collections_and_policies_are_codes_too() -> None:
    copies = (Item(collection="R", policy="1"), Item(collection="REFCOLL", policy="9"), Item(collection="R"))
    read = record(holdings=(Holding("testlib", "1", "1", items=copies),))
    assert unknown_codes(read, library(collections={"R": LABEL}, policies={"1": LABEL})) == (
        ("collection", "REFCOLL"),
        ("policy", "9"),
    )


def test_what_a_record_does_not_state_is_no_unknown_code() -> None:
    assert unknown_codes(record(), library()) == ()
    assert unknown_codes(record(holdings=(held(),), agents=(Agent("某人"),)), library()) == ()


def test_codes_that_a_record_keeps_only_to_be_told_are_told_after_the_others() -> None:
    read = record(country="q9", unread_codes=("thesaurus:qq", "scheme:xyz", "language:ch"))
    assert unknown_codes(read, library()) == (
        ("language", "ch"),
        ("country", "q9"),
        ("scheme", "xyz"),
        ("thesaurus", "qq"),
    )
