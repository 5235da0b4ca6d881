from __future__ import annotations

from pathlib import Path

import pymarc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from fixtures.dublin_core import dublin_core as as_dublin_core
from harvester.store import RawRecord
from harvester.strict_xml import root_of
from indexer import dublin_core as dc
from indexer import dublin_core_imprints as dc_imprints
from indexer import dublin_core_relations as relations
from indexer.read import Unreadable, read
from indexer.record import Agent, Carrier, Format, Imprint, Link, Record, Series, Subject, Title
from tests.support.marc import iso2709, library

DATA = Path(__file__).parents[2].parent / "shared" / "data"
LIBRARY = library()
OPENING = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
)


def payload(*elements: tuple[str, str]) -> bytes:
    inside = "".join(f"<dc:{name}>{text}</dc:{name}>" for name, text in elements)
    return f"{OPENING}{inside}</oai_dc:dc>".encode()


def record(*elements: tuple[str, str]) -> Record:
    return read(RawRecord("testlib", "oai:test.tw:42", "oai_dc", payload(*elements)), LIBRARY)


def test_a_record_is_read_with_what_it_can_say() -> None:
    read_record = record(
        ("title", "紅樓夢校注 : 三家評本 / 曹雪芹著"),
        ("title", "A dream of red mansions"),
        ("creator", "曹雪芹著"),
        ("contributor", "Yang, Xianyi, 1915-2009"),
        ("publisher", "臺北市 : 里仁書局"),
        ("date", "民73[1984]"),
        ("language", "zh-TW"),
        ("identifier", "ISBN 978-957-08-3587-8 (平裝)"),
        ("identifier", "https://catalog.test.tw/42"),
        ("subject", "中國小說--清代"),
        ("format", "1285面 ; 21公分"),
        ("type", "Text"),
        ("description", "校注本。"),
    )
    assert (str(read_record.ref), read_record.local_id, read_record.dialect) == (
        "testlib:oai:test.tw:42",
        "42",
        "oai_dc",
    )
    assert read_record.titles == (Title("紅樓夢校注", "三家評本"), Title("A dream of red mansions", kind="variant"))
    assert read_record.responsibility == "曹雪芹著"
    assert read_record.agents == (
        Agent("曹雪芹", role="aut", main=True),
        Agent("Yang, Xianyi", dates="1915-2009"),
    )
    assert read_record.imprints == (Imprint("臺北市", "里仁書局", "民73[1984]"),)
    assert (read_record.year, read_record.languages, read_record.pages) == (1984, ("chi",), 1285)
    assert read_record.numbers("isbn") == ("9789570835878",)
    assert read_record.links == (Link("https://catalog.test.tw/42"),)
    assert read_record.subjects == (Subject("中國小說 -- 清代"),)
    assert (read_record.format, read_record.carrier, read_record.summary) == (Format.BOOK, Carrier.UNKNOWN, "校注本。")
    assert (read_record.repairs, read_record.replacements) == ((), 0)


def test_a_record_with_a_title_alone_says_nothing_else() -> None:
    bare = record(("title", "紅樓夢"))
    assert bare == Record("testlib", "oai:test.tw:42", "42", "oai_dc", titles=(Title("紅樓夢"),))


@pytest.mark.parametrize(
    ("dates", "year", "why"),
    [
        (["2010"], 2010, "a year"),
        (["2010-05-01"], 2010, "a day"),
        (["2016-07-12T16:22:05Z", "1999"], 1999, "the moment it was taken in is not when it was published"),
        (["2016-07-12T16:22:05Z"], 2016, "unless nothing else is said"),
        (["2015-06-30", "2009"], 2009, "a day beside a year is that of the deposit"),
        (["2009", "2015-06-30"], 2009, "in either order"),
        (["2015-06-30", "2009-05-01"], 2009, "the earlier of two days"),
        (["2015-06-30T08:00:00Z", "2016-01-01T09:00:00Z", "2009-05-01T00:00:00Z"], 2009, "midnight is a day"),
        (["2016-07-12T16:22:05Z", "2015-06-30T08:00:00Z"], 2015, "the earlier of two moments"),
        (["民國九十三年"], 2004, "years of the Republic"),
        (["n.d."], None, "no date"),
        ([], None, "nothing said"),
    ],
)
def test_the_year_is_that_of_publication(dates: list[str], year: int | None, why: str) -> None:
    assert record(("title", "T"), *(("date", date) for date in dates)).year == year, why


