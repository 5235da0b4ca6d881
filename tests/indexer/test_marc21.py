from __future__ import annotations

import pytest

from indexer import marc21, marc21_access, marc21_numbers
from indexer.record import Agent, Classification, Identifier, Imprint, Link, Series, Subject
from tests.support.marc import marc, read_text

WITHOUT = marc("=001  1\n=999  \\\\$aonly a local field")
"""The twin of every field test: a record that has none of the fields."""


@pytest.mark.parametrize(
    ("field", "agent", "why"),
    [
        ("=100  1\\$aAusten, Jane,$d1775-1817.", Agent("Austen, Jane", dates="1775-1817", main=True), "main entry"),
        ("=100  1\\$a(清)曹雪芹,$e著", Agent("曹雪芹", role="aut", main=True), "the dynasty is not part of the name"),
        ("=100  1\\$a[清] 曹雪芹", Agent("曹雪芹", main=True), "in square brackets neither"),
        ("=100  1\\$a曹雪芹著", Agent("曹雪芹", role="aut", main=True), "nor is what he did"),
        ("=700  1\\$a陳墨編", Agent("陳墨編"), "but a name of three characters may end so"),
        (
            "=245  00$aT /$c陳墨編\n=700  1\\$a陳墨編",
            Agent("陳墨", role="edt"),
            "unless the title page has a role there",
        ),
        (
            "=100  1\\$aKing, Martin Luther,$cJr.,$d1929-1968",
            Agent("King, Martin Luther, Jr.", dates="1929-1968", main=True),
            "a generation",
        ),
        ("=100  0\\$a金庸$c(查良鏞)", Agent("金庸", main=True, original="查良鏞"), "the real name in $c"),
        ("=100  1\\$a金庸$c(作家)", Agent("金庸", main=True), "what he is"),
        ("=100  1\\$aDoyle, Arthur Conan,$cSir", Agent("Doyle, Arthur Conan", main=True), "a title is none"),
        (
            "=100  1\\$aLewis, C. S.$q(Clive Staples)",
            Agent("Lewis, C. S.", main=True, original="Lewis, Clive Staples"),
            "initials spelt out",
        ),
        ("=110  2\\$a臺灣銀行編", Agent("臺灣銀行", "corporate", "edt", main=True), "what a body did"),
        ("=710  2\\$a(日本)文部省編,$e編", Agent("文部省", "corporate", "edt"), "said twice"),
        (
            "=245  00$aT /$c臺灣銀行編\n=710  2\\$a臺灣銀行",
            Agent("臺灣銀行", "corporate", "edt"),
            "as the title page has it",
        ),
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
        ("=100  1\\$a魯迅(1881-1936)", Agent("魯迅", dates="1881-1936", main=True), "dates left in the name"),
        ("=100  1\\$a蘇軾 (宋)", Agent("蘇軾", main=True), "the dynasty behind the name"),
        ("=700  1\\$a李白等", Agent("李白"), "and others are no part of it"),
        (
            "=100  1\\$a海明威,$c(Hemingway, Ernest, 1899-1961)",
            Agent("海明威", dates="1899-1961", main=True, original="Hemingway, Ernest"),
            "the original name with its dates in $c",
        ),
        (
            "=100  1\\$aAusten, Jane$0(DE-588)118505173$1http://viaf.org/viaf/102333412",
            Agent(
                "Austen, Jane",
                main=True,
                number="(DE-588)118505173",
                more_numbers=("http://viaf.org/viaf/102333412",),
            ),
            "the numbers of its authority record",
        ),
        (
            "=700  1\\$6880-07$aLei, Lu.\n=880  1\\$6700-07/$1$a雷露.",
            Agent("雷露", romanised="Lei, Lu"),
            "the full stop of the field is no part of a syllable",
        ),
        (
            "=700  1\\$a張玲$4trl$4ill",
            Agent("張玲", role="trl", more_roles=("ill",)),
            "two roles",
        ),
        (
            "=245  00$aT /$c張玲譯\n=700  1\\$a張玲,$e口述整理人員",
            Agent("張玲", role="trl", more_roles=("口述整理人員",)),
            "a word no table knows stays beside what the statement says",
        ),
        (
            "=710  2\\$aIFLA$1http://viaf.org/viaf/1",
            Agent("IFLA", "corporate", number="http://viaf.org/viaf/1"),
            "or its address",
        ),
        (
            "=245  00$aT$c奧斯丁著 ; 張玲, 張揚譯\n=700  1\\$a張玲",
            Agent("張玲", role="trl"),
            "the role as the statement of responsibility has it",
        ),
        ("=245  00$aT$c李明譯\n=700  1\\$a張玲", Agent("張玲"), "but not another's"),
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


@pytest.mark.parametrize("nobody", ["佚名", "不著撰人", "[撰者不詳]", "不詳", "佚名撰"])
def test_words_that_nobody_is_known_name_nobody(nobody: str) -> None:
    assert marc21_access.agents(marc(f"=245  00$aT /$c{nobody}\n=100  0\\$a{nobody}")) == ()


def test_uncontrolled_terms_written_together_are_headings_of_their_own() -> None:
    found = marc21_access.subjects(marc("=653  \\\\$a甲;乙、丙\n=650  \\4$a甲; 乙"))
    assert [one.text for one in found] == ["甲; 乙", "甲", "乙", "丙"]


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
        (
            "=490  1\\$aMain series ;$vv. 1.$aSub series ;$v2",
            (Series("Main series", "v. 1"), Series("Sub series", "2")),
            "a series within a series, each with its number",
        ),
        (
            "=490  1\\$a藍小說 =$aBlue fiction ;$v84",
            (Series("藍小說", "84"), Series("Blue fiction", "84")),
            "its title in two languages, with one number",
        ),
        (
            "=490  1\\$a藍小說 ;$v第84種 =$aBlue fiction ;$vno. 84",
            (Series("藍小說", "第84種"), Series("Blue fiction", "no. 84")),
            "each with its number",
        ),
        ("=490  1\\$a叢書 = Series ; 5", (Series("叢書", "5"), Series("Series", "5")), "all of it in $a"),
        (
            "=490  1\\$aA =$aB ;$v1.$aC ;$v2",
            (Series("A", "1"), Series("B", "1"), Series("C", "2")),
            "a subseries behind a parallel title",
        ),
        (
            "=490  1\\$6880-03$aLan xiao shuo ;$v84\n=880  1\\$6490-03/$1$a藍小說 ;$v84",
            (Series("藍小說", "84", "Lan xiao shuo"),),
            "romanised beside",
        ),
        (
            "=490  1\\$6880-03$a岩波文庫 ;$v5\n=880  1\\$6490-03/$1$aイワナミ ブンコ ;$v5",
            (Series("岩波文庫", "5", "Iwanami bunko", "イワナミ ブンコ"),),
            "its reading in kana",
        ),
        ("=830  \\0$aSeries.$nPart 1,$pName ;$v2", (Series("Series. Part 1, Name", "2"),), "a part of a series"),
        ("=440  \\0$aOld series ;$v3", (Series("Old series", "3"),), "440 of before 2008"),
        ("=490  0\\$aGrantha-mala ; 37", (Series("Grantha-mala", "37"),), "the number left in $a"),
        ("=800  1\\$aRowling, J. K.$tHarry Potter ;$v1", (Series("Harry Potter", "1"),), "under a name"),
        ("=001  1", (), "none"),
    ],
)
def test_series(text: str, series: tuple[Series, ...], why: str) -> None:
    assert marc21.series(marc(text)) == series, why


