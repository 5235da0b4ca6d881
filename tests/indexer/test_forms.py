from __future__ import annotations

import pytest

from indexer.forms import marc21_form, unimarc_form
from indexer.record import Carrier, Format
from tests.support.marc import marc


@pytest.mark.parametrize(
    ("text", "form", "carrier", "why"),
    [
        ("=LDR  00000nam a2200000 a 4500\n=300  \\\\$a1 v.", Format.BOOK, Carrier.PRINT, "a printed book"),
        ("=LDR  00000nam a2200000 a 4500\n=856  42$uhttp://x.tw", Format.BOOK, Carrier.PRINT, "a link makes no e-book"),
        (
            "=LDR  00000nam a2200000 a 4500\n=008  040101s2004    ch      o     000 0 chi d",
            Format.EBOOK,
            Carrier.ONLINE,
            "008/23 o",
        ),
        ("=LDR  00000nam a2200000 a 4500\n=007  cr|||", Format.EBOOK, Carrier.ONLINE, "007 cr"),
        ("=LDR  00000nam a2200000 a 4500\n=338  \\\\$bcr$2rdacarrier", Format.EBOOK, Carrier.ONLINE, "338"),
        ("=LDR  00000nam a2200000 a 4500\n=300  \\\\$a1 online resource", Format.EBOOK, Carrier.ONLINE, "words of 300"),
        ("=LDR  00000nam a2200000 a 4500\n=245  00$aT$h[電子資源]", Format.EBOOK, Carrier.ONLINE, "245 $h"),
        (
            "=LDR  00000nam a2200000 a 4500\n=300  \\\\$a200 p. +$e1 CD-ROM",
            Format.BOOK,
            Carrier.PRINT,
            "a disc in the pocket",
        ),
        (
            "=LDR  00000nam a2200000 a 4500\n=008  040101s2004    ch      d     000 0 chi d",
            Format.LARGE_PRINT,
            Carrier.LARGE_PRINT,
            "large print",
        ),
        ("=LDR  00000nam a2200000 a 4500\n=007  fb", Format.BRAILLE, Carrier.BRAILLE, "braille"),
        ("=LDR  00000nam a2200000 a 4500\n=533  \\\\$aMicrofilm.", Format.BOOK, Carrier.MICROFORM, "533"),
        ("=LDR  00000nam a2200000 a 4500\n=502  \\\\$a碩士論文", Format.THESIS, Carrier.PRINT, "thesis note"),
        (
            "=LDR  00000nam a2200000 a 4500\n=020  \\\\$a9789570836356\n=502  \\\\$a據作者博士論文修訂",
            Format.BOOK,
            Carrier.PRINT,
            "a book made of one",
        ),
        (
            "=LDR  00000nam a2200000 a 4500\n=502  \\\\$a據作者博士論文修訂",
            Format.THESIS,
            Carrier.PRINT,
            "without an ISBN it may be the thesis revised",
        ),
        (
            "=LDR  00000nam a2200000 a 4500\n=020  \\\\$a9789570836356\n=502  \\\\$a碩士論文",
            Format.THESIS,
            Carrier.PRINT,
            "a thesis with an ISBN",
        ),
        ("=LDR  00000nas a2200000 a 4500", Format.SERIAL, Carrier.PRINT, "serial"),
        (
            "=LDR  00000nas a2200000 a 4500\n=008  040101c20049999ch dr n       0   b0chi c",
            Format.NEWSPAPER,
            Carrier.PRINT,
            "newspaper",
        ),
        ("=LDR  00000ncm a2200000 a 4500", Format.SCORE, Carrier.PRINT, "score"),
        ("=LDR  00000nem a2200000 a 4500", Format.MAP, Carrier.PRINT, "map"),
        ("=LDR  00000ngm a2200000 a 4500\n=007  vd", Format.FILM, Carrier.DISC, "DVD"),
        ("=LDR  00000njm a2200000 a 4500\n=300  \\\\$a1 sound disc", Format.SOUND, Carrier.DISC, "music on disc"),
        ("=LDR  00000nim a2200000 a 4500", Format.AUDIOBOOK, Carrier.UNKNOWN, "spoken, carrier not said"),
        ("=LDR  00000nkm a2200000 a 4500", Format.PICTURE, Carrier.PRINT, "picture"),
        ("=LDR  00000nmm a2200000 a 4500\n=007  co", Format.SOFTWARE, Carrier.DISC, "software"),
        ("=LDR  00000nom a2200000 a 4500", Format.KIT, Carrier.UNKNOWN, "kit"),
        ("=LDR  00000ntm a2200000 a 4500", Format.MANUSCRIPT, Carrier.PRINT, "manuscript"),
        ("=LDR  00000nam a2200000 a 4500\n=655  \\7$a圖畫書$2csht", Format.PICTURE_BOOK, Carrier.PRINT, "a genre"),
        ("=LDR  00000nam a2200000 a 4500\n=655  \\7$a漫畫$2csht", Format.COMIC, Carrier.PRINT, "another"),
        (
            "=LDR  00000nam a2200000 a 4500\n=300  \\\\$a32面\n=653  \\\\$a繪本",
            Format.PICTURE_BOOK,
            Carrier.PRINT,
            "a term, of a short book",
        ),
        (
            "=LDR  00000nam a2200000 a 4500\n=008  040101s2004    ch     a\n=650  \\7$a繪本$2csht",
            Format.PICTURE_BOOK,
            Carrier.PRINT,
            "a term, of a book for the young",
        ),
        (
            "=LDR  00000nam a2200000 a 4500\n=300  \\\\$a320面\n=650  \\7$a圖畫書$2csht",
            Format.BOOK,
            Carrier.PRINT,
            "a long book of that heading is about picture books",
        ),
        (
            "=LDR  00000nam a2200000 a 4500\n=300  \\\\$a32面\n=650  \\7$a繪本$x評論$2csht",
            Format.BOOK,
            Carrier.PRINT,
            "a topic divides it: about them",
        ),
        (
            "=LDR  00000nam a2200000 a 4500\n=008  040101s2004    ch      o\n=655  \\7$a圖畫書$2csht",
            Format.EBOOK,
            Carrier.ONLINE,
            "a picture book on line is an e-book first",
        ),
        ("=LDR  00000nam a2200000 a 4500\n=250  \\\\$a大字版", Format.LARGE_PRINT, Carrier.LARGE_PRINT, "in words"),
        (
            "=LDR  00000naa a2200000 a 4500\n=773  0\\$tThe journal",
            Format.ARTICLE,
            Carrier.PRINT,
            "a part of something else",
        ),
        ("=LDR  00000naa a2200000 a 4500\n=300  \\\\$a1 v.", Format.BOOK, Carrier.PRINT, "a part of nothing is none"),
        ("=LDR  00000nrm a2200000 a 4500\n=655  \\7$aBoard games$2lcgft", Format.GAME, Carrier.UNKNOWN, "a game"),
        (
            "=LDR  00000nmm a2200000 a 4500\n=008  040101s2004    ch         g\n=007  co",
            Format.GAME,
            Carrier.DISC,
            "a computer game",
        ),
        (
            "=LDR  00000nam a2200000 a 4500\n=245  00$aT$h[videorecording]\n=300  \\\\$a1 videodisc",
            Format.FILM,
            Carrier.DISC,
            "a film coded as text",
        ),
        (
            "=LDR  00000nam a2200000 a 4500\n=245  00$aT$h[錄音資料]",
            Format.SOUND,
            Carrier.UNKNOWN,
            "a recording coded as text",
        ),
        (
            "=LDR  00000nam a2200000 a 4500\n=336  \\\\$bspw\n=338  \\\\$bsd",
            Format.AUDIOBOOK,
            Carrier.DISC,
            "by RDA's content type",
        ),
        (
            "=LDR  00000nam a2200000 a 4500\n=336  \\\\$btxt\n=336  \\\\$bsti",
            Format.BOOK,
            Carrier.PRINT,
            "text and pictures are a book",
        ),
        (
            "=LDR  00000nam a2200000 a 4500\n=245  00$aT$h[microfilm]",
            Format.BOOK,
            Carrier.MICROFORM,
            "microfilm is no film",
        ),
        ("=LDR  00000nam a2200000 a 4500\n=300  \\\\$a1捲微捲", Format.BOOK, Carrier.MICROFORM, "微捲"),
        (
            "=LDR  00000nam a2200000 a 4500\n=655  \\7$a學位論文$2csht",
            Format.THESIS,
            Carrier.PRINT,
            "a thesis by its genre",
        ),
        (
            "=LDR  00000nam a2200000 a 4500\n=084  \\\\$a947.41$2ncsclt\n=300  \\\\$a196面",
            Format.COMIC,
            Carrier.PRINT,
            "the class of comics",
        ),
        (
            "=LDR  00000nam a2200000 a 4500\n=653  \\\\$a漫畫\n=300  \\\\$a196面",
            Format.COMIC,
            Carrier.PRINT,
            "a long comic by its subject",
        ),
        (
            "=LDR  00000nam a2200000 a 4500\n=653  \\\\$a漫畫\n=300  \\\\$a196面\n=504  \\\\$a參考書目: 面190",
            Format.BOOK,
            Carrier.PRINT,
            "with a bibliography it is about comics",
        ),
        ("=LDR  00000nrm a2200000 a 4500\n=300  \\\\$a1盒拼圖", Format.GAME, Carrier.UNKNOWN, "a puzzle"),
        (
            "=LDR  00000ngm a2200000 a 4500\n=538  \\\\$aDVD; Dolby",
            Format.FILM,
            Carrier.DISC,
            "what is needed to play it",
        ),
        ("=LDR  00000nas a2200000 a 4500\n=007  cr", Format.SERIAL, Carrier.ONLINE, "a journal on line"),
        ("=LDR  00000ngm a2200000 a 4500\n=007  cr", Format.FILM, Carrier.ONLINE, "a film on line"),
        ("=LDR  00000nrm a2200000 a 4500", Format.OTHER, Carrier.UNKNOWN, "an object"),
        ("=LDR  " + 24 * "\\" + "\n=245  00$aT", Format.OTHER, Carrier.UNKNOWN, "an empty leader says nothing"),
    ],
)
def test_forms_of_marc21(text: str, form: Format, carrier: Carrier, why: str) -> None:
    assert marc21_form(marc(text)) == (form, carrier), why