def test_a_year_of_nothing_but_deposit_is_in_doubt() -> None:
    assert record(("title", "T"), ("date", "2016-07-12T16:22:05Z")).year_questionable
    assert not record(("title", "T"), ("date", "2016-07-12T16:22:05Z"), ("date", "2009")).year_questionable


@pytest.mark.parametrize(
    ("written", "codes", "why"),
    [
        ("eng", ("eng",), "MARC's code"),
        ("zh-TW", ("chi",), "a locale"),
        ("zho", ("chi",), "ISO 639-2/T"),
        ("eng; chi", ("eng", "chi"), "two in one"),
        ("English", ("eng",), "its name"),
        ("中文", ("chi",), "its name in Chinese"),
        ("Elvish", (), "nobody's"),
        ("und", (), "undetermined"),
    ],
)
def test_languages_are_marc_codes(written: str, codes: tuple[str, ...], why: str) -> None:
    assert record(("title", "T"), ("language", written)).languages == codes, why


@pytest.mark.parametrize(
    ("elements", "form", "why"),
    [
        ([("type", "Text")], Format.BOOK, "the general type"),
        ([("type", "Text"), ("type", "info:eu-repo/semantics/doctoralThesis")], Format.THESIS, "the special one"),
        ([("type", "Text"), ("format", "application/pdf")], Format.EBOOK, "a file"),
        ([("type", "MovingImage")], Format.FILM, "DCMI's vocabulary"),
        ([("type", "Moving Image")], Format.FILM, "with a space"),
        ([("type", "期刊論文")], Format.ARTICLE, "in Chinese"),
        ([("type", "碩士論文")], Format.THESIS, "a thesis"),
        ([("type", "有聲書")], Format.AUDIOBOOK, "an audiobook"),
        ([("type", "漫畫")], Format.COMIC, "a comic"),
        ([("type", "Dataset")], Format.OTHER, "a type nobody catalogues"),
        ([("format", "345 p.")], Format.BOOK, "no type, but pages"),
        ([("identifier", "9789570835878")], Format.BOOK, "no type, but an ISBN"),
        ([("type", "Sound"), ("type", "有聲書")], Format.AUDIOBOOK, "DCMI's word first: the other is the special one"),
        ([("type", "有聲書"), ("type", "Sound")], Format.AUDIOBOOK, "DCMI's word last"),
        ([("type", "StillImage"), ("type", "地圖")], Format.MAP, "a map is more than a picture"),
        ([("type", "MovingImage"), ("type", "Game")], Format.GAME, "a game is more than moving images"),
        ([("type", "eBook"), ("type", "繪本")], Format.EBOOK, "as MARC's picture books on line are"),
        ([("type", "Sound")], Format.SOUND, "the general alone"),
        ([("type", "點字書")], Format.BRAILLE, "braille"),
        ([("type", "Text"), ("format", "點字")], Format.BRAILLE, "braille, by its format"),
        ([("type", "大字本")], Format.LARGE_PRINT, "large print"),
        ([("type", "Large print")], Format.LARGE_PRINT, "large print, in English"),
        ([], Format.OTHER, "nothing said"),
    ],
)
def test_the_format_is_what_it_says_it_is(elements: list[tuple[str, str]], form: Format, why: str) -> None:
    assert record(("title", "T"), *elements).format is form, why


@pytest.mark.parametrize(
    ("elements", "carrier", "why"),
    [
        ([("type", "Text"), ("format", "application/pdf")], Carrier.ONLINE, "a file"),
        ([("type", "eBook")], Carrier.ONLINE, "an e-book"),
        ([("type", "電子書")], Carrier.ONLINE, "an e-book, in Chinese"),
        ([("type", "eBook"), ("format", "CD-ROM")], Carrier.DISC, "but for one on a disc"),
        ([("type", "點字書")], Carrier.BRAILLE, "braille"),
        ([("type", "大字本")], Carrier.LARGE_PRINT, "large print"),
        ([("type", "Text"), ("format", "print")], Carrier.PRINT, "in words"),
        ([("type", "圖書"), ("format", "紙本")], Carrier.PRINT, "in words, in Chinese"),
        ([("type", "圖書"), ("format", "紙本 + 1片CD")], Carrier.PRINT, "what comes with it does not carry it"),
        ([("type", "圖書"), ("format", "200面 ; 21公分")], Carrier.UNKNOWN, "pages may be those of a file"),
        ([("type", "圖書")], Carrier.UNKNOWN, "nothing said"),
    ],
)
def test_the_carrier_is_what_format_and_type_say(elements: list[tuple[str, str]], carrier: Carrier, why: str) -> None:
    assert record(("title", "T"), *elements).carrier is carrier, why