def test_an_880_of_no_field_is_found_among_the_notes() -> None:
    assert marc21.notes(marc("=500  \\\\$aA note.\n=880  10$6880-01$a紅樓夢 /$c曹雪芹")) == (
        "A note.",
        "紅樓夢 / 曹雪芹",
    )


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
        ("=650  \\7$a臺灣史$2cst", Subject("臺灣史", "lcstt"), "under CMARC's code"),
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
        ("=653  \\5$a臺北", Subject("臺北", kind="place"), "an uncontrolled place"),
        ("=650  \\\\$aOwn$2local", Subject("Own", "local"), "a scheme though the indicator is not set"),
        ("=600  17$a(清)曹雪芹$x傳記$2csht", Subject("曹雪芹 -- 傳記", "csht", "person"), "a name without its dynasty"),
        ("=656  \\7$aTeachers$2lcsh", Subject("Teachers", "lcsh"), "an occupation"),
        ("=662  \\\\$aTaiwan$dTaipei$2tgn", Subject("Taiwan Taipei", "tgn", "place"), "a place in a place"),
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
        ("=084  \\\\$a857.49$2中國圖書分類法", Classification("857.49", "ncsclt"), "its name before 2007"),
        ("=084  \\\\$a857.49$2何日章", Classification("857.49", "ho"), "another scheme of nearly the same name"),
        ("=084  \\\\$aI561.44$2clc", Classification("I561.44", "clc"), "中图法"),
        ("=082  04$a857.49$2ncsclt", Classification("857.49", "ncsclt"), "in Dewey's field, and said so"),
        ("=083  04$a823.7$222", Classification("823.7", "ddc"), "an additional number of Dewey's"),
        ("=056  \\\\$a813.6$26", Classification("813.6", "kdc"), "Korean Decimal, as Korea's records have it"),
        ("=055  \\0$aPS8501", Classification("PS8501", "lcc"), "as Canada's have LCC"),
        ("=060  \\\\$aWB 100", Classification("WB 100", "other"), "of the National Library of Medicine"),
        ("=082  0\\$a[Fic]", Classification("Fic", "other"), "a shelf, no number of Dewey's"),
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
        (
            "=020  \\\\$a9571341649 (第1冊 : 平裝)",
            Identifier("isbn", "9789571341644", "第1冊 : 平裝", volume="第1冊"),
            "a volume",
        ),
        ("=020  \\\\$a9571341649 (全套)", Identifier("isbn", "9789571341644", "全套"), "the set is no volume"),
        ("=024  7\\$a1009300001$2gpn", Identifier("national", "(gpn)1009300001"), "government publication number"),
        ("=086  \\\\$aGPN 1009300001", Identifier("national", "(gpn)1009300001"), "marked in another number's field"),
        (
            "=022  \\\\$m0378-5955",
            Identifier("issn", "0378-5955", valid=False, cancelled=True),
            "cancelled linking ISSN",
        ),
        ("=020  \\\\$z9789571341644", Identifier("isbn", "9789571341644", valid=False, cancelled=True), "cancelled"),
        ("=022  \\\\$a0378-5955", Identifier("issn", "0378-5955"), "ISSN"),
        ("=022  \\\\$l0378-5955", Identifier("issn_l", "0378-5955"), "of all media of the serial: no ISSN of its own"),
        ("=022  \\\\$y0378-5955", Identifier("issn", "0378-5955", valid=False, cancelled=True), "wrong ISSN"),
        ("=024  7\\$aA-1 2$2qqnum", Identifier("other", "(qqnum)A-1 2"), "a kind of number that no list knows"),
        ("=024  7\\$z0009$2gtin-14", Identifier("other", "(gtin-14)0009", "", False, "", True), "one it takes back"),
        ("=024  0\\$aUSQX91501101", Identifier("other", "(isrc)USQX91501101"), "a recording's"),
        ("=028  01$aBR 123$bRock", Identifier("other", "(Rock)BR 123"), "of a publisher of music"),
        ("=030  \\\\$zASIRAF", Identifier("other", "(coden)ASIRAF", "", False, "", True), "a CODEN taken back"),
        ("=088  \\\\$aNASA-RP-1124", Identifier("other", "NASA-RP-1124"), "of a report"),
        ("=024  8\\$aHN 12", Identifier("other", "HN 12"), "nobody says whose"),
        ("=024  2\\$aM-2306-7118-7", Identifier("ismn", "9790230671187"), "ISMN"),
        ("=024  3\\$a9790230671187", Identifier("ismn", "9790230671187"), "an EAN that is an ISMN"),
        ("=024  3\\$a9789571341644", Identifier("isbn", "9789571341644"), "an EAN that is an ISBN"),
        ("=010  \\\\$a   85000002 ", Identifier("lccn", "85000002"), "LCCN"),
        ("=035  \\\\$a(OCoLC)ocm00012345", Identifier("oclc", "12345"), "OCLC"),
        ("=035  \\\\$a(OCLC)12345", Identifier("oclc", "12345"), "its organisation as some type it"),
        ("=035  \\\\$aocm00012345", Identifier("oclc", "12345"), "by its prefix alone"),
        (
            "=020  \\\\$aGPN：1009300001(平裝)",
            Identifier("national", "(gpn)1009300001"),
            "which is no ISBN of ten digits",
        ),
        ("=017  \\\\$a93-1234$b國家圖書館", Identifier("national", "(國家圖書館)93-1234"), "legal deposit"),
        ("=035  \\\\$z(OCoLC)12345", Identifier("oclc", "12345", valid=False, cancelled=True), "merged OCLC number"),
        ("=001  ocm00012345", Identifier("oclc", "12345"), "OCLC's prefix in 001"),
        ("=001  12345\n=003  OCoLC", Identifier("oclc", "12345"), "OCLC as the control number's owner"),
        ("=015  \\\\$aGB123$2bnb", Identifier("national", "(bnb)GB123"), "national bibliography"),
        ("=016  7\\$a0123$2DE-101", Identifier("national", "(DE-101)0123"), "national agency"),
    ],
)
def test_identifiers(text: str, expected: Identifier, why: str) -> None:
    assert marc21_numbers.identifiers(marc(text)) == (expected,), why


