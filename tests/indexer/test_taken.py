"""Text of two bytes a character that another system took for Latin-1 before it sent it as UTF-8."""

from __future__ import annotations

import pytest

from harvester.raw_record import RawRecord
from indexer.read import Unreadable, read
from indexer.record import Record
from indexer.taken import pairs_decoded
from mappings.library import Harvest, Library
from tests.support.marc import LEADER, from_values

LIBRARY = Library(
    code="testlib",
    name={"en": "Test"},
    region="north",
    kind="city",
    harvest=Harvest(protocol="marc-dump", files=("x.mrc",)),
)

BRIEF = ("红楼梦 /", "曹雪芹著.")
FULL = ("中国现代文学史 /", "唐弢主编.", "北京 :", "人民文学出版社,", "354页")
TRADITIONAL = ("紅樓夢研究", "臺北 :", "聯經出版事業公司")
MIXED = ("Harry Potter 哈利·波特 /", "Rowling")
JAPANESE = ("吾輩は猫である /", "夏目漱石著", "東京 :", "岩波書店")
KOREAN = ("한국의 역사", "서울대학교 출판부")


def taken(codec: str, *texts: str) -> list[str]:
    return [text.encode(codec).decode("latin-1") for text in texts]


@pytest.mark.parametrize("language", ["chi", "", "eng"])
@pytest.mark.parametrize(
    ("texts", "codec", "charset", "why"),
    [
        (BRIEF, "gbk", "gb18030", "a title and a name"),
        (FULL, "gbk", "gb18030", "a whole record"),
        (TRADITIONAL, "gbk", "gb18030", "traditional characters, which GBK has behind the others"),
        (MIXED, "gbk", "gb18030", "within Latin words"),
        (JAPANESE, "euc_jp", "euc-jp", "Japanese on Unix"),
        (JAPANESE, "cp932", "shift_jis", "Japanese on Windows"),
        (KOREAN, "euc_kr", "euc-kr", "Korean"),
    ],
)
def test_pairs_are_decoded_whatever_language_is_stated(
    texts: tuple[str, ...], codec: str, charset: str, why: str, language: str
) -> None:
    sent = taken(codec, *texts)
    found, decoded = pairs_decoded(sent, frozenset({language}))
    assert found == charset, why
    assert tuple(decoded.get(at, text) for at, text in enumerate(sent)) == texts, why


@pytest.mark.parametrize("language", ["chi", "jpn", "kor", "fre", ""])
@pytest.mark.parametrize(
    ("texts", "why"),
    [
        (["Les misérables : édition intégrale", "Éditions ÉLÉ", "naïve", "São Tomé"], "letters of Latin-1"),
        (["ÄÖÜäöü", "Straße"], "several in turn"),
        (["ÀÈÌÒÙ àèìòù", "ÇÑ ¿¡"], "an alphabet"),
        (taken("utf-8", *FULL), "UTF-8 that was encoded twice: it is mended as that"),
        (taken("big5", *TRADITIONAL), "Big5: told by its bytes alone"),
        (list(FULL), "nothing was taken for anything"),
        (taken("gbk", "家"), "one character: it may be any"),
        (["TruyÖn KiÒu", "NguyÔn Du"], "Vietnamese in a font of its own"),
    ],
)
def test_what_may_be_meant_is_not_decoded(texts: list[str], why: str, language: str) -> None:
    assert pairs_decoded(texts, frozenset({language})) == ("", {}), why


def read_titled(*texts: str, language: str = "chi", responsibility: str = "") -> Record:
    values = [("001", b"1"), ("008", f"040101s2004    cc            000 0 {language} d".encode())]
    values += [("245", f"10\x1fa{text}".encode() + f"\x1fc{responsibility}".encode()) for text in texts[:1]]
    values += [("246", f"  \x1fa{text}".encode()) for text in texts[1:]]
    return read(RawRecord("testlib", "1", "iso2709", from_values(LEADER, values)), LIBRARY)


def test_a_record_in_gb_that_was_taken_for_latin1_is_read_and_says_so() -> None:
    record = read_titled(*taken("gbk", "中国现代文学史", "唐弢主编"))
    assert [title.proper for title in record.titles] == ["中国现代文学史", "唐弢主编"]
    assert record.repairs == tuple(f"{tag}: gb18030 that had been taken for Latin-1" for tag in ("245", "246"))


def test_a_title_that_makes_no_sense_and_cannot_be_mended_for_sure_is_not_shown() -> None:
    with pytest.raises(Unreadable, match="its title makes no sense"):
        read_titled(*taken("gbk", "小王子"), language="eng")


def test_a_title_that_makes_sense_is_read_whatever_else_is_garbled() -> None:
    record = read_titled("Wandering", language="eng", responsibility=taken("gbk", "小王子")[0])
    assert record.titles[0].proper == "Wandering"
    assert any("garbled" in repair for repair in record.repairs)
