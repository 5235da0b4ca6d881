from __future__ import annotations

import pytest

from indexer import marc21, marc21_access
from indexer.record import Agent, Classification, Identifier, Imprint, Link, Series, Subject, Title
from tests.support.marc import marc, read_text

WITHOUT = marc("=001  1\n=999  \\\\$aonly a local field")
"""The twin of every field test: a record that has none of the fields."""


def test_245_is_the_title_proper_without_isbd_punctuation_and_responsibility() -> None:
    record = marc("=245  10$a紅樓夢 :$b一百二十回本.$n第一冊,$p金陵十二釵 /$c(清)曹雪芹著.")
    assert marc21.titles(record) == (Title("紅樓夢", "一百二十回本", "第一冊", "金陵十二釵"),)
    assert marc21.responsibility(record) == "(清)曹雪芹著"


def test_a_record_without_titles_has_none() -> None:
    assert marc21.titles(WITHOUT) == ()
    assert marc21.responsibility(WITHOUT) == ""


def test_a_title_after_an_equals_sign_is_parallel_not_other_information() -> None:
    record = marc("=245  10$a臺灣 =$bTaiwan : an island /$c…")
    assert marc21.titles(record) == (Title("臺灣", "an island"), Title("Taiwan", kind="parallel"))


def test_the_880_of_245_comes_first_and_the_romanised_form_stands_beside_it() -> None:
    record = marc(
        "=245  10$6880-01$aHung lou meng :$ba novel /$cTs'ao.\n=880  10$6245-01/$1$a紅樓夢 :$b小說 /$c曹雪芹著."
    )
    title = marc21.titles(record)[0]
    assert (title.proper, title.other, title.romanised) == ("紅樓夢", "小說", "Hung lou meng a novel")
    assert marc21.responsibility(record) == "曹雪芹著"


def test_an_unlinked_880_title_is_a_variant() -> None:
    record = marc("=245  10$aHung lou meng.\n=880  10$6245-00/$1$a紅樓夢.")
    assert marc21.titles(record) == (Title("Hung lou meng"), Title("紅樓夢", kind="variant"))


@pytest.mark.parametrize(
    ("field", "title", "why"),
    [
        ("=130  0\\$aBible.$lEnglish.", Title("Bible", kind="uniform"), "uniform title as main entry"),
        ("=240  10$aRare earth.$l中文", Title("Rare earth", kind="uniform"), "uniform title; its language is no title"),
        ("=246  31$aTaiwan", Title("Taiwan", kind="parallel"), "246 second indicator 1"),
        ("=246  14$a封面題名", Title("封面題名", kind="cover"), "246 second indicator 4"),
        ("=246  3\\$aVariant", Title("Variant", kind="variant"), "246 without one"),
        ("=740  02$aA part", Title("A part", kind="part"), "740 second indicator 2"),
        ("=740  0\\$aAnother", Title("Another", kind="variant"), "740 without one"),
        ("=247  10$aFormer title", Title("Former title", kind="former"), "former title"),
        ("=780  00$tEarlier journal", Title("Earlier journal", kind="former"), "preceding entry"),
        ("=785  00$tLater journal", Title("Later journal", kind="later"), "succeeding entry"),
        ("=765  0\\$tThe original", Title("The original", kind="uniform"), "original language entry"),
    ],
)
def test_other_titles(field: str, title: Title, why: str) -> None:
    assert marc21.titles(marc(f"=245  00$aProper\n{field}")) == (Title("Proper"), title), why


def test_a_record_without_245_has_its_uniform_title_first() -> None:
    assert marc21.titles(marc("=130  0\\$aBible."))[0].proper == "Bible"