@pytest.mark.parametrize("number", ["16,B21", "USSR***"])
def test_a_number_that_names_a_whole_list_is_no_identifier(number: str) -> None:
    assert marc21_numbers.identifiers(marc(f"=015  \\\\$a{number}$2dnb")) == ()


def test_numbers_oclc_merged_into_one_are_cancelled_and_019_of_others_is_their_own() -> None:
    numbers = marc21_numbers.identifiers(marc("=035  \\\\$a(OCoLC)5\n=019  \\\\$a4$a3"))
    assert [(number.value, number.valid) for number in numbers] == [("5", True), ("4", False), ("3", False)]
    assert marc21_numbers.identifiers(marc("=019  \\\\$a4")) == ()


@pytest.mark.parametrize(
    ("field", "found", "why"),
    [
        ("=035  \\\\$a(TW-TpNCL)000123", [("other", "(TW-TpNCL)000123", True)], "the number of another catalogue"),
        ("=035  \\\\$z(TW-TpNCL)99", [("other", "(TW-TpNCL)99", False)], "one that it has no more"),
        ("=035  \\\\$a(OCoLC)123", [("oclc", "123", True)], "OCLC's alone"),
        ("=027  \\\\$aNASA-TM-86", [("other", "(strn)NASA-TM-86", True)], "the number of a report"),
        ("=020  \\\\$aCN11018·1234", [("national", "(csbn)11018·1234", True)], "统一书号"),
        ("=020  \\\\$a统一书号 : 11018・1234", [("national", "(csbn)11018·1234", True)], "by its name, another point"),
        ("=020  \\\\$a11018·1234", [("national", "(csbn)11018·1234", True)], "by its point"),
        ("=020  \\\\$a12.50元", [], "a price"),
    ],
)
def test_numbers_that_records_are_known_by(field: str, found: list[tuple[str, str, bool]], why: str) -> None:
    read = marc21_numbers.identifiers(marc(field))
    assert [(one.kind, one.value, one.valid) for one in read] == found, why