@pytest.mark.parametrize(
    ("text", "form", "carrier", "why"),
    [
        ("=LDR  00000nam  2200000   4500\n=215  \\\\$a517面", Format.BOOK, Carrier.PRINT, "a book"),
        ("=LDR  00000nam  2200000   4500\n=204  \\\\$a電子資源", Format.EBOOK, Carrier.ONLINE, "CMARC's designation"),
        ("=LDR  00000nam  2200000   4500\n=106  \\\\$ad", Format.LARGE_PRINT, Carrier.LARGE_PRINT, "106 d"),
        ("=LDR  00000nam  2200000   4500\n=106  \\\\$af", Format.BRAILLE, Carrier.BRAILLE, "106 f"),
        ("=LDR  00000nam  2200000   4500\n=130  \\\\$aa", Format.BOOK, Carrier.MICROFORM, "130"),
        ("=LDR  00000nam  2200000   4500\n=328  \\\\$a碩士論文", Format.THESIS, Carrier.PRINT, "thesis note"),
        ("=LDR  00000nam  2200000   4500\n=105  \\\\$ay   m   000yy", Format.THESIS, Carrier.PRINT, "105 m"),
        ("=LDR  00000nas  2200000   4500\n=110  \\\\$aa", Format.SERIAL, Carrier.PRINT, "serial"),
        ("=LDR  00000nas  2200000   4500\n=110  \\\\$ac", Format.NEWSPAPER, Carrier.PRINT, "newspaper"),
        ("=LDR  00000ncm  2200000   4500", Format.SCORE, Carrier.PRINT, "score"),
        (
            "=LDR  00000ngm  2200000   4500\n=215  \\\\$a1張DVD",
            Format.FILM,
            Carrier.DISC,
            "DVD run together with Chinese",
        ),
        ("=LDR  00000ngm  2200000   4500\n=215  \\\\$a影碟1張", Format.FILM, Carrier.DISC, "film on disc"),
        ("=LDR  00000njm  2200000   4500\n=215  \\\\$a雷射唱片1張", Format.SOUND, Carrier.DISC, "music on disc"),
        ("=LDR  00000nlm  2200000   4500\n=215  \\\\$a光碟1片", Format.SOFTWARE, Carrier.DISC, "software"),
        ("=LDR  00000nam  2200000   4500\n=608  \\\\$a圖畫書", Format.PICTURE_BOOK, Carrier.PRINT, "a genre"),
        (
            "=LDR  00000nam  2200000   4500\n=215  \\\\$a40面\n=606  \\\\$a繪本$2cst",
            Format.PICTURE_BOOK,
            Carrier.PRINT,
            "a term, of a short book",
        ),
        (
            "=LDR  00000nam  2200000   4500\n=215  \\\\$a400面\n=606  \\\\$a繪本$2cst",
            Format.BOOK,
            Carrier.PRINT,
            "a long one is about them",
        ),
        (
            "=LDR  00000nam  2200000   4500\n=204  \\\\$a錄影資料\n=215  \\\\$a1張DVD",
            Format.FILM,
            Carrier.DISC,
            "a film coded as text",
        ),
        ("=LDR  00000nam  2200000   4500\n=204  \\\\$a有聲書", Format.AUDIOBOOK, Carrier.UNKNOWN, "CMARC's audiobook"),
        (
            "=LDR  00000nam  2200000   4500\n=200  1\\$aT$bRessource électronique",
            Format.EBOOK,
            Carrier.ONLINE,
            "in French",
        ),
        ("=LDR  00000nas  2200000   4500\n=135  \\\\$adr", Format.SERIAL, Carrier.ONLINE, "a journal on line by 135"),
        (
            "=LDR  00000nam  2200000   4500\n=681  \\\\$a947.41$v2007年版",
            Format.COMIC,
            Carrier.PRINT,
            "the class of comics",
        ),
        (
            "=LDR  00000nam  2200000   4500\n=681  \\\\$a947.41\n=320  \\\\$a參考書目",
            Format.BOOK,
            Carrier.PRINT,
            "with a bibliography it is about comics",
        ),
        ("=LDR  00000nam  2200000   4500\n=608  \\\\$a學位論文", Format.THESIS, Carrier.PRINT, "a thesis by its genre"),
        ("=LDR  00000naa  2200000   4500\n=463  \\0$tJournal", Format.ARTICLE, Carrier.PRINT, "a part of something"),
        ("=LDR  00000nrm  2200000   4500\n=204  \\\\$a桌遊", Format.GAME, Carrier.UNKNOWN, "a game"),
        ("=LDR  00000nmm  2200000   4500", Format.KIT, Carrier.UNKNOWN, "kit"),
        ("=LDR  " + 24 * "\\" + "\n=200  1\\$aT", Format.OTHER, Carrier.UNKNOWN, "an empty leader"),
    ],
)
def test_forms_of_unimarc(text: str, form: Format, carrier: Carrier, why: str) -> None:
    assert unimarc_form(marc(text)) == (form, carrier), why