@pytest.mark.parametrize(
    ("field", "agent", "why"),
    [
        ("=100  1\\$aAusten, Jane,$d1775-1817.", Agent("Austen, Jane", dates="1775-1817", main=True), "main entry"),
        ("=100  1\\$a(清)曹雪芹,$e著", Agent("曹雪芹", role="aut", main=True), "the dynasty is not part of the name"),
        ("=100  1\\$a[清] 曹雪芹", Agent("曹雪芹", main=True), "in square brackets neither"),
        ("=100  1\\$a曹雪芹著", Agent("曹雪芹", role="aut", main=True), "nor is what he did"),
        ("=700  1\\$a張愛著", Agent("張愛著"), "but a name of three characters may end so"),
        ("=700  1\\$a李明主編", Agent("李明", role="edt"), "two characters of role are no name"),
        (
            "=100  1\\$a華德$q(Ward, Peter D.)$e著",
            Agent("華德", role="aut", main=True, original="Ward, Peter D."),
            "the original name in $q",
        ),
        (
            "=700  1\\$a海明威(Ernest Hemingway),$4aut",
            Agent("海明威", role="aut", original="Ernest Hemingway"),
            "the original name in brackets",
        ),
        ("=700  1\\$aSmith, J.,$etranslator.", Agent("Smith, J.", role="trl"), "role in words"),
        ("=700  1\\$aSmith, J.$4http://id.loc.gov/vocabulary/relators/ill", Agent("Smith, J.", role="ill"), "as URI"),
        (
            "=100  0\\$aElizabeth$bII,$cQueen of Great Britain,$d1926-2022",
            Agent("Elizabeth II, Queen of Great Britain", dates="1926-2022", main=True),
            "of a forename the titles distinguish",
        ),
        ("=110  2\\$a國家圖書館.$b編目組", Agent("國家圖書館. 編目組", "corporate", main=True), "a body and its part"),
        ("=711  2\\$aIFLA$d(2006 :$cSeoul)", Agent("IFLA (2006 : Seoul)", "meeting"), "a meeting"),
        ("=720  \\\\$aAnon$eauthor", Agent("Anon", role="aut"), "an uncontrolled name"),
    ],
)
def test_agents(field: str, agent: Agent, why: str) -> None:
    assert marc21_access.agents(marc(field)) == (agent,), why


def test_agents_are_in_both_scripts_where_880_is_linked() -> None:
    record = marc("=100  1\\$6880-01$aCao, Xueqin,$d1715-1763.\n=880  1\\$6100-01/$1$a曹雪芹,$d1715-1763.")
    assert marc21_access.agents(record) == (Agent("曹雪芹", dates="1715-1763", romanised="Cao, Xueqin", main=True),)


def test_main_entries_come_before_added_ones_and_no_name_twice() -> None:
    record = marc("=700  1\\$aB, C.\n=100  1\\$aA, B.\n=700  1\\$aB, C.")
    assert [agent.name for agent in marc21_access.agents(record)] == ["A, B.", "B, C."]


def test_a_record_without_agents_has_none() -> None:
    assert marc21_access.agents(WITHOUT) == ()


def test_edition_statement() -> None:
    assert marc21.edition(marc("=250  \\\\$a初版.")) == "初版"
    assert marc21.edition(WITHOUT) == ""


@pytest.mark.parametrize(
    ("text", "imprints", "why"),
    [
        ("=260  \\\\$a臺北市 :$b時報,$c2004[民93]", (Imprint("臺北市", "時報", "2004[民93]"),), "260"),
        (
            "=264  \\4$c©2003\n=264  \\2$aB :$bDistributor\n=264  \\1$aA :$bPublisher,$c2004.",
            (Imprint("A", "Publisher", "2004"), Imprint("B", "Distributor")),
            "publication first, a copyright date is no imprint",
        ),
        ("=260  \\\\$aLondon ;$aNew York :$bOUP,$c2000.", (Imprint("London; New York", "OUP", "2000"),), "two places"),
        (
            "=260  \\\\$aA :$bX ;$aB :$bY,$c2000.",
            (Imprint("A", "X", "2000"), Imprint("B", "Y")),
            "a place after a publisher begins another imprint",
        ),
    ],
)
def test_imprints(text: str, imprints: tuple[Imprint, ...], why: str) -> None:
    assert marc21.imprints(marc(text)) == imprints, why


