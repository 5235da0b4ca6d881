"""Exports as other programs read them: rispy, bibtexparser, pymarc, lxml and JSON parsers, never our own reading."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import bibtexparser
import lxml.etree
import orjson
import pymarc
import pytest
import rispy

from indexer.record import (
    Agent,
    Carrier,
    Classification,
    Edition,
    Format,
    Holding,
    Identifier,
    Imprint,
    Item,
    Link,
    Member,
    Series,
    Sourced,
    Subject,
    Title,
)
from search_api.protocols.export import FORMATS, Context
from search_api.protocols.kinds import KINDS
from search_api.protocols.marc_file import LONGEST_FIELD, LONGEST_RECORD
from tests.support.editions import make_edition, make_libraries

SITE = "https://union.example.tw"
CONTEXT = Context(SITE, make_libraries(), "en", datetime(2026, 11, 21, tzinfo=UTC))
SLIM = "{http://www.loc.gov/MARC21/slim}"


def of(*values: Any) -> tuple[Sourced[Any], ...]:
    return tuple(Sourced(value, ("haifeng", "ntl")) for value in values)


RED = Edition(
    id="e7k3m9",
    members=(Member("haifeng", "oai:1", "b1204471", "marc21"), Member("ntl", "oai:2", "000123", "unimarc")),
    titles=of(
        Title("紅樓夢校注", other="附圖", romanised="Honglou meng jiao zhu"),
        Title("Dream of the red chamber", kind="parallel"),
        Title("紅樓夢", kind="uniform"),
    ),
    responsibilities=of("曹雪芹、高鶚原著 ; 馮其庸等校注"),
    agents=of(
        Agent("曹雪芹", role="aut", main=True, dates="約1715-約1763", romanised="Cao, Xueqin"),
        Agent("Hawkes, David", role="trl"),
        Agent("里仁編輯部", kind="corporate", role="edt"),
    ),
    editions=of("再版"),
    imprints=of(Imprint("臺北市", "里仁書局", "民73[1984]")),
    years=of(1984),
    extents=of("1285面"),
    series=of(Series("古典小說", "3")),
    notes=of("以庚辰本為底本", "附錄校記"),
    summaries=of("大觀園的故事。"),
    contents=of("第一回 -- 第二回"),
    subjects=of(Subject("中國小說 -- 清代", "csht"), Subject("Chinese fiction", "lcsh"), Subject("無典據")),
    classifications=of(Classification("857.49", "ncsclt"), Classification("895.1348", "ddc")),
    identifiers=of(
        Identifier("isbn", "9789570835878", "平裝"),
        Identifier("isbn", "9789570835879", valid=False),
        Identifier("isbn", "9780140443714", valid=False, linked=True),
        Identifier("oclc", "12345"),
    ),
    languages=("chi",),
    original_languages=(),
    country="ch",
    format=Format.BOOK,
    carrier=Carrier.PRINT,
    links=of(Link("https://books.example/1", "全文", "fulltext")),
    holdings=(
        Holding("haifeng", "oai:1", "b1204471", "HFC", "ADULT", "857.49 5514", items=(Item("A1"), Item("A2"))),
        Holding("ntl", "oai:2", "000123", summary="v.1-3"),
    ),
)
BARE = make_edition("bare")
BLANK = Edition(id="blank", members=(Member("ntl", "x", ""),))


def written(name: str, *editions: Edition) -> bytes:
    return FORMATS[name].write(editions, CONTEXT)


def test_ris_says_everything_a_reference_manager_asks_for() -> None:
    [entry] = rispy.loads(written("ris", RED).decode())
    assert entry["type_of_reference"] == "BOOK"
    assert entry["title"] == "紅樓夢校注：附圖"
    assert entry["authors"] == ["曹雪芹"]
    assert entry["subsidiary_authors"] == ["Hawkes, David"]
    assert entry["publisher"] == "里仁書局"
    assert entry["place_published"] == "臺北市"
    assert entry["year"] == "1984"
    assert entry["edition"] == "再版"
    assert entry["issn"] == "9789570835878"  # SN is ISBN or ISSN; the wrong one and the other edition's stay out
    assert entry["language"] == "zh-Hant"
    assert entry["keywords"] == ["中國小說 -- 清代", "Chinese fiction", "無典據"]
    assert entry["urls"] == [f"{SITE}/editions/e7k3m9"]
    assert entry["abstract"] == "大觀園的故事。"


def test_a_note_of_several_lines_begins_no_new_line_of_ris() -> None:
    tricky = replace(BARE, notes=of("one\nTY  - HACK\r\nER  - "))
    [entry] = rispy.loads(written("ris", tricky).decode())
    assert entry["notes"] == ["one TY - HACK ER -"]


def test_several_references_stay_apart() -> None:
    assert len(rispy.loads(written("ris", RED, BARE, BLANK).decode())) == 3
    assert len(bibtexparser.parse_string(written("bibtex", RED, BARE, BLANK).decode()).entries) == 3
    assert [item["id"] for item in orjson.loads(written("csl-json", RED, BARE))] == ["e7k3m9", "bare"]
    assert len(list(pymarc.MARCReader(io.BytesIO(written("marc21", RED, BARE, BLANK))))) == 3
    assert len(orjson.loads(written("json-ld", RED, BARE))["@graph"]) == 2


def test_bibtex_keeps_chinese_names_whole_and_splits_western_ones() -> None:
    library = bibtexparser.parse_string(written("bibtex", RED).decode())
    [entry] = library.entries
    assert not library.failed_blocks
    assert (entry.entry_type, entry.key) == ("book", "Cao1984-e7k3m9")
    fields = {field.key: field.value for field in entry.fields}
    assert fields["author"] == "曹雪芹"
    assert fields["translator"] == "Hawkes, David"
    assert fields["editor"] == "{里仁編輯部}"
    assert fields["title"] == "{紅樓夢校注：附圖}"
    assert fields["isbn"] == "9789570835878"


def test_what_tex_would_take_for_itself_is_escaped() -> None:
    tricky = make_edition("t", r"100% {R&D} \input $x_1$ #~^", creators=["A } , @book{x,"], publisher="A & B")
    library = bibtexparser.parse_string(written("bibtex", tricky).decode())
    [entry] = library.entries
    assert not library.failed_blocks
    fields = {field.key: field.value for field in entry.fields}
    assert fields["publisher"] == r"A \& B"
    assert r"100\% \{R\&D\} \textbackslash{}input \$x\_1\$ \#" in fields["title"]


def test_csl_json_leaves_what_is_not_stated_out() -> None:
    [red] = orjson.loads(written("csl-json", RED))
    assert red["author"] == [{"literal": "曹雪芹"}]
    assert red["translator"] == [{"family": "Hawkes", "given": "David"}]
    assert red["issued"] == {"date-parts": [[1984]]}
    assert red["number-of-pages"] == "1285"
    [blank] = orjson.loads(written("csl-json", BLANK))
    assert blank == {"id": "blank", "type": "document", "URL": f"{SITE}/editions/blank"}


def test_marc_has_the_works_own_script_and_the_romanised_form_in_880() -> None:
    [record] = pymarc.MARCReader(io.BytesIO(written("marc21", RED)))
    assert record["001"].data == "e7k3m9"
    assert record["245"].format_field() == "紅樓夢校注 附圖 曹雪芹、高鶚原著 ; 馮其庸等校注"
    linked = {field["6"]: field["a"] for field in record.get_fields("880")}
    assert linked == {"100-01/(B": "Cao, Xueqin", "245-02/(B": "Honglou meng jiao zhu"}
    assert (record["100"]["6"], record["245"]["6"]) == ("880-01", "880-02")
    assert record["008"].data[7:11] == "1984"
    assert len(record["008"].data) == 40
    assert record["008"].data[15:18] == "ch "
    assert record["008"].data[35:38] == "chi"
    assert [(f.get("a"), f.get("z"), f.get("q")) for f in record.get_fields("020")] == [
        ("9789570835878", None, "平裝"),
        (None, "9789570835879", None),
    ]
    assert [field["a"] for field in record.get_fields("035")] == ["(OCoLC)12345", "(haifeng)b1204471", "(ntl)000123"]
    assert [(f.indicator2, f.get("a"), f.get("x"), f.get("2")) for f in record.get_fields("650")] == [
        ("7", "中國小說", "清代", "csht"),
        ("0", "Chinese fiction", None, None),
        ("4", "無典據", None, None),
    ]
    assert [(f.get("a"), f.get("h"), f.get_subfields("p"), f.get("3")) for f in record.get_fields("852")] == [
        ("Ntl", None, [], "v.1-3"),
        ("Haifeng", "857.49 5514", ["A1"], None),
        ("Haifeng", "857.49 5514", ["A2"], None),
    ]
    assert [field["u"] for field in record.get_fields("856")] == ["https://books.example/1", f"{SITE}/editions/e7k3m9"]
    assert (record["082"]["a"], record["084"]["a"], record["084"]["2"]) == ("895.1348", "857.49", "ncsclt")


def test_marcxml_is_well_formed_and_says_the_same_as_iso_2709() -> None:
    data = written("marcxml", RED, BARE)
    tree = lxml.etree.fromstring(data)
    assert tree.tag == f"{SLIM}collection"
    by_xml = pymarc.parse_xml_to_array(io.BytesIO(data))
    by_iso = list(pymarc.MARCReader(io.BytesIO(written("marc21", RED, BARE))))
    assert [r.as_dict()["fields"] for r in by_xml] == [r.as_dict()["fields"] for r in by_iso if r]


def test_control_characters_of_a_record_break_no_format() -> None:
    hostile = make_edition("h", "a\x1db\x1ec\x1f\x00d\ufffe & <e>", creators=["x\x1ey"])
    lxml.etree.fromstring(written("marcxml", hostile))
    [record] = pymarc.MARCReader(io.BytesIO(written("marc21", hostile)))
    assert record["245"]["a"] == "abcd & <e>"
    for name in ("csl-json", "json-ld"):
        orjson.loads(written(name, hostile))


@pytest.mark.parametrize(
    "too_long",
    [
        pytest.param({"contents": of("第一回 " * 5_000)}, id="one field beyond 9,999 bytes"),
        pytest.param({"notes": of(*(f"note {n} {'長' * 300}" for n in range(300)))}, id="a record beyond 99,999 bytes"),
        pytest.param(
            {"holdings": tuple(Holding("ntl", "x", "x", f"B{n}", items=tuple(Item(f"{n}-{m:06}") for m in range(900)))
                               for n in range(60))}, id="a journal with 54,000 copies"),
    ],
)  # fmt: skip
def test_a_record_too_long_for_iso_2709_is_shortened_and_says_so(too_long: dict[str, Any]) -> None:
    edition = replace(RED, **too_long)
    data = written("marc21", edition)
    [record] = pymarc.MARCReader(io.BytesIO(data))
    assert record is not None
    assert len(data) <= LONGEST_RECORD
    assert all(len(field.as_marc("utf-8")) <= LONGEST_FIELD for field in record.fields)
    assert any("Shortened" in note["a"] and "e7k3m9" in note["a"] for note in record.get_fields("500"))
    assert record["245"]["a"] == "紅樓夢校注"


def test_a_record_that_fits_has_no_such_note() -> None:
    [record] = pymarc.MARCReader(io.BytesIO(written("marc21", RED)))
    assert [note["a"] for note in record.get_fields("500")] == ["以庚辰本為底本", "附錄校記"]


def test_json_ld_is_a_book_with_its_libraries_as_offers_and_tells_no_state_nobody_gave() -> None:
    book = orjson.loads(written("json-ld", RED))
    assert book["@context"] == "https://schema.org"
    assert book["@type"] == "Book"
    assert book["@id"] == f"{SITE}/editions/e7k3m9"
    assert book["isbn"] == "9789570835878"
    assert book["author"] == [{"@type": "Person", "name": "曹雪芹", "alternateName": "Cao, Xueqin"}]
    assert book["translator"] == [
        {"@type": "Person", "name": "David Hawkes", "familyName": "Hawkes", "givenName": "David"}
    ]
    assert [offer["offeredBy"]["name"] for offer in book["offers"]] == ["Haifeng", "Ntl"]
    assert all("availability" not in offer for offer in book["offers"])


@pytest.mark.parametrize("format", list(Format))
@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_can_be_exported_as_everything(format: Format, name: str) -> None:
    edition = replace(RED, format=format)
    data = written(name, edition)
    assert data
    if name == "ris":
        assert data.decode().startswith(f"TY  - {KINDS[format].ris}\r\n")
    if name == "json-ld":
        assert orjson.loads(data)["@type"] == KINDS[format].schema


@pytest.mark.parametrize("name", list(FORMATS))
def test_an_edition_of_which_nothing_is_known_can_be_exported(name: str) -> None:
    assert written(name, BLANK)


@pytest.mark.parametrize(
    ("heading", "name", "dates", "title"),
    [
        ("Shakespeare, William, 1564-1616. Hamlet", "Shakespeare, William", "1564-1616", "Hamlet"),
        ("Tolkien, J. R. R., 1892-1973", "Tolkien, J. R. R.", "1892-1973", None),
        ("Homer. Iliad", "Homer", None, "Iliad"),
        ("曹雪芹, 約1717-1763. 紅樓夢", "曹雪芹", "約1717-1763", "紅樓夢"),
        ("King, Martin Luther, Jr. and others", "King, Martin Luther, Jr. and others", None, None),
        ("曹雪芹", "曹雪芹", None, None),
    ],
)
def test_a_name_as_a_subject_keeps_its_dates_and_its_title_apart(
    heading: str, name: str, dates: str | None, title: str | None
) -> None:
    edition = replace(BARE, subjects=of(Subject(f"{heading} -- Criticism", "lcsh", "person")))
    [field] = next(iter(pymarc.MARCReader(io.BytesIO(written("marc21", edition))))).get_fields("600")
    assert (field["a"], field.get("d"), field.get("t"), field["x"]) == (name, dates, title, "Criticism")


def test_the_halves_of_a_heading_are_no_subjects_beside_it() -> None:
    texts = ("中國小說 -- 清代", "清代", "中國小說", "其他")
    edition = replace(BARE, subjects=of(*(Subject(text, "csht") for text in texts), Subject("清代", "lcsh")))
    record = next(iter(pymarc.MARCReader(io.BytesIO(written("marc21", edition)))))
    found = [(f["a"], f.get("x"), f.indicator2) for f in record.get_fields("650")]
    assert found == [("中國小說", "清代", "7"), ("其他", None, "7"), ("清代", None, "0")]
