from __future__ import annotations

import pytest

from indexer.record import Agent
from indexer.roles import MAX_ROLE, roles, with_roles


@pytest.mark.parametrize(
    ("codes", "terms", "found", "why"),
    [
        (["aut"], [], ["aut"], "a MARC code"),
        (["AUT"], [], ["aut"], "in capitals"),
        (["http://id.loc.gov/vocabulary/relators/trl"], [], ["trl"], "its URI"),
        (["070"], [], ["aut"], "UNIMARC's number"),
        (["著"], [], ["aut"], "CMARC's word"),
        (["aut", "trl"], [], ["aut", "trl"], "repeated"),
        (["070", "730"], [], ["aut", "trl"], "repeated numbers"),
        (["譯.圖"], [], ["trl", "ill"], "several words in one subfield"),
        (["著、攝影"], [], ["aut", "pht"], "parted otherwise"),
        (["著者兼編者"], [], ["aut", "edt"], "joined by a word"),
        ([], ["撰文攝影"], ["aut", "pht"], "written together"),
        ([], ["translator."], ["trl"], "a word"),
        ([], ["joint author,"], ["aut"], "two words"),
        ([], ["author, illustrator"], ["aut", "ill"], "several"),
        ([], ["author", "translator."], ["aut", "trl"], "in subfields of their own"),
        ([], ["editor, author of introduction, etc."], ["edt", "aui"], "and so on"),
        ([], ["共同翻譯"], ["trl"], "a compound by its last characters"),
        (["aut"], ["Verfasser"], ["aut"], "a code and its words are one"),
        (["aut"], ["illustrator"], ["aut", "ill"], "a word that says another thing"),
        (["xyz"], [], ["xyz"], "a code no table knows is kept"),
        (["xyz", "aut"], [], ["aut", "xyz"], "behind what is known"),
        (["xyz"], ["who knows"], ["xyz"], "the words of an unknown code are no second one"),
        ([], ["who knows"], ["who knows"], "a word no table knows is kept as written"),
        (
            ["http://rdaregistry.info/Elements/u/P60434"],
            [],
            ["http://rdaregistry.info/Elements/u/P60434"],
            "so is a URI",
        ),
        (["999"], [], ["999"], "and a number"),
        ([], ["字" * 200], ["字" * MAX_ROLE], "but no more than a line of it"),
        ([], [], [], "not stated"),
        ([" "], ["。"], [], "nothing but signs"),
    ],
)
def test_all_roles_of_a_heading_are_read(codes: list[str], terms: list[str], found: list[str], why: str) -> None:
    assert roles(codes, terms) == tuple(found), why


def test_a_role_stated_elsewhere_comes_before_one_without_words() -> None:
    assert with_roles(Agent("張玲", role="口述"), "trl").roles == ("trl", "口述")
    assert with_roles(Agent("張玲"), "trl").roles == ("trl",)
    assert with_roles(Agent("張玲", role="trl"), "trl").roles == ("trl",)
    assert with_roles(Agent("張玲"), "").roles == ()