def test_imprint_in_both_scripts() -> None:
    record = marc("=260  \\\\$6880-01$aTaibei :$bShibao,$c2004.\n=880  \\\\$6260-01/$1$a臺北 :$b時報,$c2004.")
    assert marc21.imprints(record) == (Imprint("臺北", "時報", "2004", "Taibei Shibao"),)


def test_a_record_without_imprint_has_none() -> None:
    assert marc21.imprints(WITHOUT) == ()


@pytest.mark.parametrize(
    ("text", "year", "why"),
    [
        ("=008  040101s2004    ch            000 0 chi d\n=260  \\\\$c2005", 2004, "008 is believed first"),
        (
            "=008  040101suuuu    ch            000 0 chi d\n=260  \\\\$c民93",
            2004,
            "the imprint where 008 knows nothing",
        ),
        ("=008  short\n=264  \\4$c©2003\n=264  \\1$c2004", 2004, "publication before copyright"),
        ("=264  \\4$c©2003", 2003, "copyright where nothing else is known"),
        ("=008  040101s19uu    ch            000 0 chi d\n=260  \\\\$c[19--]", None, "unknown stays unknown"),
        ("=001  1", None, "not stated"),
    ],
)
def test_year(text: str, year: int | None, why: str) -> None:
    assert marc21.years(marc(text)).start == year, why


def test_extent_and_what_is_counted_in_it() -> None:
    record = read_text("=245  00$aT\n=300  \\\\$axii, 354 p. :$bill. ;$c21 cm. +$e1 CD-ROM")
    assert record.extent == "xii, 354 p. : ill. ; 21 cm + 1 CD-ROM"
    assert (record.pages, record.volumes) == (354, None)
    without = read_text("=245  00$aT")
    assert (without.extent, without.pages, without.volumes) == ("", None, None)


@pytest.mark.parametrize(
    ("text", "series", "why"),
    [
        ("=490  1\\$a藍小說 ;$v84", (Series("藍小說", "84"),), "490"),
        ("=490  1\\$aSeries ;$v1\n=830  \\0$aSeries ;$v1.", (Series("Series", "1"),), "traced the same: once"),
        (
            "=490  1\\$aSeries ;$v1\n=830  \\0$aOther ;$v2.",
            (Series("Series", "1"), Series("Other", "2")),
            "traced otherwise",
        ),
        ("=440  \\0$aOld series ;$v3", (Series("Old series", "3"),), "440 of before 2008"),
        ("=490  0\\$aGrantha-mala ; 37", (Series("Grantha-mala", "37"),), "the number left in $a"),
        ("=800  1\\$aRowling, J. K.$tHarry Potter ;$v1", (Series("Harry Potter", "1"),), "under a name"),
        ("=001  1", (), "none"),
    ],
)
def test_series(text: str, series: tuple[Series, ...], why: str) -> None:
    assert marc21.series(marc(text)) == series, why


def test_notes_summary_and_contents() -> None:
    record = marc("=500  \\\\$aA note.\n=504  \\\\$aIndex.\n=590  \\\\$aLocal.\n=520  \\\\$aAbout.\n=505  0\\$a1 -- 2")
    assert marc21.notes(record) == ("A note.", "Index.")
    assert marc21.summary(record) == "About."
    assert marc21.contents(record) == "1 -- 2"
    assert (marc21.notes(WITHOUT), marc21.summary(WITHOUT), marc21.contents(WITHOUT)) == ((), "", "")


