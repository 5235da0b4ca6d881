"""An edition's values: each once, the best form first, with the libraries that state it."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from indexer.merge import merge
from indexer.record import Agent, Carrier, Format, Identifier, Imprint, Link, Series, Sourced, Subject, Title
from tests.support.records import make_record


def test_a_value_stated_in_other_words_counts_once_and_names_its_libraries() -> None:
    edition = merge(
        "x",
        [
            make_record("紅樓夢", "ntl:1"),
            make_record("红楼梦", "haifeng:2"),
            make_record("紅樓夢 ", "riverside:3"),
        ],
    )
    (title,) = edition.titles
    assert title.libraries == ("haifeng", "ntl", "riverside")


def test_the_vernacular_title_is_shown_and_the_romanised_counts_to_it() -> None:
    edition = merge(
        "x",
        [
            make_record("Hong lou meng", "riverside:1"),
            make_record("Hong lou meng", "elm:1"),
            make_record(Title("紅樓夢", romanised="Hong lou meng"), "ntl:1"),
        ],
    )
    assert edition.title == Title("紅樓夢", romanised="Hong lou meng")
    assert edition.titles[0].libraries == ("elm", "ntl", "riverside")
    assert len(edition.titles) == 1


def test_titles_that_differ_stand_beside_each_other_most_libraries_first() -> None:
    edition = merge(
        "x",
        [
            make_record(Title("Emma", other="a novel"), "a:1"),
            make_record(Title("Emma"), "b:1"),
            make_record(Title("Emma"), "c:1"),
        ],
    )
    assert [title.value.other for title in edition.titles] == ["", "a novel"]


def test_a_title_is_never_put_together_from_two_records() -> None:
    edition = merge(
        "x", [make_record(Title("Emma", part_number="1"), "a:1"), make_record(Title("Emma", part_name="Youth"), "b:1")]
    )
    assert {(t.value.part_number, t.value.part_name) for t in edition.titles} == {("1", ""), ("", "Youth")}


def test_other_kinds_of_title_follow_the_title_proper() -> None:
    record = replace(
        make_record(), titles=(Title("愛瑪"), Title("Emma", kind="uniform"), Title("Ai ma", kind="variant"))
    )
    assert [title.value.kind for title in merge("x", [record]).titles] == ["proper", "uniform", "variant"]


def test_an_agent_with_and_without_role_is_one_and_the_main_one_comes_first() -> None:
    edition = merge(
        "x",
        [
            make_record(ref="a:1", agents=(Agent("脂硯齋", role="ann"), Agent("曹雪芹", main=True))),
            make_record(ref="b:1", agents=(Agent("曹雪芹", role="aut", main=True, dates="1717-1763"),)),
        ],
    )
    assert [agent.value.name for agent in edition.agents] == ["曹雪芹", "脂硯齋"]
    assert edition.agents[0].value.role == "aut"
    assert edition.agents[0].libraries == ("a", "b")


def test_a_romanised_name_joins_its_vernacular_form() -> None:
    edition = merge(
        "x",
        [
            make_record(ref="a:1", author=Agent("Cao, Xueqin", role="aut", main=True)),
            make_record(ref="b:1", author=Agent("曹雪芹", role="aut", main=True, romanised="Cao, Xueqin")),
        ],
    )
    (agent,) = edition.agents
    assert agent.value.name == "曹雪芹"
    assert agent.libraries == ("a", "b")


def test_one_person_in_two_roles_stays_two_statements() -> None:
    record = make_record(agents=(Agent("幾米", role="aut"), Agent("幾米", role="ill")))
    assert [agent.value.role for agent in merge("x", [record]).agents] == ["aut", "ill"]


def test_a_year_that_most_libraries_state_comes_first() -> None:
    records = [make_record(ref=f"{library}:1", year=year) for library, year in (("a", 2003), ("b", 2004), ("c", 2004))]
    edition = merge("x", records)
    assert edition.year == 2004
    assert [year.value for year in edition.years] == [2004, 2003]


def test_two_records_of_one_library_count_as_one_library() -> None:
    edition = merge("x", [make_record(ref="a:1", year=2003), make_record(ref="a:2", year=2003)])
    assert edition.years[0].libraries == ("a",)
    assert [member.identifier for member in edition.members] == ["1", "2"]


def test_numbers_subjects_series_links_and_imprints_are_kept_with_their_libraries() -> None:
    one = replace(
        make_record(
            ref="a:1", isbn="9789570835878", publisher="里仁書局", place="臺北市", year=1984, series="文學叢書"
        ),
        subjects=(Subject("紅學", "csht"),),
        links=(Link("https://x.example/1"),),
    )
    other = replace(
        make_record(
            ref="b:1", isbn="9789570835878", publisher="里仁书局", place="台北市", year=1984, series="文學叢書"
        ),
        subjects=(Subject("Chinese fiction", "lcsh"),),
        links=(Link("https://x.example/1", "封面", "cover"),),
    )
    edition = merge("x", [one, other])
    assert [(i.value.value, i.libraries) for i in edition.identifiers] == [("9789570835878", ("a", "b"))]
    assert {(s.value.text, s.libraries) for s in edition.subjects} == {("紅學", ("a",)), ("Chinese fiction", ("b",))}
    assert edition.series == merge("x", [other, one]).series
    assert edition.series[0].value == Series("文學叢書")
    assert edition.links[0].value.label == "封面"
    assert len(edition.imprints) == 1
    assert isinstance(edition.imprints[0].value, Imprint)


def test_an_invalid_number_stays_apart_from_a_valid_one() -> None:
    wrong = Identifier("isbn", "9789570835878", valid=False)
    edition = merge("x", [make_record(ref="a:1", isbn="9789570835878"), make_record(ref="b:1", identifiers=(wrong,))])
    assert [identifier.value.valid for identifier in edition.identifiers] == [True, False]


def test_format_and_carrier_are_what_most_state_and_unstated_ones_do_not_count() -> None:
    edition = merge(
        "x",
        [
            make_record(ref="a:1", format=Format.OTHER, carrier=Carrier.UNKNOWN),
            make_record(ref="b:1", format=Format.OTHER, carrier=Carrier.UNKNOWN),
            make_record(ref="c:1", format=Format.SCORE, carrier=Carrier.PRINT),
        ],
    )
    assert (edition.format, edition.carrier) == (Format.SCORE, Carrier.PRINT)


def test_a_book_that_one_library_calls_a_picture_book_is_one() -> None:
    records = [make_record(ref=f"{code}:1", format=Format.BOOK) for code in "abc"]
    assert merge("x", records).format is Format.BOOK
    assert merge("x", [*records, make_record(ref="d:1", format=Format.PICTURE_BOOK)]).format is Format.PICTURE_BOOK


def test_years_of_copyright_and_of_the_original_are_kept_with_who_states_them() -> None:
    a = make_record(ref="a:1", year=2004, copyright_year=2003, original_year=1813)
    b = make_record(ref="b:1", year=2004, copyright_year=2003)
    edition = merge("x", [a, b])
    assert edition.copyright_years == (Sourced(2003, ("a", "b")),)
    assert edition.original_years == (Sourced(1813, ("a",)),)
    without = merge("x", [make_record(ref="a:1", year=2004)])
    assert (without.copyright_years, without.original_years, without.year_questionable) == ((), (), False)


@pytest.mark.parametrize(
    ("stated", "doubtful", "why"),
    [
        ([(2004, True)], True, "the only record doubts it"),
        ([(2004, True), (2004, True)], True, "both do"),
        ([(2004, True), (2004, False)], False, "one is sure"),
        ([(2004, False), (2004, False), (1999, True)], False, "the doubt is about another year"),
        ([(None, True)], False, "no year, no doubt"),
    ],
)
def test_the_year_is_doubtful_when_all_who_state_it_doubt_it(
    stated: list[tuple[int | None, bool]], doubtful: bool, why: str
) -> None:
    records = [make_record(ref=f"{'abc'[n]}:1", year=y, year_questionable=d) for n, (y, d) in enumerate(stated)]
    assert merge("x", records).year_questionable is doubtful, why


def test_readers_and_subtitles_are_kept_those_most_libraries_state_first() -> None:
    a = make_record(ref="a:1", audience=("juvenile",), subtitle_languages=("eng",), intermediate_languages=("fre",))
    b = make_record(ref="b:1", audience=("primary", "juvenile"))
    edition = merge("x", [a, b])
    assert (edition.audience, edition.subtitle_languages) == (("juvenile", "primary"), ("eng",))
    assert (edition.intermediate_languages, merge("x", [b]).intermediate_languages) == (("fre",), ())


def test_titles_of_what_it_is_in_or_what_is_in_it_come_last() -> None:
    kinds = ("host", "contents", "later", "former", "part", "variant", "uniform", "proper")
    record = replace(make_record(), titles=tuple(Title(kind, kind=kind) for kind in kinds))
    order = [title.value.kind for title in merge("x", [record]).titles]
    assert order == ["proper", "uniform", "variant", "former", "later", "part", "contents", "host"]


def test_a_name_given_in_its_original_form_joins_the_one_that_has_it_beside() -> None:
    translated = make_record(ref="a:1", author=Agent("海明威", role="aut", original="Ernest Hemingway"))
    original = make_record(ref="b:1", author=Agent("Ernest Hemingway", role="aut"))
    (agent,) = merge("x", [translated, original]).agents
    assert (agent.value.name, agent.libraries) == ("海明威", ("a", "b"))


def test_holdings_of_all_records_are_there() -> None:
    edition = merge("x", [make_record(ref="b:1", holdings=2), make_record(ref="a:1", holdings=1)])
    assert [holding.library for holding in edition.holdings] == ["a", "b", "b"]
    assert edition.libraries == ("a", "b")


def test_records_that_state_nothing_make_an_edition_that_states_nothing() -> None:
    bare = make_record("", "a:1", format=Format.OTHER, carrier=Carrier.UNKNOWN)
    edition = merge("x", [bare])
    assert edition.title is None
    assert edition.year is None
    assert edition.agents == ()
    assert (edition.format, edition.carrier) == (Format.OTHER, Carrier.UNKNOWN)


def test_the_order_of_the_records_does_not_matter() -> None:
    records = [
        make_record("紅樓夢", "a:1", author="曹雪芹", year=1984, publisher="里仁", subjects=("紅學",)),
        make_record("红楼梦", "b:1", author="曹雪芹", year=1985, publisher="里仁書局", subjects=("紅學", "小說")),
        make_record("Hong lou meng", "c:1", author="Cao, Xueqin", year=1984, other="zhu"),
        make_record(Title("紅樓夢", romanised="Hong lou meng"), "d:1", isbn="9789570835878", year=1985),
    ]
    expected = merge("x", records)
    dice = random.Random(7)
    for _ in range(20):
        dice.shuffle(records)
        assert merge("x", records) == expected


# The leading record


def test_where_libraries_are_at_odds_the_fullest_record_leads_in_everything() -> None:
    stub = make_record("Emma : a novel", "alpha:1", author="Austen, J.", publisher="Penguin books", year=2004)
    full = make_record(
        "Emma",
        "beta:1",
        author="Austen, Jane",
        publisher="Penguin",
        year=2003,
        edition="Rev. ed.",
        extent="xxxiv, 474 p.",
        responsibility="Jane Austen ; edited by Fiona Stafford",
        language="eng",
        subjects=("England -- Fiction", "Young women -- Fiction"),
    )
    for records in ((stub, full), (full, stub)):
        merged = merge("e", records)
        assert merged.title is not None
        led = (merged.title.proper, merged.year, merged.imprints[0].value.publisher, merged.agents[0].value.name)
        assert led == ("Emma", 2003, "Penguin", "Austen, Jane")
        assert [year.value for year in merged.years] == [2003, 2004], "what the other states is kept beside"


def test_more_libraries_outweigh_the_fullest_record() -> None:
    full = make_record("Emma", "alpha:1", year=2003, edition="Rev. ed.", extent="474 p.", responsibility="Jane Austen")
    others = [make_record("Emma", f"{library}:1", year=2004) for library in ("beta", "gamma")]
    assert merge("e", [full, *others]).year == 2004


def test_a_record_with_characters_that_nobody_can_read_does_not_lead() -> None:
    damaged = make_record(
        "Emm\ufffd", "alpha:1", year=2003, replacements=1, edition="Rev. ed.", extent="474 p.", responsibility="Austen"
    )
    good = make_record("Emma", "beta:1", year=2003)
    merged = merge("e", [damaged, good])
    assert merged.title is not None
    assert merged.title.proper == "Emma"


def test_a_volume_s_title_and_number_come_from_one_record() -> None:
    one = make_record(Title("紅樓夢", part_number="上冊"), "alpha:1", extent="600面", responsibility="曹雪芹")
    other = make_record(Title("紅樓夢校注", part_number="下冊"), "beta:1")
    shown = {(title.value.proper, title.value.part_number) for title in merge("e", [one, other]).titles}
    assert shown == {("紅樓夢", "上冊"), ("紅樓夢校注", "下冊")}
