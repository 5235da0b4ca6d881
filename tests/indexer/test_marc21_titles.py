from __future__ import annotations

import pytest

from indexer import marc21_titles
from indexer.record import Title
from tests.support.marc import marc

WITHOUT = marc("=001  1\n=999  \\\\$aonly a local field")


def test_245_is_the_title_proper_without_isbd_punctuation_and_responsibility() -> None:
    record = marc("=245  10$a紅樓夢 :$b一百二十回本.$n第一冊,$p金陵十二釵 /$c(清)曹雪芹著.")
    assert marc21_titles.titles(record) == (Title("紅樓夢", "一百二十回本", "第一冊", "金陵十二釵"),)
    assert marc21_titles.responsibility(record) == "(清)曹雪芹著"


def test_a_record_without_titles_has_none() -> None:
    assert marc21_titles.titles(WITHOUT) == ()
    assert marc21_titles.responsibility(WITHOUT) == ""
    romanised = marc("=245  10$6880-01$aHonglou meng /$cCao Xueqin\n=880  10$6245-01/$1$a紅樓夢")
    assert marc21_titles.responsibility(romanised) == "Cao Xueqin"  # the 880 gives none


def test_a_title_after_an_equals_sign_is_parallel_not_other_information() -> None:
    record = marc("=245  10$a臺灣 =$bTaiwan : an island /$c…")
    assert marc21_titles.titles(record) == (Title("臺灣"), Title("Taiwan", "an island", kind="parallel"))


@pytest.mark.parametrize(
    ("line", "titles", "why"),
    [
        (
            "$a臺大學報.$p社會科學 =$bJournal of NTU.$pHumanities /$c臺大",
            (Title("臺大學報", part_name="社會科學"), Title("Journal of NTU", part_name="Humanities", kind="parallel")),
            "each with its part",
        ),
        (
            "$a年鑑.$n98年 =$bYearbook 2009",
            (Title("年鑑", part_number="98年"), Title("Yearbook 2009", kind="parallel")),
            "behind a number",
        ),
        ("$a學報.$p人文 :$b半年刊", (Title("學報", "半年刊", part_name="人文"),), "the twin: other information"),
    ],
)
def test_a_title_parallel_to_one_with_a_part_has_its_own(line: str, titles: tuple[Title, ...], why: str) -> None:
    assert marc21_titles.titles(marc(f"=245  10{line}")) == titles, why


def test_the_880_of_245_comes_first_and_the_romanised_form_stands_beside_it() -> None:
    record = marc(
        "=245  10$6880-01$aHung lou meng :$ba novel /$cTs'ao.\n=880  10$6245-01/$1$a紅樓夢 :$b小說 /$c曹雪芹著."
    )
    title = marc21_titles.titles(record)[0]
    assert (title.proper, title.other, title.romanised) == ("紅樓夢", "小說", "Hung lou meng : a novel")
    assert marc21_titles.responsibility(record) == "曹雪芹著"


@pytest.mark.parametrize(
    ("field", "titles", "why"),
    [
        (
            "紅樓夢 =$bDream of the red chamber : a novel = 紅楼夢 /",
            (
                Title("紅樓夢"),
                Title("Dream of the red chamber", "a novel", kind="parallel"),
                Title("紅楼夢", kind="parallel"),
            ),
            "two parallel titles",
        ),
        (
            "聖經 =$bThe Bible : 新譯本 /",
            (Title("聖經", "新譯本"), Title("The Bible", kind="parallel")),
            "a subtitle in the characters of the title",
        ),
        ("聖經 =$bThe Bible /", (Title("聖經"), Title("The Bible", kind="parallel")), "no subtitle"),
        (
            "Emma =$bEmma : roman = Emma : novela /",
            (Title("Emma"), Title("Emma", "roman", kind="parallel"), Title("Emma", "novela", kind="parallel")),
            "each parallel title with its own",
        ),
        (
            "紅樓夢 :$b校注本 = Dream of the red chamber /",
            (Title("紅樓夢", "校注本"), Title("Dream of the red chamber", kind="variant")),
            "after a subtitle: its parallel, or the title's",
        ),
        (
            "聖經 :$b新譯 = The Bible : new /",
            (Title("聖經", "新譯"), Title("The Bible", "new", kind="parallel")),
            "behind a subtitle, with a subtitle of its own",
        ),
        (
            "聖經 :$b新譯 = The Bible : new = La Bible /",
            (Title("聖經", "新譯"), Title("The Bible", "new", kind="parallel"), Title("La Bible", kind="parallel")),
            "and what follows such a one",
        ),
        (
            "臺灣$b= Taiwan : an island",
            (Title("臺灣"), Title("Taiwan", "an island", kind="parallel")),
            "the sign in $b",
        ),
        ("臺灣＝$bTaiwan", (Title("臺灣"), Title("Taiwan", kind="parallel")), "the sign in full width"),
        ("Emma ;$bPersuasion /", (Title("Emma"), Title("Persuasion", kind="part")), "two works, no title for both"),
        ("Emma ;$ba novel /", (Title("Emma", "a novel"),), "a subtitle as it was parted before ISBD"),
        ("Title$h[electronic resource] :$bsub /", (Title("Title", "sub"),), "the medium is no part of it"),
        ("$bOnly here", (Title("Only here"),), "the title in the wrong subfield"),
        ("$kLetters,$f1900-1910", (Title("Letters"),), "the form stands for a title of archives"),
    ],
)
def test_what_isbd_signs_part_in_245(field: str, titles: tuple[Title, ...], why: str) -> None:
    line = field if field.startswith("$") else f"$a{field}"
    assert marc21_titles.titles(marc(f"=245  10{line}")) == titles, why