@pytest.mark.parametrize(
    ("field", "subject", "why"),
    [
        ("=650  \\0$aWomen$zChina$vFiction.", Subject("Women -- China -- Fiction", "lcsh"), "LCSH"),
        ("=650  \\7$a中國文學$x小說$2csht", Subject("中國文學 -- 小說", "csht"), "the scheme of $2"),
        ("=650  \\4$aOwn words", Subject("Own words"), "scheme not stated"),
        ("=600  10$aCao, Xueqin,$d1715-1763.", Subject("Cao, Xueqin, 1715-1763", "lcsh", "person"), "a person"),
        (
            "=610  20$aUnited Nations.$bSecretariat",
            Subject("United Nations. Secretariat", "lcsh", "corporate"),
            "a body",
        ),
        ("=630  00$aBible.$pGenesis", Subject("Bible. Genesis", "lcsh", "title"), "a title"),
        ("=651  \\0$aTaiwan$xHistory", Subject("Taiwan -- History", "lcsh", "place"), "a place"),
        ("=655  \\7$aNovels.$2lcgft", Subject("Novels", "lcgft", "genre"), "a genre"),
        ("=648  \\7$a1990-1999$2fast", Subject("1990-1999", "fast", "period"), "a period"),
        ("=653  \\\\$afree", Subject("free"), "an uncontrolled term"),
    ],
)
def test_subjects(field: str, subject: Subject, why: str) -> None:
    assert marc21_access.subjects(marc(field)) == (subject,), why


def test_a_subject_in_both_scripts() -> None:
    record = marc("=650  \\0$6880-01$aHong lou meng.\n=880  \\0$6650-01/$1$a紅樓夢.")
    assert marc21_access.subjects(record) == (Subject("紅樓夢", "lcsh", romanised="Hong lou meng"),)


def test_a_record_without_subjects_has_none() -> None:
    assert marc21_access.subjects(WITHOUT) == ()


@pytest.mark.parametrize(
    ("field", "expected", "why"),
    [
        ("=082  04$a823/.7$222", Classification("823.7", "ddc"), "Dewey, prime marks out"),
        ("=050  \\4$aPR4034$b.P7", Classification("PR4034", "lcc"), "Library of Congress"),
        ("=090  \\\\$aPL2727 .S2$bA1", Classification("PL2727 .S2", "lcc"), "local, of its pattern"),
        ("=090  \\\\$a857.7", Classification("857.7", "other"), "local, of no pattern: nobody says which scheme"),
        ("=084  \\\\$a857.49$2ncsclt", Classification("857.49", "ncsclt"), "中文圖書分類法"),
        ("=084  \\\\$a913.6$2njb/09", Classification("913.6", "ndc"), "Nippon Decimal"),
        ("=084  \\\\$a810$2kdcp", Classification("810", "kdc"), "Korean Decimal"),
        ("=084  \\\\$aXY$2rvk", Classification("XY", "other"), "another"),
        ("=080  \\\\$a821.111", Classification("821.111", "udc"), "Universal Decimal"),
    ],
)
def test_classifications(field: str, expected: Classification, why: str) -> None:
    assert marc21_access.classifications(marc(field)) == (expected,), why


