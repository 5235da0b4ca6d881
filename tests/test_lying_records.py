"""Records and files that say one thing of themselves and are another, from file to reading."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from harvester.raw_record import RawRecord
from indexer.damage import Damage, damage
from indexer.read import Unreadable, read
from indexer.record import Record
from tests.support.harvesting import dump_records
from tests.support.marc import LEADER, from_values, iso2709, library, marcxml

SLIM = b"http://www.loc.gov/MARC21/slim"
TITLE = "紅樓夢 café"


def titled(title: bytes, leader: str = LEADER, number: bytes = b"1") -> bytes:
    return from_values(leader, [("001", number), ("245", b"10\x1fa" + title)])


def reading(payload: bytes, **records: str) -> Record:
    return read(RawRecord("testlib", "1", "iso2709", payload), library(**records))


MARC8_LEADER = LEADER[:9] + " " + LEADER[10:]
UTF8_LEADER = LEADER[:9] + "a" + LEADER[10:]
LYING = [
    (titled(TITLE.encode(), MARC8_LEADER), TITLE, "leader/09 says marc-8, the bytes are utf-8", "UTF-8 called MARC-8"),
    (titled(b"caf\xe2e", UTF8_LEADER), "café", "leader/09 says utf-8, the bytes are marc-8", "MARC-8 called UTF-8"),
    (
        titled("紅樓夢研究資料".encode("cp950"), UTF8_LEADER),
        "紅樓夢研究資料",
        "leader/09 says utf-8, the bytes are big5",
        "Big5 called UTF-8",
    ),
    (
        titled("cafÃ©".encode(), UTF8_LEADER),
        "café",
        "245: doubly encoded UTF-8",
        "encoded twice through Latin-1",
    ),
    (
        titled("紅樓夢".encode().decode("latin-1").encode().decode("latin-1").encode(), UTF8_LEADER),
        "紅樓夢",
        "245: doubly encoded UTF-8",
        "encoded three times through Latin-1",
    ),
    (
        titled("don’t café".encode().decode("cp1252").encode().decode("cp1252").encode(), UTF8_LEADER),
        "don’t café",
        "245: doubly encoded UTF-8",
        "encoded three times through Windows-1252",
    ),
    (titled(b"Rock &amp; roll &eacute;"), "Rock & roll é", "245: entities or character references", "entities of HTML"),
    (titled(b"A\x00 ti\x07tle"), "A ti tle", "245: control characters", "control characters"),
]


@pytest.mark.parametrize(("payload", "title", "repair", "why"), LYING, ids=[row[3] for row in LYING])
def test_what_a_record_says_of_its_characters_is_believed_only_where_its_bytes_allow_it(
    payload: bytes, title: str, repair: str, why: str
) -> None:
    record = reading(payload)
    assert record.titles[0].proper == title, why
    assert repair in record.repairs


UNNAMED = {
    "tis-620": "ประวัติศาสตร์ไทยสมัยใหม่ กรุงเทพมหานคร สำนักพิมพ์มติชน".encode("cp874"),
    "shift_jis": "ノルウェイの森 村上春樹著 講談社 東京 日本文学全集".encode("cp932"),
    "euc-jp": "ノルウェイの森 村上春樹著 講談社 東京 日本文学全集".encode("euc_jp"),
    "euc-kr": "채식주의자 한강 지음 창비 서울 한국문학전집".encode("cp949"),
    "gb18030": "红楼梦 曹雪芹著 人民文学出版社 北京 中国古典文学".encode("gbk"),
    "iso-5426": b"Soci\xc2et\xc2e linn\xc2eenne de Bordeaux \xc1a l'\xc2et\xc2e",
    "windows-1251": "Основы гидравлического расчета".encode("cp1251"),
    "koi8-r": "Основы гидравлического расчета".encode("koi8-r"),
    "cp866": "Основы гидравлического расчета".encode("cp866"),
}


@pytest.mark.parametrize("charset", UNNAMED)
def test_a_set_that_cannot_be_proven_is_never_read_as_another_and_the_reason_names_it(charset: str) -> None:
    payload = titled(UNNAMED[charset], MARC8_LEADER)
    with pytest.raises(Unreadable, match=f'records.encoding = "{charset}"'):
        reading(payload)
    stated = reading(payload, encoding=charset)
    assert stated.replacements == 0
    assert stated.titles[0].proper[0] in "ปノ채红SО"


SHORT = [
    ("红楼梦", "gb18030", "gb18030"),
    ("计算机网络", "gb18030", "gb18030"),
    ("白鹿原", "gb18030", "gb18030"),
    ("坊っちゃん", "euc_jp", "euc-jp"),
    ("日本文学史", "shift_jis", "shift_jis"),
    ("한국문학사", "euc_kr", "euc-kr"),
    ("สี่แผ่นดิน", "cp874", "tis-620"),
    ("Мать", "cp1251", "windows-1251"),
    ("Идиот", "koi8-r", "koi8-r"),
    ("Příliš žluťoučký kůň", "cp1250", "windows-1250"),
]


@pytest.mark.parametrize("leader", [MARC8_LEADER, UTF8_LEADER], ids=["blank", "a"])
@pytest.mark.parametrize(("title", "codec", "charset"), SHORT, ids=[row[0] for row in SHORT])
def test_a_record_of_nothing_but_a_short_title_is_refused_with_the_right_hint(
    title: str, codec: str, charset: str, leader: str
) -> None:
    with pytest.raises(Unreadable, match=f'records.encoding = "{charset}"'):
        reading(titled(title.encode(codec), leader))


@pytest.mark.parametrize(
    ("title", "codec", "charset"),
    [
        ("红楼梦", "gb18030", "gb18030"),
        ("紅樓夢研究", "cp950", "big5"),
        ("坊っちゃん 夏目漱石", "shift_jis", "shift_jis"),
        ("한국문학사", "euc_kr", "euc-kr"),
        ("Война и мир", "cp1251", "windows-1251"),
        ("Příliš žluťoučký kůň", "cp1250", "windows-1250"),
    ],
)
def test_marcxml_that_declares_utf8_and_is_not_names_the_set(title: str, codec: str, charset: str) -> None:
    payload = marcxml("=001  1\n=245  10$aTITLE").replace(b"TITLE", title.encode(codec))
    with pytest.raises(Unreadable, match=f"look like {charset}"):
        read(RawRecord("testlib", "1", "marcxml", payload), library())


@pytest.mark.parametrize("title", ["紅樓夢研究", "Война и мир", "Les misérables"])
def test_marcxml_in_utf8_with_a_bad_byte_is_read(title: str) -> None:
    payload = marcxml("=001  1\n=245  10$aTITLE").replace(b"TITLE", title.encode() + b"\xff")
    record = read(RawRecord("testlib", "1", "marcxml", payload), library())
    assert record.titles[0].proper.startswith(title)
    assert record.repairs[0].startswith("1 places that XML does not allow")


TAKEN = [
    ("紅樓夢校注研究", "cp950", "latin-1", "big5 that had been taken for Latin-1"),
    ("紅樓夢", "cp950", "cp1252", "big5 that had been taken for Latin-1"),
    ("Война и мир", "cp1251", "latin-1", "windows-1251 that had been taken for Latin-1"),
    ("Преступление и наказание", "cp1251", "cp1252", "windows-1251 that had been taken for Latin-1"),
    ("Анна Каренина", "koi8-r", "latin-1", "koi8-r that had been taken for Latin-1"),
    ("红楼梦研究", "gb18030", "latin-1", "gb18030 that had been taken for Latin-1"),
    ("源氏物語の研究", "euc_jp", "latin-1", "euc-jp that had been taken for Latin-1"),
]


@pytest.mark.parametrize(("title", "codec", "taken_for", "repair"), TAKEN, ids=[row[0] + row[1] for row in TAKEN])
def test_what_was_taken_for_latin1_and_sent_as_utf8_is_decoded(
    title: str, codec: str, taken_for: str, repair: str
) -> None:
    record = reading(titled(title.encode(codec).decode(taken_for).encode()))
    assert (record.titles[0].proper, record.repairs) == (title, (f"245: {repair}",))


@pytest.mark.parametrize(
    ("title", "says"),
    [
        ("小王子".encode("gb18030").decode("latin-1"), "perhaps gb18030"),
        ("Идиот".encode("cp1251").decode("latin-1"), "perhaps windows-1251"),
    ],
)
def test_a_title_that_makes_no_sense_and_cannot_be_mended_for_sure_is_kept_from_readers(title: str, says: str) -> None:
    with pytest.raises(Unreadable, match=f"its title makes no sense: {says}"):
        reading(titled(title.encode()))


def test_a_title_of_question_marks_is_told() -> None:
    record = reading(titled(b"?????? : ???"))
    assert any(repair.startswith("245: garbled: question marks") for repair in record.repairs), record.repairs
    assert damage(record) > Damage.NONE, "and takes the place of no good version"


@pytest.mark.parametrize(
    "title",
    [
        "Die drei ???",
        "Where are you???",
        "?",
        "Anno 1984????",
        "ÆØÅ",
        "ÅÄÖ, ett alfabet",
        "ÄÖÜß",
        "«À la recherche»",
        "… “À” …",
        "Façade, crème brûlée, aïoli",
        "½¼¾",
    ],
)
def test_writing_that_may_be_meant_is_not_called_garbled(title: str) -> None:
    record = reading(titled(title.encode()))
    assert record.repairs == ()
    assert record.titles[0].proper == title


def test_a_french_note_beside_big5_that_was_taken_for_latin1_stays() -> None:
    big5 = "紅樓夢校注研究".encode("cp950").decode("latin-1").encode()
    fields = [("001", b"1"), ("245", b"10\x1fa" + big5), ("500", "  \x1faMétro, Éditions".encode())]
    record = reading(from_values(LEADER, fields))
    assert (record.titles[0].proper, record.notes) == ("紅樓夢校注研究", ("Métro, Éditions",))


def test_an_honest_record_is_not_flagged() -> None:
    assert reading(titled(TITLE.encode(), UTF8_LEADER)).repairs == ()
    assert reading(titled(b"caf\xe2e", MARC8_LEADER)).repairs == ()


@pytest.mark.parametrize("general", ["20040101d2004    m  y0chiy50      ea", "20040101d2004    m  y0chiy0103    ea"])
def test_unimarc_may_say_any_character_set_in_100(general: str) -> None:
    for title, charset in ((TITLE.encode(), "utf-8"), ("紅樓夢研究資料".encode("cp950"), "big5")):
        fields = [("001", b"1"), ("100", b"  \x1fa" + general.encode()), ("200", b"1 \x1fa" + title)]
        record = reading(from_values(MARC8_LEADER, fields))
        assert record.titles[0].proper == title.decode("cp950" if charset == "big5" else "utf-8")
        assert record.repairs == (() if charset == "utf-8" else ("the bytes are big5",))


ONE, TWO = iso2709("=001  1\n=245  10$a紅樓夢"), iso2709("=001  2\n=245  10$a西遊記")
XML_ONE, XML_TWO = marcxml("=001  1\n=245  10$a紅樓夢"), marcxml("=001  2\n=245  10$a西遊記")
OPEN, CLOSE = b'<collection xmlns="' + SLIM + b'">', b"</collection>"
DECLARED = b'<?xml version="1.0" encoding="UTF-8"?>'

FILES = [
    (codecs.BOM_UTF8 + ONE + TWO, "a byte order mark before ISO 2709"),
    (ONE + codecs.BOM_UTF8 + TWO, "a byte order mark between records: two files put together"),
    (ONE + b"\r\n" + TWO + b"\r\n\x1a", "line ends and an end of file of DOS"),
    (ONE + b"\x00" * 900 + TWO + b"\x00" * 20, "padded with NUL bytes, as tapes were"),
    (b"    " + ONE + b"\n\n\n" + TWO, "blanks"),
    (titled("紅樓夢".encode(), number=b"1") + titled("西遊記與作者".encode("cp950"), number=b"2"), "mixed"),
    (codecs.BOM_UTF8 + DECLARED + OPEN + XML_ONE + XML_TWO + CLOSE, "a byte order mark before XML"),
    ((DECLARED.replace(b"UTF-8", b"UTF-16") + OPEN + XML_ONE + XML_TWO + CLOSE).decode().encode("utf-16"), "UTF-16"),
    (DECLARED.replace(b"UTF-8", b"ISO-8859-1") + OPEN + XML_ONE + XML_TWO + CLOSE, "UTF-8 declared as Latin-1"),
    (
        DECLARED.replace(b"UTF-8", b"Big5") + (OPEN + XML_ONE + XML_TWO + CLOSE).decode().encode("cp950"),
        "Big5 declared as such",
    ),
    (OPEN + OPEN + XML_ONE + CLOSE + OPEN + XML_TWO + CLOSE + CLOSE, "collections in a collection"),
    (DECLARED + OPEN + XML_ONE + CLOSE + b"\n" + DECLARED + OPEN + XML_TWO + CLOSE, "documents put together"),
    (OPEN + XML_ONE + XML_TWO + CLOSE + b"\n-- 2 records, 0.1 s --\n", "trailing junk"),
    (DECLARED + XML_ONE + b"\n" + XML_TWO, "records without a root"),
    (
        OPEN.replace(b"xmlns=", b"xmlns:marc=").replace(b"<c", b"<marc:c")
        + (XML_ONE + XML_TWO)
        .replace(b' xmlns="' + SLIM + b'"', b"")
        .replace(b"</", b"</marc:")
        .replace(b"<", b"<marc:")
        .replace(b"<marc:/marc:", b"</marc:")
        + b"</marc:collection>",
        "prefixes",
    ),
]


@pytest.mark.parametrize(("content", "why"), FILES, ids=[row[1] for row in FILES])
async def test_a_file_gives_its_records_whatever_stands_around_them(content: bytes, why: str, tmp_path: Path) -> None:
    records, refused = await dump_records(tmp_path, content)
    assert refused == [], why
    found = {}
    for raw in records:
        try:
            found[raw.identifier] = read(raw, library()).titles[0].proper
        except Unreadable as unreadable:
            found[raw.identifier] = unreadable.reason
    assert found in ({"1": "紅樓夢", "2": "西遊記"}, {"1": "紅樓夢", "2": "西遊記與作者"}), why