def test_control_numbers_of_others_are_no_identifiers() -> None:
    assert marc21_numbers.identifiers(marc("=001  12345\n=035  \\\\$a(Sirsi)a1")) == ()


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
        ("=856  4\\$uhttps://x.tw/5$z線上閱讀", Link("https://x.tw/5", "線上閱讀", "fulltext"), "said in words"),
        ("=856  4\\$uhttps://x.tw/6", Link("https://x.tw/6", "", "elsewhere"), "nothing said"),
        ("=856  41$3Sample text$uhttps://x.tw/7", Link("https://x.tw/7", "Sample text", "elsewhere"), "not the text"),
        ("=856  42$uhttps://x.tw/toc/8.html", Link("https://x.tw/toc/8.html", "", "contents"), "by its address"),
        ("=856  42$uhttps://x.tw/covers/9.jpg", Link("https://x.tw/covers/9.jpg", "", "cover"), "by its address"),
        ("=856  4\\$3線上$uhttps://x.tw/10", Link("https://x.tw/10", "線上", "fulltext"), "on line"),
        (
            "=856  4\\$3線上目錄$uhttps://x.tw/11",
            Link("https://x.tw/11", "線上目錄", "contents"),
            "a list of contents on line",
        ),
        ("=856  42$3書影$uhttps://x.tw/12", Link("https://x.tw/12", "書影", "cover"), "a picture of the cover"),
        ("=024  7\\$a10.1000/182$2doi", Link("https://doi.org/10.1000/182", "DOI", "elsewhere"), "a DOI"),
        ("=856  42$uhttps://x.tw/4", Link("https://x.tw/4", "", "elsewhere"), "related"),
    ],
)
def test_links(field: str, link: Link, why: str) -> None:
    assert marc21_access.links(marc(field)) == (link,), why


