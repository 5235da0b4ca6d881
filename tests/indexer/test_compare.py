"""Which pairs are one edition, which are not, and that the reasons are true and symmetric."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import evidence
from indexer.compare import ALWAYS, Judgement, compare
from indexer.learned import learned
from indexer.record import Agent, Carrier, Format, Identifier, Record
from tests.support.records import make_record

ISBN, OTHER_ISBN = "9789570835878", "9780141439518"


def _dream(**fields: Any) -> Record:
    given: dict[str, Any] = {
        "title": "紅樓夢校注",
        "author": Agent("曹雪芹", role="aut", main=True, romanised="Cao, Xueqin"),
        "publisher": "里仁書局",
        "place": "臺北市",
        "year": 1984,
        "pages": 1285,
        "language": "chi",
    }
    return make_record(**{**given, **fields})


def _pride(**fields: Any) -> Record:
    given: dict[str, Any] = {
        "title": "Pride and prejudice",
        "author": "Austen, Jane",
        "publisher": "Penguin Books",
        "place": "London",
        "year": 2003,
        "pages": 435,
        "language": "eng",
    }
    return make_record(**{**given, **fields})


def _romanised(**fields: Any) -> Record:
    """The dream as a library abroad catalogues it when it gives no 880."""
    return _dream(
        **{
            "title": "Hong lou meng jiao zhu",
            "author": "Cao, Xueqin",
            "publisher": "Li ren shu ju",
            "place": "Taibei Shi",
            **fields,
        }
    )


def _bound(qualifier: str, isbn: str, **fields: Any) -> Record:
    return _dream(**fields, identifiers=(Identifier("isbn", isbn, qualifier),))


LETTERS: dict[str, Any] = {"author": "Natsume, Sōseki", "publisher": "Iwanami Shoten", "place": "Tōkyō"}


def _cat(**fields: Any) -> Record:
    given: dict[str, Any] = {
        "title": "吾輩は猫である",
        "author": "夏目漱石",
        "publisher": "岩波書店",
        "place": "東京",
        "year": 1990,
        "pages": 566,
        "language": "jpn",
    }
    return make_record(**{**given, **fields})


def _thai(**fields: Any) -> Record:
    given: dict[str, Any] = {
        "title": "สี่แผ่นดิน",
        "publisher": "สยามรัฐ",
        "place": "กรุงเทพฯ",
        "year": 1990,
        "pages": 640,
        "language": "tha",
    }
    return make_record(**{**given, **fields})


SAME = [
    (_dream(), _dream(title="红楼梦校注", author="曹雪芹", publisher="里仁书局"), "Traditional and Simplified"),
    (_dream(place="臺北市"), _dream(place="台北"), "臺 and 台, city and no city"),
    (_dream(), _romanised(), "vernacular and only romanised, no 880, no ISBN"),
    (_dream(romanised="Honglou meng jiao zhu"), _romanised(), "romanised words parted differently"),
    (_dream(), _dream(dialect="unimarc", publisher="里仁", edition="初版"), "CMARC says 初版 and shortens the house"),
    (_dream(edition="初版"), _dream(edition="初版2刷"), "a printing is no edition"),
    (_dream(other="彩畫本"), _dream(), "a subtitle only one gives"),
    (_dream(title="紅樓夢校注 (上)"), _dream(part="上"), "a part in the title proper and in its own place"),
    (_dream(part="第2冊"), _dream(part="二"), "parts numbered in two ways"),
    (_dream(isbn=ISBN, pages=None), _dream(isbn=ISBN, title="紅樓夢", year=None), "a shared ISBN and a shorter title"),
    (_pride(), _pride(title="Pride and prejudice /", publisher="Penguin"), "punctuation, publisher cut short"),
    (_pride(author="Jane Austen"), _pride(), "a name in direct order"),
    (_pride(edition="1st ed."), _pride(), "a first edition need not say so"),
    (_pride(isbn=ISBN), _pride(isbn=(ISBN, OTHER_ISBN)), "one binding, and both in one record"),
    (
        _dream(title="無瑕的程式碼：敏捷軟體開發技巧守則"),
        _dream(title="無瑕的程式碼"),
        "a subtitle typed into the title",
    ),
    (_pride(title="The complete works"), _pride(title="Complete works"), "an article"),
    (_pride(format=Format.OTHER, carrier=Carrier.UNKNOWN), _pride(), "what is not stated is no difference"),
    (_dream(edition="初版"), _dream(edition="八版", year=1986), "more editions than years, the same pages: printings"),
    (_pride(edition="2d ed."), _pride(edition="4th ed."), "in one year too"),
    (_dream(), _dream(other="注音版"), "a version that one leaves out, as the pages tell"),
    (_dream(), _dream(author="曹雪斤"), "a name misread"),
    (_dream(), _dream(author="紅樓夢校注工作小組"), "a body in the place of the person"),
    (_bound("平裝", ISBN), _bound("精裝", OTHER_ISBN), "平裝 and 精裝, each with its own ISBN"),
    (_bound("pbk. : alk. paper", ISBN), _bound("hardcover", OTHER_ISBN), "the same in English"),
    (_pride(format=Format.SERIAL), _pride(), "what came out in parts, taken for a serial"),
    (
        make_record("The psycho-analytic study of the family", author="Flugel, J. C."),
        make_record("The psycho-analytic study of the family", author="Flugel, J. C.", year=1972, pages=259),
        "a long title and its author are enough",
    ),
    (_dream(extent="1285面 ; 21公分"), _dream(extent="1285 p. ; 22 cm"), "a centimetre is a matter of rulers"),
    (_dream(edition="初版"), _dream(edition="初版", year=1989), "a later year alone, the same setting to the page"),
    (_dream(title="三國演義", other="注音版"), _dream(title="三國演義", other="注音版"), "one version"),
    (_dream(), _dream(language="eng", year=1985, edition="二刷"), "a code of a language the title is not in"),
    (
        _cat(),
        _cat(title="Wagahai wa neko de aru", **LETTERS),
        "Japanese in characters and in letters: kana sound alike",
    ),
    (_cat(language="chi"), _cat(title="Wagahai wa neko de aru", **LETTERS), "taken for Chinese: kana are none"),
    (_cat(title="キッチン"), _cat(title="Kitchin", **LETTERS), "all kana, and letters"),
    (_thai(), _thai(title="Sī phǣndin", publisher="Sayām Rat", place="Krung Thēp"), "Thai and its romanisation"),
    (_dream(title="文庫 : 紅樓夢", series="文庫"), _dream(title="紅樓夢"), "the series typed before the title"),
    (_dream(title="觀光白書. 平成24年版"), _dream(title="觀光白書", part="平成24年版"), "a year in two places"),
    (_romanised(edition="Xiu ding shi yi ban"), _dream(edition="修訂十一版"), "eleven, in Pinyin"),
    (_romanised(part="Di 1 ce"), _dream(part="第一冊"), "the first volume, in Pinyin"),
]

NOT_SAME = [
    (_dream(), _dream(title="紅樓夢研究"), "a work and a study of it"),
    (_dream(part="上"), _dream(part="下"), "two volumes of a set"),
    (_dream(title="紅樓夢校注(上)"), _dream(title="紅樓夢校注(下)"), "two volumes, told apart in the title"),
    (_dream(part="第1冊", isbn=ISBN), _dream(part="第2冊", isbn=ISBN), "two volumes that share the set's ISBN"),
    (_dream(volumes=3, pages=None, isbn=ISBN), _dream(part="上", isbn=ISBN), "a set and its volume, one ISBN"),
    (_dream(volumes=3, isbn=ISBN), _dream(volumes=1, isbn=ISBN), "a set and one volume as extents tell"),
    (_dream(edition="初版"), _dream(edition="二版"), "two editions of the same year and paging"),
    (_dream(), _dream(publisher="桂冠圖書", place="臺北市"), "two houses, the same year: competing editions"),
    (_dream(), _dream(publisher="三民書局", year=1990, pages=900), "another house, year and paging"),
    (_pride(), _pride(carrier=Carrier.ONLINE, format=Format.EBOOK), "print and e-book"),
    (_pride(), _pride(carrier=Carrier.MICROFORM), "print and microform"),
    (_pride(), _pride(format=Format.AUDIOBOOK, carrier=Carrier.DISC), "text and audiobook"),
    (_pride(isbn=ISBN), _pride(isbn=OTHER_ISBN), "hardback and paperback, each with its own ISBN"),
    (_pride(isbn=ISBN), _pride(isbn=OTHER_ISBN, year=2010), "other ISBN, other year"),
    (_pride(isbn=ISBN), _pride(isbn=OTHER_ISBN, pages=320), "other ISBN, other paging"),
    (
        _pride(isbn=ISBN),
        make_record("Wuthering heights", author="Brontë, Emily", isbn=ISBN),
        "an ISBN on the wrong book",
    ),
    (_pride(translator="Wang, Keyi"), _pride(translator="Sun, Zhili"), "two translators"),
    (_pride(language="ger", publisher="Reclam"), _pride(), "original and translation under one title"),
    (
        _pride(edition="2nd ed."),
        _pride(edition="Third edition", year=2006),
        "numbers, in figures and words",
    ),
    (_dream(edition="初版"), _dream(edition="八版", year=1986, pages=1301), "more editions than years, set anew"),
    (_dream(), _dream(edition="再版", year=1999, pages=1210), "再版 with other pages is no printing"),
    (_dream(), _dream(title="紅樓夢校注題解"), "a book and what explains it"),
    (_dream(), _dream(other="問題集"), "so says a subtitle"),
    (_pride(), _pride(other="a study guide"), "a study guide"),
    (_bound("平裝", ISBN), _bound("平裝", OTHER_ISBN, year=1999), "two numbers of one binding, and two years"),
    (_bound("平裝", ISBN), _bound("精裝", OTHER_ISBN, pages=1100), "two bindings, other pages"),
    (
        _dream(publisher="天下雜誌", place=""),
        _dream(publisher="天地圖書公司", place=""),
        "houses sharing half a name",
    ),
    (_dream(), _dream(author="陳正倉", publisher=""), "another author in characters, even of the same year and pages"),
    (_dream(other="初級"), _dream(other="中級"), "one word of the subtitle"),
    (_dream(title="聽力測驗初級本"), _dream(title="聽力測驗中級本"), "one word of the title"),
    (_dream(title="大家的日本語", other="初級I"), _dream(title="大家的日本語", other="初級II"), "Roman figures"),
    (_dream(), _dream(part="續集"), "a sequel as thick as the book"),
    (_dream(pages=None), _dream(pages=None, other="漫畫版"), "a version that only one names, without pages"),
    (_pride(edition="Abridged ed."), _pride(edition="Unabridged"), "shortened and whole"),
    (_dream(extent="1 DVD影碟"), _dream(extent="1 藍光影碟"), "discs for other players"),
    (_pride(format=Format.MAP), _pride(), "a map and a book"),
    (_pride(), make_record("Pride and prejudice"), "an undated stub absorbs nothing"),
    (make_record("Report"), make_record("Report"), "two stubs with a generic title"),
    (_pride(title="Annual report 2003"), _pride(title="Annual report 2004", year=2004), "years in generic titles"),
    (_dream(edition="初版"), _dream(edition="初版", year=1989, pages=1301), "a later year and another setting"),
    (_dream(title="統計年報 98年度"), _dream(title="統計年報 99年度", year=1985), "what comes out anew each year"),
    (_dream(title="三國演義", other="注音版"), _dream(title="三國演義", other="漫畫版"), "two versions of a year"),
    (_dream(), _dream(other="大字版", pages=1490), "a version, set anew"),
    (_dream(), _dream(language="eng", publisher="三民書局"), "with another house no code is needed to tell"),
    (_cat(), _cat(title="Tonari no totoro", **LETTERS), "letters that the kana cannot sound like"),
    (_cat(title="日本文学史"), _cat(title="Nihon bungakushi", **LETTERS), "year and pages alone fit many books"),
    (_thai(), _thai(title="Rāingān pračham pī", publisher="Sayām Rat"), "another Thai title"),
    (
        _thai(title="รายงานประจำปี", author="กรมป่าไม้", publisher="กรมป่าไม้"),
        _thai(title="รายงานประจำปี", author="ธนาคารแห่งประเทศไทย", publisher="ธนาคารแห่งประเทศไทย"),
        "two bodies' reports of a year, by chance of one length",
    ),
    (_dream(other="商業類", pages=322), _dream(pages=512), "a volume told by its subtitle, and other pages"),
]


@pytest.mark.parametrize(("a", "b", "why"), SAME, ids=[why for *_, why in SAME])
def test_pairs_that_are_one_edition(a: Record, b: Record, why: str) -> None:
    judged = compare(a, b)
    assert judged.verdict == "same", _told(judged)


@pytest.mark.parametrize(("a", "b", "why"), NOT_SAME, ids=[why for *_, why in NOT_SAME])
def test_pairs_that_are_not(a: Record, b: Record, why: str) -> None:
    judged = compare(a, b)
    assert judged.verdict != "same", _told(judged)


@pytest.mark.parametrize(("a", "b"), [(a, b) for a, b, _ in SAME + NOT_SAME])
def test_the_order_of_the_records_only_swaps_the_values(a: Record, b: Record) -> None:
    forth, back = compare(a, b), compare(b, a)
    assert (forth.score, forth.verdict) == (back.score, back.verdict)
    assert tuple(replace(reason, a=reason.b, b=reason.a) for reason in forth.reasons) == back.reasons


@pytest.mark.parametrize(
    ("one", "other", "statement", "why"),
    [
        ({"isbn": ISBN}, {"isbn": OTHER_ISBN, "year": 1999}, "isbns_differ", "with another year it is another edition"),
        ({"edition": "2nd ed."}, {"edition": "3rd ed.", "year": 2006}, "editions_differ", "numbers that both state"),
        ({"other": "teacher's guide"}, {}, "companion_named_by_one", "a book and the teacher's"),
        ({"part": "1"}, {"part": "2"}, "parts_differ", "one is not the other"),
        ({"carrier": Carrier.ONLINE}, {}, "carriers_differ", "a file is no book"),
        ({"translator": "李四"}, {"translator": "張三"}, "translators_differ", "two translations are two editions"),
        ({"publisher": "Norton", "year": 1999}, {}, "publishers_differ", "a reprint by another house"),
        (
            {"author": "Grahame-Smith, Seth", "publisher": "Quirk", "pages": 319},
            {},
            "creators_differ",
            "two books that bear one title",
        ),
    ],
)
def test_a_veto_is_named_and_decides_alone(
    one: dict[str, Any], other: dict[str, Any], statement: str, why: str
) -> None:
    judged = compare(_pride(**one), _pride(**other))
    assert judged.verdict == "different"
    assert statement in {reason.statement for reason in judged.reasons if reason.veto}
    assert judged.reasons[0].veto, "vetoes come first"


def test_without_the_conflict_the_same_pair_has_no_veto() -> None:
    assert not any(reason.veto for reason in compare(_pride(), _pride()).reasons)


def test_titles_nobody_reads_meet_by_a_shared_number() -> None:
    characters, letters = (_cat(title=title, isbn=ISBN) for title in ("日本文学史", "Nihon bungakushi"))
    assert compare(characters, letters).verdict == "same"


def test_versions_that_both_name_are_a_veto_and_one_alone_only_speaks_against() -> None:
    phonetic, comic, plain = (_dream(title="三國演義", other=other) for other in ("注音版", "漫畫版", ""))
    told = {reason.statement: reason for reason in compare(phonetic, comic).reasons}
    assert told["versions_differ"].veto
    told = {reason.statement: reason for reason in compare(phonetic, plain).reasons}
    assert (told["version_named_by_one"].veto, told["version_named_by_one"].weight) == (False, -2.5)


def test_two_numbers_without_a_word_of_binding_are_left_open_so_that_a_record_of_both_can_join_them() -> None:
    assert compare(_pride(isbn=ISBN), _pride(isbn=OTHER_ISBN)).verdict == "unsure"


def test_reasons_carry_the_two_values_and_add_up_to_the_score() -> None:
    judged = compare(_pride(year=2003), _pride(year=2004))
    (years,) = [reason for reason in judged.reasons if reason.statement == "one_years_apart"]
    assert (years.a, years.b) == ("2003", "2004")
    assert judged.score == pytest.approx(learned().base + sum(reason.weight for reason in judged.reasons), abs=0.05)


@pytest.mark.parametrize("special", [Format.PICTURE_BOOK, Format.COMIC])
def test_a_book_and_the_same_called_a_picture_book_are_one(special: Format) -> None:
    assert compare(_dream(isbn=ISBN), _dream(isbn=ISBN, format=special)).verdict == "same"


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"format": Format.LARGE_PRINT, "carrier": Carrier.LARGE_PRINT}, "set in large type"),
        ({"format": Format.BRAILLE, "carrier": Carrier.BRAILLE}, "in braille"),
        ({"format": Format.ARTICLE}, "a chapter of it"),
    ],
)
def test_a_book_and_the_same_for_others_are_two(other: dict[str, Any], why: str) -> None:
    assert compare(_dream(isbn=ISBN), _dream(isbn=ISBN, **other)).verdict == "different", why


def test_serials_meet_by_issn_and_title_whatever_their_year_and_extent() -> None:
    def journal(**fields: Any) -> Record:
        return make_record("歷史研究", format=Format.SERIAL, publisher="中國社會科學雜誌社", **fields)

    assert compare(journal(issn="0459-1909", year=1954), journal(issn="0459-1909", year=1975)).verdict == "same"
    assert compare(journal(year=1954), journal(year=1954)).verdict == "same"
    assert compare(journal(issn="0459-1909"), journal(issn="0250-1589")).verdict == "different"


def test_a_series_issn_joins_no_two_books() -> None:
    one, other = _pride(issn="0459-1909"), make_record("Emma", issn="0459-1909", year=2003)
    assert not {"issn_shared"} & {reason.statement for reason in compare(one, other).reasons}


def test_an_invalid_isbn_neither_joins_nor_parts() -> None:
    wrong = tuple(replace(number, valid=False) for number in _pride(isbn=ISBN).identifiers)
    statements = {
        reason.statement for reason in compare(replace(_pride(), identifiers=wrong), _pride(isbn=ISBN)).reasons
    }
    assert not statements & {"isbn_shared", "isbns_differ"}


def test_what_is_missing_on_one_side_is_never_a_veto() -> None:
    full = _pride(isbn=ISBN, edition="2nd ed.", translator="Wang, Keyi", lccn="81010777", oclc="1234567")
    for name in ("identifiers", "agents", "imprints", "languages"):
        assert not any(reason.veto for reason in compare(full, replace(full, **{name: ()})).reasons), name
    for name in ("edition", "country"):
        assert not any(reason.veto for reason in compare(full, replace(full, **{name: ""})).reasons), name
    for name in ("year", "pages", "volumes"):
        assert not any(reason.veto for reason in compare(full, replace(full, **{name: None})).reasons), name


_VALUES = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["紅樓夢", "红楼梦 (上)", "Hong lou meng", "Emma", "Emma 2", "源氏物語", ""]),
        "other": st.sampled_from(["校注本", "a novel"]),
        "part": st.sampled_from(["上", "2", "v. 1"]),
        "author": st.sampled_from(["曹雪芹", "Cao, Xueqin", "Austen, Jane"]),
        "translator": st.sampled_from(["張三", "Li, Si"]),
        "publisher": st.sampled_from(["里仁書局", "Penguin", "s.n."]),
        "year": st.sampled_from([1984, 1985, 2003]),
        "pages": st.sampled_from([1, 200, 201, 435]),
        "volumes": st.sampled_from([1, 2, 3]),
        "edition": st.sampled_from(["初版", "二版", "2nd rev. ed.", "再版"]),
        "isbn": st.sampled_from([ISBN, OTHER_ISBN]),
        "issn": st.sampled_from(["0459-1909", "0250-1589"]),
        "language": st.sampled_from(["chi", "eng", "jpn"]),
        "format": st.sampled_from(list(Format)),
        "carrier": st.sampled_from(list(Carrier)),
    },
)


@given(_VALUES, _VALUES)
def test_any_two_records_are_judged_alike_both_ways_by_listed_statements(a: dict[str, Any], b: dict[str, Any]) -> None:
    one, other = make_record(**a), make_record(**b)
    forth, back = compare(one, other), compare(other, one)
    assert (forth.score, forth.verdict) == (back.score, back.verdict)
    assert all(reason.statement in evidence.STATEMENTS for reason in forth.reasons)
    statements = [reason.statement for reason in forth.reasons]
    assert len(statements) == len(set(statements)), "a thing is said once"


def test_vetoes_by_themselves_are_listed_statements_that_speak_against() -> None:
    assert all(evidence.BY_HAND[name] < 0 for name in ALWAYS)


def _told(judged: Judgement) -> str:
    return f"{judged.verdict} {judged.score} " + ", ".join(f"{r.statement} {r.weight}" for r in judged.reasons)


def _namesake(ref: str, author: str, **fields: Any) -> Record:
    given: dict[str, Any] = {"publisher": "Norton", "year": 1978, "pages": 506, "place": "New York"}
    return make_record(fields.pop("title", "Statistics"), ref, author=author, **given | fields)


@pytest.mark.parametrize(
    ("one", "other", "two", "why"),
    [
        (_namesake("a:1", "Freedman, David"), _namesake("b:1", "Witte, Robert S."), True, "two people"),
        (_namesake("a:1", "Freedman, David"), _namesake("b:1", "Freedman, D."), False, "one, with an initial"),
        (_namesake("a:1", "Freedman, David"), _namesake("b:1", "Friedman, David"), False, "one, misspelt"),
        (
            _namesake("a:1", "Siegvolk, Paul", responsibility="by Paul Siegvolk"),
            _namesake("b:1", "Mathews, Albert", responsibility="by Paul Siegvolk"),
            False,
            "a pseudonym and its bearer: the title page names one",
        ),
        (_namesake("a:1", "Freedman, David"), _namesake("b:1", "American Statistical Association"), False, "a body"),
        (
            _namesake("a:1", "Grant, Anne", title="The copper bearing rocks of Wisconsin"),
            _namesake("b:1", "Mullins, William", title="The copper bearing rocks of Wisconsin"),
            False,
            "a title that no other book bears",
        ),
    ],
)
def test_two_books_of_one_short_title_by_two_people_are_two(one: Record, other: Record, two: bool, why: str) -> None:
    assert ("creators_differ" in _vetoes(one, other)) is two, why


def _vetoes(one: Record, other: Record) -> set[str]:
    return {reason.statement for reason in compare(one, other).reasons if reason.veto}


@pytest.mark.parametrize(
    ("editions", "years", "one", "why"),
    [
        (("第十版", "第十一版"), (2019, 2020), False, "a new edition each year"),
        (("第十版", "第二十版"), (2019, 2020), True, "ten in a year are printings"),
        (("第十版", "第十版"), (2019, 2020), True, "one number"),
        (("", "第十一版"), (2019, 2020), True, "one number alone says nothing"),
    ],
)
def test_high_numbers_count_printings_unless_they_keep_step_with_the_years(
    editions: tuple[str, str], years: tuple[int, int], one: bool, why: str
) -> None:
    made = [
        make_record(
            "行政法", f"{place}:1", author="林清", publisher="千華數位文化", year=year, edition=edition, pages=706
        )
        for place, year, edition in zip("ab", years, editions, strict=True)
    ]
    assert (compare(*made).verdict == "same") is one, why


def test_what_is_brought_up_to_date_each_year_keeps_its_size() -> None:
    laws = [
        make_record("交通法規彙編", f"{p}:1", publisher="交通部", year=y, pages=980)
        for p, y in (("a", 2015), ("b", 2016))
    ]
    novel = [
        make_record("交通的小說", f"{p}:1", publisher="交通部", year=y, pages=980)
        for p, y in (("a", 2015), ("b", 2016))
    ]
    assert "same_setting" not in {reason.statement for reason in compare(*laws).reasons}
    assert "same_setting" in {reason.statement for reason in compare(*novel).reasons}