def test_words_that_say_a_format_are_no_unknown_codes() -> None:
    assert record(("title", "T"), ("type", "點字書"), ("type", "大字本")).unread_codes == ()
    assert record(("title", "T"), ("type", "Dataset")).unread_codes == ("format:dataset",)


@pytest.mark.parametrize(
    ("written", "kinds", "why"),
    [
        ("urn:isbn:9789570835878", ["isbn"], "as a URN"),
        ("978-957-08-3587-8", ["isbn"], "alone"),
        ("ISSN 0250-1589", ["issn"], "named"),
        ("GPN:1009300001", ["national"], "of the government of Taiwan"),
        ("政府出版品統一編號:1009300001", ["national"], "in Chinese"),
        ("http://a.tw/9789570835878", [], "digits of an address are none"),
        ("oai:test.tw:9570835878123", [], "nor of another number"),
        ("B000123456", ["other"], "nor of a local one, which is kept as it is"),
        ("ark:/12148/bpt6k1", ["other"], "a number of another scheme"),
        ("臺灣風物, 12期, 頁 1-20", [], "a citation is no number"),
    ],
)
def test_identifiers_are_those_named_or_alone(written: str, kinds: list[str], why: str) -> None:
    assert [one.kind for one in record(("title", "T"), ("identifier", written)).identifiers] == kinds, why


@pytest.mark.parametrize(
    ("written", "imprint", "why"),
    [
        ("臺北市:聯經", Imprint("臺北市", "聯經"), "a colon without spaces"),
        ("[臺北市]：聯經出版", Imprint("臺北市", "聯經出版"), "a Chinese one"),
        ("Taipei : Linking", Imprint("Taipei", "Linking"), "as ISBD has it"),
        ("Press: A Division", Imprint("", "Press: A Division"), "a colon within a name"),
        ("聯經", Imprint("", "聯經"), "no place"),
        ("New York:Knopf", Imprint("New York", "Knopf"), "Latin letters, and no spaces"),
        ("London ; New York:Routledge", Imprint("London ; New York", "Routledge"), "two places"),
        ("Taipei: Linking Publishing", Imprint("Taipei", "Linking Publishing"), "a publisher behind a colon"),
        ("Academia Press:Gent", Imprint("", "Academia Press:Gent"), "a publisher before it"),
        ("http://a.tw:80/x", Imprint("", "http://a.tw:80/x"), "an address"),
        ("臺北 : 聯經, 民93", Imprint("臺北", "聯經", "民93"), "with a date, where there is no other"),
        ("New York : Knopf, c1998", Imprint("New York", "Knopf", "c1998"), "a year of copyright"),
        ("Farrar, Straus", Imprint("", "Farrar, Straus"), "a comma within a name"),
        ("Team 44, Taipei", Imprint("", "Team 44, Taipei"), "a number that is none"),
    ],
)
def test_a_place_is_told_from_its_publisher(written: str, imprint: Imprint, why: str) -> None:
    assert dc_imprints.imprints({"publisher": [written]}) == (imprint,), why


@pytest.mark.parametrize(
    ("elements", "series", "notes", "why"),
    [
        ({"isPartOf": ["聯經經典 ; 12"]}, (Series("聯經經典", "12"),), (), "by its element"),
        ({"relation": ["叢書名:聯經經典 ; 12"]}, (Series("聯經經典", "12"),), (), "by its label"),
        ({"relation": ["聯經經典"]}, (), ("聯經經典",), "some relation: which is not said"),
        ({"source": ["臺灣風物, 12期"]}, (), ("臺灣風物, 12期",), "where it was taken from"),
        (
            {"isPartOf": ["urn:x"], "relation": ["https://example.org/1", "1234-5679"]},
            (),
            (),
            "an address and a number",
        ),
        ({}, (), (), "nothing stated"),
    ],
)
def test_series_and_relations(
    elements: dict[str, list[str]], series: tuple[Series, ...], notes: tuple[str, ...], why: str
) -> None:
    assert (relations.series(elements), relations.notes(elements)) == (series, notes), why