def test_an_address_no_browser_should_follow_is_no_link() -> None:
    assert marc21_access.links(marc("=856  40$ujavascript:alert(1)")) == ()
    assert marc21_access.links(WITHOUT) == ()


@pytest.mark.parametrize(
    ("text", "subjects", "why"),
    [
        ("=690  \\\\$a臺灣文學$x評論", (Subject("臺灣文學 -- 評論", "local", "topic"),), "the library's own heading"),
        ("=690  \\7$a小說$2lcstt", (Subject("小說", "lcstt", "topic"),), "of a thesaurus all the same"),
        ("=691  \\\\$a臺南", (Subject("臺南", "local", "place"),), "a place"),
        ("=695  \\\\$a文學", (Subject("文學", "local", "topic"),), "another of its own"),
        ("=696  1\\$a曹雪芹$v傳記", (Subject("曹雪芹 -- 傳記", "local", "person"),), "a person"),
        ("=690  \\\\$a857.7", (), "a class number is no subject"),
        ("=699  \\\\$aX", (), "another local field"),
    ],
)
def test_local_subjects(text: str, subjects: tuple[Subject, ...], why: str) -> None:
    assert marc21.FIELDS["subjects"].function(marc(text)) == subjects, why


@pytest.mark.parametrize(
    ("text", "classes", "why"),
    [
        ("=093  \\\\$a857.7$2ncsclt", (Classification("857.7", "ncsclt"),), "of the scheme it names"),
        ("=099  \\\\$a857.7 8765", (Classification("857.7 8765", "other"),), "of one that is not named"),
        ("=099  \\\\$aPL2687.C8", (Classification("PL2687.C8", "lcc"),), "by its form"),
        ("=099  \\\\$aFICTION SMITH", (), "a shelf is no class"),
        ("=001  1", (), "nothing stated"),
    ],
)
def test_local_classes(text: str, classes: tuple[Classification, ...], why: str) -> None:
    assert marc21.FIELDS["classifications"].function(marc(text)) == classes, why


@pytest.mark.parametrize(
    ("text", "number", "why"),
    [
        ("=500  \\\\$aGPN:1009300001", "(gpn)1009300001", "in a note"),
        ("=027  \\\\$aGPN 1009300001", "(gpn)1009300001", "as the number of a report"),
        ("=037  \\\\$a1009300001$bGPN", "(gpn)1009300001", "as a number of supply"),
        ("=020  \\\\$a1009300001 (GPN)", "(gpn)1009300001", "where an ISBN belongs"),
        ("=086  \\\\$a1009300001", "(gpn)1009300001", "by its form"),
        ("=017  \\\\$a1009300001$2gpn", "(gpn)1009300001", "by its source"),
        ("=086  0\\$a1009300001", "", "of another office, by the indicator"),
        ("=086  \\\\$a1234567890", "", "no year in it"),
        ("=500  \\\\$a1009300001", "", "a note that does not say so"),
        ("=017  \\\\$aA123456$bU.S. Copyright Office", "(U.S. Copyright Office)A123456", "another deposit"),
    ],
)
def test_numbers_of_government_publications(text: str, number: str, why: str) -> None:
    found = marc21.FIELDS["identifiers"].function(marc(text))
    assert [(one.kind, one.value) for one in found] == ([("national", number)] if number else []), why


def test_a_note_on_the_original_begins_with_what_it_is() -> None:
    record = marc("=534  \\\\$p影印自:$c民國23年商務印書館\n=500  \\\\$a附索引")
    assert set(marc21.notes(record)) == {"影印自: 民國23年商務印書館", "附索引"}
    assert marc21.notes(marc("=534  \\\\$c民國23年")) == ("民國23年",)
