from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import dublin_core, marc21_access, marc21_titles, unimarc_access
from indexer.names import person
from indexer.statements import bodies, people, statements
from tests.support.marc import marc


@pytest.mark.parametrize(
    ("heading", "parted", "why"),
    [
        ("費茲傑羅著 ; 喬志高譯", ["費茲傑羅著 ", " 喬志高譯"], "the sign of ISBD"),
        ("王大明著 李四譯", ["王大明著", "李四譯"], "a blank behind a role"),
        ("王大明 著 李四 譯", ["王大明 著", "李四 譯"], "with blanks before the roles"),
        (
            "海明威(Ernest Hemingway)著 李四譯",
            ["海明威(Ernest Hemingway)著", "李四譯"],
            "a blank inside brackets parts nothing",
        ),
        ("幾米 圖 文", ["幾米 圖 文"], "two roles of one"),
        ("劉 紹基", ["劉 紹基"], "surname and given name"),
        ("王大明撰,李四譯", ["王大明撰", "李四譯"], "a comma"),
        ("張三,李四合著", ["張三,李四合著"], "one statement of two"),
        ("", [], "nothing"),
    ],
)
def test_a_heading_is_parted_into_statements(heading: str, parted: list[str], why: str) -> None:
    assert list(statements(heading)) == parted, why


@pytest.mark.parametrize(
    ("heading", "parted", "why"),
    [
        ("張三,李四合著", ["張三 合著", "李四 合著"], "each with the role"),
        ("王大明、李小華", ["王大明", "李小華"], "without one"),
        ("王大明著", ["王大明著"], "the twin: one alone"),
        ("文化、教育基金會", ["文化、教育基金會"], "the sign within a body's name"),
        ("劉 紹基編", ["劉 紹基編"], "one is left as written"),
        ("林、陳合著", ["林、陳合著"], "surnames alone are no names"),
    ],
)
def test_people_share_a_statement(heading: str, parted: list[str], why: str) -> None:
    assert list(people(heading)) == parted, why


def test_bodies_share_one_only_where_it_says_so() -> None:
    assert list(bodies("中央研究院、故宮博物院合編")) == ["中央研究院 合編", "故宮博物院 合編"]
    assert list(bodies("中央研究院、故宮博物院編")) == ["中央研究院、故宮博物院編"]


def test_a_record_names_all_who_share_a_heading_and_keeps_the_statement_of_its_title_page() -> None:
    record = marc(
        "=100  1\\\\$a王大明,李小華著\n=245  10$aT /$c王大明,李小華著\n=600  14$a老子、莊子\n"
        "=720  \\\\\\\\$a張三,李四合譯"
    )
    found = [(agent.name, agent.role) for agent in marc21_access.agents(record)]
    assert found == [("王大明", "aut"), ("李小華", "aut"), ("張三", "trl"), ("李四", "trl")]
    assert marc21_titles.responsibility(record) == "王大明,李小華著"
    assert [subject.text for subject in marc21_access.subjects(record)] == ["老子、莊子"]
    alone = marc("=100  1\\\\$a王大明著\n=245  10$aT")
    assert [agent.name for agent in marc21_access.agents(alone)] == ["王大明"]
    unimarc = marc("=200  1\\\\$aT$f王大明著 李四譯\n=700  \\\\0$a王大明著 李四譯")
    assert [(agent.name, agent.role) for agent in unimarc_access.agents(unimarc)] == [
        ("王大明", "aut"),
        ("李四", "trl"),
    ]


@pytest.mark.parametrize(
    ("fields", "found", "why"),
    [
        ("=100  1\\\\$a王大明、李小華$e編輯", [("王大明", "edt"), ("李小華", "edt")], "the role of the heading"),
        (
            "=100  1\\\\$a王大明、李小華\n=245  10$aT /$c王大明、李小華合譯",
            [("王大明", "trl"), ("李小華", "trl")],
            "the title page's",
        ),
        ("=100  1\\\\$a王大明著 ; 李小華$eauthor", [("王大明", "aut"), ("李小華", "")], "one who did another thing"),
        ("=100  1\\\\$a王大明、李小華", [("王大明", ""), ("李小華", "")], "the twin: nothing says it"),
    ],
)
def test_who_shares_a_heading_shares_what_it_says_they_did(fields: str, found: list[tuple[str, str]], why: str) -> None:
    assert [(agent.name, agent.role) for agent in marc21_access.agents(marc(fields))] == found, why


def test_a_creator_of_dublin_core_may_be_several() -> None:
    found = dublin_core.agents({"creator": ["王大明著 李四譯", "雨果"]})
    assert [(agent.name, agent.role, agent.main) for agent in found] == [
        ("王大明", "aut", True),
        ("李四", "trl", True),
        ("雨果", "", True),
    ]


@pytest.mark.parametrize(
    "piece", ["王 ", "王著 ", "王大明、", "王大明,", "與", "a, ", "著;", "作者：", "(美)", "1 B.C.-", "、 "]
)
def test_a_hostile_heading_costs_little(piece: str) -> None:
    began = time.perf_counter()
    for tail in ("", "著", "合著", ", author", "1"):
        person(piece * 10_000 + tail)
    assert time.perf_counter() - began < 2


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="王大明李四著譯合與、,， ;；(美)A:：者/"))
def test_parting_loses_no_letter(text: str) -> None:
    for part in (statements, people, bodies):
        given_letters = {char for char in text if char.isalnum()}
        assert {char for one in part(text) for char in one if char.isalnum()} == given_letters