@pytest.mark.parametrize(
    ("elements", "year", "date", "why"),
    [
        ({"publisher": ["臺北 : 聯經, 民93"]}, 2004, "民93", "the only date there is"),
        ({"publisher": ["臺北 : 聯經, 民93"], "date": ["2001"]}, 2001, "2001", "beside a date of its own"),
        ({"publisher": ["臺北 : 聯經, 民93"], "date": ["n.d."]}, 2004, "民93", "beside one that says nothing"),
        ({"publisher": ["臺北 : 聯經"]}, None, "", "none at all"),
    ],
)
def test_a_publisher_may_hold_the_date(elements: dict[str, list[str]], year: int | None, date: str, why: str) -> None:
    assert (dc.year(elements).start, dc_imprints.imprints(elements)[0].date) == (year, date), why


@pytest.mark.parametrize(
    ("elements", "links", "why"),
    [
        ({"relation": ["https://x.tw/1"]}, (Link("https://x.tw/1"),), "a related thing"),
        ({"source": ["http://x.tw/2"]}, (Link("http://x.tw/2"),), "what it was taken from"),
        ({"identifier": ["全文: https://x.tw/3"]}, (Link("https://x.tw/3", "全文"),), "with words beside it"),
        ({"identifier": ["www.x.tw/4"]}, (Link("http://www.x.tw/4"),), "without its scheme"),
        ({"identifier": ["hdl:2027/5"]}, (Link("https://hdl.handle.net/2027/5"),), "a handle"),
        ({"isPartOf": ["https://x.tw/6"]}, (Link("https://x.tw/6"),), "what it is part of"),
        ({"relation": ["javascript:alert(1)"]}, (), "no address a browser may be sent to"),
        ({"relation": ["臺灣風物"]}, (), "words"),
    ],
)
def test_addresses_are_links_wherever_they_stand(
    elements: dict[str, list[str]], links: tuple[Link, ...], why: str
) -> None:
    assert relations.links(elements) == links, why


@pytest.mark.parametrize("name", ["relation", "source", "isPartOf", "hasFormat"])
def test_the_isbn_of_another_thing_is_found_and_never_matched(name: str) -> None:
    (number,) = relations.identifiers({name: ["ISBN 978-957-08-3587-8"]})
    assert (number.kind, number.value, number.valid, number.linked) == ("isbn", "9789570835878", False, True)
    own = relations.identifiers({"identifier": ["ISBN 978-957-08-3587-8"], name: ["ISBN 978-957-08-3587-8"]})
    assert (own[0].valid, own[0].linked) == (True, False)
    assert relations.notes({name: ["ISBN 978-957-08-3587-8"]}) == ()


def test_a_citation_is_a_note_and_so_is_a_long_text_with_an_address() -> None:
    text = (
        "Reprinted from the collected papers of the society, which are to be had at https://x.tw/1 and in all libraries"
    )
    assert relations.notes({"identifier": ["臺灣風物, 12期, 頁 1-20", "9789570835878", "oai:x:1"]}) == (
        "臺灣風物, 12期, 頁 1-20",
    )
    assert (relations.notes({"source": [text]}), relations.links({"source": [text]})) == (
        (text,),
        (Link("https://x.tw/1"),),
    )


def test_an_issn_that_stands_alone_is_one_where_its_check_digit_is_right() -> None:
    assert [one.value for one in relations.identifiers({"identifier": ["1234-5679"]})] == ["1234-5679"]
    assert [one.kind for one in relations.identifiers({"identifier": ["1990-2004"]})] == ["other"]


def test_a_doi_is_an_address() -> None:
    for written in ("doi:10.1000/182", "10.1000/182"):
        assert record(("title", "T"), ("identifier", written)).links == (Link("https://doi.org/10.1000/182"),)


def test_doubts_copyright_readers_and_contents_are_kept() -> None:
    told = record(
        ("title", "T"), ("date", "[c1998?]"), ("audience", "兒童"), ("tableOfContents", "一. 二"), ("abstract", "A")
    )
    assert (told.year, told.year_questionable, told.copyright_year) == (1998, True, 1998)
    assert (told.audience, told.contents, told.summary) == (("juvenile",), "一. 二", "A")
    bare = record(("title", "T"))
    assert (bare.year_questionable, bare.copyright_year, bare.audience, bare.contents) == (False, None, (), "")


def test_what_is_announced_as_marcxml_and_is_dublin_core_is_read_as_that() -> None:
    raw = RawRecord("testlib", "1", "marcxml", payload(("title", "紅樓夢")))
    assert read(raw, LIBRARY).dialect == "oai_dc"


