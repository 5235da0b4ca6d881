from __future__ import annotations

import pytest

from indexer.names import Name, person, role


@pytest.mark.parametrize(
    ("written", "name", "why"),
    [
        ("曹雪芹", Name("曹雪芹"), "as it is"),
        ("(清)曹雪芹", Name("曹雪芹"), "dynasty"),
        ("〔唐〕李白", Name("李白"), "in other brackets"),
        (
            "（美）海明威(Ernest Hemingway)著",
            Name("海明威", "Ernest Hemingway", "", "aut"),
            "country, original name, role",
        ),
        (
            "村上春樹 (Murakami, Haruki, 1949-)",
            Name("村上春樹", "Murakami, Haruki", "1949-"),
            "original name with dates",
        ),
        ("曹雪芹著", Name("曹雪芹", role="aut"), "role written after it"),
        ("曹雪芹 著", Name("曹雪芹", role="aut"), "after a blank"),
        ("李明主編", Name("李明", role="edt"), "two characters of role"),
        ("張愛著", Name("張愛著"), "a given name may end in 著"),
        ("王編", Name("王編"), "so may a short one"),
        ("Austen, Jane,", Name("Austen, Jane"), "Western names keep their form"),
        ("(pseud.)", Name("pseud."), "brackets in Western names are not dynasties"),
        ("", Name(""), "nothing"),
    ],
)
def test_a_person_is_told_from_what_stands_around_the_name(written: str, name: Name, why: str) -> None:
    assert person(written) == name, why


@pytest.mark.parametrize(
    ("codes", "terms", "code", "why"),
    [
        (["aut"], [], "aut", "a MARC code"),
        (["http://id.loc.gov/vocabulary/relators/trl"], [], "trl", "its URI"),
        (["070"], [], "aut", "UNIMARC's number"),
        (["著"], [], "aut", "CMARC's word"),
        ([], ["translator."], "trl", "a word"),
        ([], ["joint author,"], "aut", "two words"),
        ([], ["author, illustrator"], "aut", "several: the first"),
        ([], ["共同翻譯"], "trl", "a compound by its last characters"),
        (["xyz"], [], "xyz", "a code no table knows is kept"),
        ([], ["who knows"], "", "a word no table knows is no role"),
        ([], [], "", "not stated"),
    ],
)
def test_a_role_is_one_code(codes: list[str], terms: list[str], code: str, why: str) -> None:
    assert role(codes, terms) == code, why