def test_a_record_without_classification_has_none() -> None:
    assert marc21_access.classifications(WITHOUT) == ()


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("=020  \\\\$a9571341649 (平裝)", Identifier("isbn", "9789571341644", "平裝"), "ISBN with its binding"),
        (
            "=020  \\\\$a9789571341644$q(pbk. :$qv. 1)",
            Identifier("isbn", "9789571341644", "pbk.; v. 1", volume="v. 1"),
            "in $q",
        ),
        ("=020  \\\\$z9789571341644", Identifier("isbn", "9789571341644", valid=False), "cancelled"),
        ("=022  \\\\$a0378-5955", Identifier("issn", "0378-5955"), "ISSN"),
        ("=022  \\\\$y0378-5955", Identifier("issn", "0378-5955", valid=False), "wrong ISSN"),
        ("=024  2\\$aM-2306-7118-7", Identifier("ismn", "9790230671187"), "ISMN"),
        ("=024  3\\$a9789571341644", Identifier("isbn", "9789571341644"), "an EAN that is an ISBN"),
        ("=010  \\\\$a   85000002 ", Identifier("lccn", "85000002"), "LCCN"),
        ("=035  \\\\$a(OCoLC)ocm00012345", Identifier("oclc", "12345"), "OCLC"),
        ("=035  \\\\$z(OCoLC)12345", Identifier("oclc", "12345", valid=False), "merged OCLC number"),
        ("=001  ocm00012345", Identifier("oclc", "12345"), "OCLC's prefix in 001"),
        ("=001  12345\n=003  OCoLC", Identifier("oclc", "12345"), "OCLC as the control number's owner"),
        ("=015  \\\\$aGB123$2bnb", Identifier("national", "(bnb)GB123"), "national bibliography"),
        ("=016  7\\$a0123$2DE-101", Identifier("national", "(DE-101)0123"), "national agency"),
    ],
)
def test_identifiers(text: str, expected: Identifier, why: str) -> None:
    assert marc21_access.identifiers(marc(text)) == (expected,), why


@pytest.mark.parametrize("number", ["16,B21", "USSR***"])
def test_a_number_that_names_a_whole_list_is_no_identifier(number: str) -> None:
    assert marc21_access.identifiers(marc(f"=015  \\\\$a{number}$2dnb")) == ()


def test_control_numbers_of_others_are_no_identifiers() -> None:
    assert marc21_access.identifiers(marc("=001  12345\n=035  \\\\$a(Sirsi)a1")) == ()


@pytest.mark.parametrize(
    ("text", "languages", "originals", "why"),
    [
        ("=008  040101s2004    ch            000 0 chi d", ("chi",), (), "008"),
        ("=008  040101s2004    ch            000 0 chi d\n=041  1\\$achi$aeng$hjpn", ("chi", "eng"), ("jpn",), "041"),
        ("=041  0\\$aengfre", ("eng", "fre"), (), "written together"),
        ("=041  07$azh$2iso639-1", ("chi",), (), "ISO 639-1"),
        ("=041  0\\$ascr", ("hrv",), (), "a code MARC has given up"),
        ("=008  040101s2004    ch            000 0 und d", (), (), "undetermined is not stated"),
        ("=008  040101s2004    ch            000 0 ||| d", (), (), "not coded"),
        ("=001  1", (), (), "none"),
    ],
)
def test_languages(text: str, languages: tuple[str, ...], originals: tuple[str, ...], why: str) -> None:
    assert (marc21.languages(marc(text)), marc21.original_languages(marc(text))) == (languages, originals), why


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("=008  040101s2004    ch            000 0 chi d", "ch"),
        ("=008  040101s2004    nyu           000 0 eng d", "nyu"),
        ("=008  040101s2004    ||            000 0 eng d\n=044  \\\\$avm", "vm"),
        ("=001  1", ""),
    ],
)
def test_country(text: str, country: str) -> None:
    assert marc21.country(marc(text)) == country


@pytest.mark.parametrize(
    ("field", "link", "why"),
    [
        ("=856  40$uhttp://x.tw/1$y全文", Link("http://x.tw/1", "全文", "fulltext"), "the resource itself"),
        (
            "=856  41$3Table of contents$uhttp://x.tw/2",
            Link("http://x.tw/2", "Table of contents", "contents"),
            "contents",
        ),
        ("=856  42$3封面$uhttps://x.tw/3", Link("https://x.tw/3", "封面", "cover"), "cover"),
        ("=856  42$uhttps://x.tw/4", Link("https://x.tw/4", "", "elsewhere"), "related"),
    ],
)
def test_links(field: str, link: Link, why: str) -> None:
    assert marc21_access.links(marc(field)) == (link,), why


def test_an_address_no_browser_should_follow_is_no_link() -> None:
    assert marc21_access.links(marc("=856  40$ujavascript:alert(1)")) == ()
    assert marc21_access.links(WITHOUT) == ()