def test_repairs_and_losses_are_told() -> None:
    mended = read(RawRecord("testlib", "1", "oai_dc", payload(("title", "A & B &amp;amp; C\ufffd"))), LIBRARY)
    assert mended.titles[0].proper == "A & B & C\ufffd"
    assert len(mended.repairs) == 3
    assert mended.replacements == 1


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (OPENING.encode() + b"</oai_dc:dc>", "no element"),
        (payload(("title", " ")), "no element"),
        (payload(("title", "\ufffd\ufffd\ufffd\ufffd a")), "lost"),
        (b"<dc>", "not well-formed"),
        (b"<!DOCTYPE dc [<!ENTITY a 'b'>]><dc><title>&a;</title></dc>", "document type"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(RawRecord("testlib", "1", "oai_dc", data), LIBRARY)


def test_every_dublin_core_record_of_real_servers_is_read() -> None:
    files = sorted((DATA / "oai").rglob("*.xml"))
    if not files:
        pytest.skip(f"{DATA / 'oai'} is not here: it holds recorded answers of OAI-PMH servers")
    count = 0
    for file in files:
        if b"oai_dc:dc" not in file.read_bytes():
            continue
        root, _ = root_of(file.read_bytes())
        for element in root.iter("{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"):
            raw = RawRecord("testlib", "oai:x:1", "oai_dc", etree.tostring(element))
            assert read(raw, LIBRARY).titles, file.name
            count += 1
    assert count > 20


def test_a_marc_record_sent_as_dublin_core_keeps_its_main_facts() -> None:
    text = "=001  1\n=020  \\\\$a9789570835878\n=100  1\\$a曹雪芹\n=245  10$a紅樓夢校注\n=260  \\\\$b里仁書局$c1984"
    marc = pymarc.Record(iso2709(text), to_unicode=True, force_utf8=True)
    sent = read(RawRecord("testlib", "1", "oai_dc", as_dublin_core(marc).encode()), LIBRARY)
    assert (sent.titles[0].proper, sent.agents[0].name, sent.year) == ("紅樓夢校注", "曹雪芹", 1984)
    assert (sent.imprints[0].publisher, sent.numbers("isbn")) == ("里仁書局", ("9789570835878",))


NAMES = st.sampled_from(
    ["title", "creator", "date", "identifier", "language", "type", "format", "subject", "publisher"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(NAMES, st.text(alphabet="aé紅 :/-.,;0179民()[]", max_size=40)), max_size=8))
def test_any_elements_are_read_or_refused(elements: list[tuple[str, str]]) -> None:
    try:
        outcome = record(*elements).dialect
    except Unreadable as unreadable:
        outcome = unreadable.reason
    assert outcome in (dc.DIALECT, "no element in the record")


@pytest.mark.parametrize(
    ("subject", "topics", "classes", "why"),
    [
        ("857.49", [], [("857.49", "other")], "a decimal class, whose scheme is not said"),
        ("ddc:551.48", [], [("551.48", "ddc")], "with its scheme"),
        ("DDC 551.4", [], [("551.4", "ddc")], "behind a blank"),
        ("ddc::300::Social sciences", [], [("300", "ddc")], "with its words"),
        ("info:eu-repo/classification/ddc/300", [], [("300", "ddc")], "as repositories of Europe write"),
        ("中圖法: I247.5", [], [("I247.5", "clc")], "in words"),
        ("rivers; 857.49", ["rivers"], [("857.49", "other")], "beside a topic"),
        ("228事件", ["228事件"], [], "a topic that begins with digits"),
        ("911", ["911"], [], "digits alone may be one"),
        ("lcsh: Rivers", ["lcsh: Rivers"], [], "no scheme of classes"),
        ("rivers; lakes; 河川", ["rivers", "lakes", "河川"], [], "several topics in one element"),
    ],
)
def test_subjects_and_classes_are_told_apart(
    subject: str, topics: list[str], classes: list[tuple[str, str]], why: str
) -> None:
    found = record(("title", "T"), ("subject", subject))
    assert [one.text for one in found.subjects] == topics, why
    assert [(one.number, one.scheme) for one in found.classifications] == classes, why


def test_the_address_of_a_cover_leads_to_one() -> None:
    found = record(("title", "T"), ("identifier", "http://a.tw/1/cover.jpg"), ("identifier", "http://a.tw/1/a.jpg"))
    assert [link.kind for link in found.links] == ["cover", "elsewhere"]


def test_an_advisor_is_told_from_the_name() -> None:
    found = record(("title", "T"), ("contributor", "Chen, Meihua, advisor"))
    assert [(agent.name, agent.role) for agent in found.agents] == [("Chen, Meihua", "dgs")]