def test_a_romanised_title_leaves_parallel_ones_out() -> None:
    record = marc("=245  10$6880-01$aHong lou meng =$bDream\n=880  10$6245-01/$1$a紅樓夢 =$bDream")
    assert marc21_titles.titles(record)[0] == Title("紅樓夢", romanised="Hong lou meng")


def test_an_unlinked_880_title_in_another_script_is_the_title() -> None:
    record = marc("=245  10$aHung lou meng.\n=880  10$6245-00/$1$a紅樓夢 /$c(清)曹雪芹著")
    assert marc21_titles.titles(record) == (Title("紅樓夢", romanised="Hung lou meng"),)
    assert marc21_titles.responsibility(record) == "(清)曹雪芹著"


def test_an_unlinked_880_title_in_the_same_script_is_a_variant() -> None:
    record = marc("=245  10$a石頭記.\n=880  10$6245-00/$1$a紅樓夢.")
    assert marc21_titles.titles(record) == (Title("石頭記"), Title("紅樓夢", kind="variant"))


@pytest.mark.parametrize(
    ("field", "title", "why"),
    [
        ("=130  0\\$aBible.$lEnglish.", Title("Bible", kind="uniform"), "uniform title as main entry"),
        ("=240  10$aRare earth.$l中文", Title("Rare earth", kind="uniform"), "uniform title; its language is no title"),
        ("=246  31$aTaiwan", Title("Taiwan", kind="parallel"), "246 second indicator 1"),
        ("=246  30$aA portion", Title("A portion", kind="variant"), "a portion of the title names the same book"),
        ("=246  18$a書背", Title("書背", kind="variant"), "on the spine"),
        ("=246  1\\$i書名原文:$aThe hours", Title("The hours", kind="uniform"), "said in another word"),
        ("=240  10$aPoems.$kSelections", Title("Poems. Selections", kind="uniform"), "selections are another work"),
        (
            "=240  10$aSonatas,$mpiano,$nop. 13,$rC minor",
            Title("Sonatas, piano, C minor", part_number="op. 13", kind="uniform"),
            "medium and key tell music apart",
        ),
        ("=765  0\\$aMurakami$t海辺のカフカ", Title("海辺のカフカ", kind="uniform"), "the heading is no title"),
        ("=247  10$aFormer :$bsub", Title("Former", "sub", kind="former"), "with its subtitle"),
        ("=500  \\\\$a封面題名: 封面.", Title("封面", kind="cover"), "a note that says which title it gives"),
        ("=500  \\\\$a英文題名：The book", Title("The book", kind="parallel"), "with a full-width colon"),
        ("=500  \\\\$aTranslation of: Emma.", Title("Emma", kind="uniform"), "in English"),
        ("=246  14$a封面題名", Title("封面題名", kind="cover"), "246 second indicator 4"),
        ("=246  3\\$aVariant", Title("Variant", kind="variant"), "246 without one"),
        ("=740  02$aA part", Title("A part", kind="part"), "740 second indicator 2"),
        ("=740  0\\$aAnother", Title("Another", kind="variant"), "740 without one"),
        ("=247  10$aFormer title", Title("Former title", kind="former"), "former title"),
        ("=242  10$aSupplied in English", Title("Supplied in English", kind="variant"), "translated by the cataloguer"),
        ("=222  \\4$aKey title", Title("Key title", kind="variant"), "key title of a serial"),
        ("=730  02$aContained work", Title("Contained work", kind="part"), "730 second indicator 2"),
        ("=246  1\\$i譯自:$aSapiens", Title("Sapiens", kind="uniform"), "said to be the original title"),
        ("=246  1\\$i封面題名:$a封面", Title("封面", kind="cover"), "said to be on the cover"),
        ("=246  1\\$i英文題名:$aThe book", Title("The book", kind="parallel"), "said to be in another language"),
        ("=500  \\\\$a譯自: Pride and prejudice.", Title("Pride and prejudice", kind="uniform"), "in Taiwan's note"),
        ("=534  \\\\$pReprint of:$tOld title", Title("Old title", kind="uniform"), "the original's"),
        ("=700  12$aDante.$tInferno.", Title("Inferno", kind="part"), "a work in it, under its author"),
        (
            "=700  1\\$iTranslation of:$aHemingway, Ernest.$tOld man and the sea.",
            Title("Old man and the sea", kind="uniform"),
            "the original, as RDA has it",
        ),
        (
            "=700  12$i譯自:$aHemingway, Ernest.$tOld man and the sea.",
            Title("Old man and the sea", kind="uniform"),
            "in Chinese: one title, though its indicator says that the book contains it",
        ),
        ("=730  0\\$iTranslation of:$aEdda.", Title("Edda", kind="uniform"), "one without a maker"),
        (
            "=730  0\\$iBased on (work):$aEdda.",
            Title("Edda", kind="related"),
            "what it is from is not what it translates",
        ),
        ("=700  12$iContainer of (work):$aDante.$tInferno.", Title("Inferno", kind="part"), "a work in it"),
        ("=700  1\\$iContains (expression):$aDante.$tInferno.", Title("Inferno", kind="part"), "said in $i alone"),
        ("=710  1\\$aTaiwan.$tConstitution.", Title("Constitution", kind="related"), "of a body"),
        ("=700  1\\$aDante.$tInferno.", Title("Inferno", kind="related"), "a work it is about or from"),
        ("=700  1\\$iBased on (work):$aDante.$tInferno.", Title("Inferno", kind="related"), "said to be from it"),
        ("=700  1\\$i改編自:$a曹雪芹$t紅樓夢", Title("紅樓夢", kind="related"), "in Chinese"),
        ("=700  1\\$iSequel to:$aDante.$tInferno.", Title("Inferno", kind="related"), "what it follows"),
        ("=787  08$iCompanion to:$tAtlas", Title("Atlas", kind="related"), "what it goes with"),
        ("=772  0\\$tThe whole", Title("The whole", kind="related"), "what it is a supplement to"),
        ("=774  08$iConstituent unit:$aLu, Xun$tA Q正傳$gno. 2", Title("A Q正傳", kind="part"), "a part of it"),
        ("=505  00$tOne --$rby A.", Title("One", kind="contents"), "a chapter"),
        (
            "=773  0\\$tThe journal$g1 (2004)",
            Title("The journal", part_number="1 (2004)", kind="host"),
            "what it is in, and where",
        ),
        ("=780  00$aAuthor.$sUniform earlier", Title("Uniform earlier", kind="former"), "under its uniform title"),
        ("=780  00$tEarlier journal", Title("Earlier journal", kind="former"), "preceding entry"),
        ("=785  00$tLater journal", Title("Later journal", kind="later"), "succeeding entry"),
        ("=765  0\\$tThe original", Title("The original", kind="uniform"), "original language entry"),
    ],
)
def test_other_titles(field: str, title: Title, why: str) -> None:
    assert marc21_titles.titles(marc(f"=245  00$aProper\n{field}")) == (Title("Proper"), title), why