@pytest.mark.parametrize(
    ("text", "form", "why"),
    [
        ("=655  \\7$aLarge print books.$2lcgft", Format.LARGE_PRINT, "by its genre"),
        ("=655  \\7$a大字書", Format.LARGE_PRINT, "in Chinese"),
        ("=650  \\0$aLarge type books.", Format.LARGE_PRINT, "by the subject that stands for it"),
        ("=650  \\0$aLarge type books$xPublishing.", Format.BOOK, "what is about them"),
        ("=250  \\\\$a大字體版", Format.LARGE_PRINT, "by its edition"),
        ("=655  \\7$a大字體", Format.LARGE_PRINT, "by the letters alone"),
        ("=653  \\\\$a小說$a大字本", Format.LARGE_PRINT, "by a keyword"),
        ("=653  \\\\$a大字報", Format.BOOK, "posters in big characters"),
        ("=655  \\7$a大字典", Format.BOOK, "a big dictionary"),
        ("=653  \\\\$a大字體設計", Format.BOOK, "the design of letters"),
        ("=655  \\7$aLivres en gros caractères$2rvmgf", Format.LARGE_PRINT, "in French"),
        ("=650  \\7$aLibros en letra grande", Format.LARGE_PRINT, "in Spanish"),
        ("=655  \\7$aGroßdruck", Format.LARGE_PRINT, "in German"),
        ("=655  \\7$a큰글자책", Format.LARGE_PRINT, "in Korean"),
        ("=340  \\\\$n大字", Format.LARGE_PRINT, "by the size of its letters"),
        ("=340  \\\\$nlarge print$2rda", Format.LARGE_PRINT, "the same in English"),
        ("=340  \\\\$nregular print$2rda", Format.BOOK, "letters of the usual size"),
        ("=338  \\\\$bnc\n=340  \\\\$n大字", Format.LARGE_PRINT, "a volume says nothing of its letters"),
        ("=338  \\\\$bnc\n=655  \\7$aLarge print books", Format.LARGE_PRINT, "nor against a genre"),
        ("=338  \\\\$bnc\n=300  \\\\$a2 volumes of braille", Format.BRAILLE, "nor against braille"),
        ("=336  \\\\$btct\n=338  \\\\$bnc", Format.BRAILLE, "tactile text in a volume"),
        ("=336  \\\\$btct\n=336  \\\\$btxt\n=338  \\\\$bnc", Format.BOOK, "beside text to be read"),
        ("=338  \\\\$bnc\n=300  \\\\$a200面", Format.BOOK, "a volume"),
        ("=300  \\\\$a1套(書1冊+CD1片)", Format.KIT, "a box"),
        ("=300  \\\\$a1 kit", Format.KIT, "so called"),
        ("=300  \\\\$a1套(5冊)", Format.BOOK, "a set of books"),
        ("=300  \\\\$a200面 +$eCD1片", Format.BOOK, "a disc in the pocket"),
        ("=300  \\\\$a200面", Format.BOOK, "a book"),
    ],
)
def test_large_print_and_kits_that_only_words_tell(text: str, form: Format, why: str) -> None:
    assert marc21_form(marc(f"=LDR  00000nam a2200000 a 4500\n{text}")).format is form, why


def test_mixed_materials_are_a_kit_where_they_say_so_else_a_manuscript() -> None:
    leader = "=LDR  00000npm a2200000 a 4500\n"
    assert marc21_form(marc(f"{leader}=300  \\\\$a1套(書1冊+CD1片)")).format is Format.KIT
    assert marc21_form(marc(f"{leader}=300  \\\\$a3 boxes")).format is Format.MANUSCRIPT


def test_large_print_and_kits_of_unimarc() -> None:
    leader = "=LDR  00000nam  2200000   4500\n"
    assert unimarc_form(marc(f"{leader}=606  0\\$a大字書")).format is Format.LARGE_PRINT
    assert unimarc_form(marc(f"{leader}=610  0\\$a小說$a大字體")).format is Format.LARGE_PRINT
    assert unimarc_form(marc(f"{leader}=610  0\\$a大字典")).format is Format.BOOK
    assert unimarc_form(marc(f"{leader}=215  \\\\$a1套(書1冊+CD1片)")).format is Format.KIT
    assert unimarc_form(marc(f"{leader}=215  \\\\$a1冊")).format is Format.BOOK