def test_a_record_without_245_has_its_uniform_title_first() -> None:
    assert marc21_titles.titles(marc("=130  0\\$aBible."))[0].proper == "Bible"


@pytest.mark.parametrize(
    ("field", "why"),
    [
        ("=700  1\\$iBased on (work):$aDante.", "from whom, not from what"),
        ("=787  08$w(x)1$aAn author", "what goes with it, by number alone"),
        ("=700  1\\$iTranslation of:$aDante.", "a translation of whom, not of what"),
        ("=774  0\\$w(x)1$aAn author", "a part by number alone"),
        ("=500  \\\\$aTranslated with love", "any other note"),
        ("=500  \\\\$a題名取自封面", "a note about the title"),
        ("=505  0\\$aOne -- Two", "contents in one piece name no titles apart"),
        ("=785  00$w(x)1$aAn author", "a link by number alone"),
    ],
)
def test_what_is_no_title(field: str, why: str) -> None:
    assert marc21_titles.titles(marc(f"=245  00$aProper\n{field}")) == (Title("Proper"),), why


def test_the_titles_of_others_come_last_and_never_alone() -> None:
    others = "=773  0\\$tHost\n=780  00$tEarlier\n=505  00$tOne"
    kinds = [title.kind for title in marc21_titles.titles(marc(f"{others}\n=246  3\\$aVariant\n=245  00$aProper"))]
    assert kinds == ["proper", "variant", "former", "host", "contents"]
    assert marc21_titles.titles(marc(others)) == ()
