"""Labelled pairs are read from any folder of the form, or it is said what is wrong with it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from pymarc import Field, Record, Subfield
from rich.console import Console

from benchmarks.matching_report import report
from benchmarks.pairs import PairsUnusable, read_pairs
from fixtures.marcxml import marcxml


def _marc(number: str, title: str) -> Record:
    record = Record(leader="00000nam a2200000 a 4500")
    record.add_field(Field("001", data=number))
    record.add_field(Field("245", indicators=["0", "0"], subfields=[Subfield("a", title)]))
    return record


RECORDS = [_marc("a", "紅樓夢"), _marc("b", "红楼梦"), _marc("c", "Emma"), _marc("d", "Persuasion")]
LABELS = "id1,id2,label,work,why\na,b,1,w,變體\nc,d,0,,other book\n"


def _json(folder: Path) -> None:
    (folder / "records.json").write_bytes(b"\n".join(orjson.dumps(one.as_dict()) for one in RECORDS))


def _iso2709(folder: Path) -> None:
    (folder / "records.mrc").write_bytes(b"".join(one.as_marc() for one in RECORDS))


def _marcxml(folder: Path) -> None:
    text = "".join(map(marcxml, RECORDS))
    (folder / "records.xml").write_text(f"<collection>{text}</collection>", encoding="utf-8")


@pytest.mark.parametrize("write", [_json, _iso2709, _marcxml])
def test_pairs_are_read_from_any_form(tmp_path: Path, write: Callable[[Path], None]) -> None:
    (tmp_path / "labels.csv").write_text(LABELS, encoding="utf-8")
    write(tmp_path)
    one, other = read_pairs(tmp_path)
    assert (one.a.identifier, one.b.identifier, one.same, one.why) == ("a", "b", True, "變體")
    assert (other.a.title and other.a.title.proper, other.same) == ("Emma", False)
    assert one.group != other.group


def test_pairs_that_share_a_cluster_are_of_one_group(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("id1,id2,label\na,b,1\nc,d,0\na,d,0\n", encoding="utf-8")
    records = [*RECORDS, RECORDS[0], RECORDS[3]]
    clusters = ["1", "1", "2", "3", "1", "3"]
    lines = []
    for record, cluster in zip(records, clusters, strict=True):
        source = record.as_dict()
        source["fields"].append({"CID": {"ind1": " ", "ind2": " ", "subfields": [{"a": cluster}]}})
        lines.append(orjson.dumps(source))
    (tmp_path / "records.json").write_bytes(b"\n".join(lines))
    assert len({pair.group for pair in read_pairs(tmp_path)}) == 1


@pytest.mark.parametrize(
    ("labels", "why"),
    [
        (LABELS.replace("\n", "\r\n"), "written under Windows"),
        ("\ufeff" + LABELS, "a spreadsheet's mark of UTF-8"),
        (LABELS.replace(",", ";"), "a spreadsheet of a country with decimal commas"),
        ("label,why,id2,id1,work\n1,變體,b,a,w\n0,,d,c,\n", "columns in another order"),
        ("ID1, ID2 ,Label,work,why\na , b, 1,w,變體\n\nc,d,0,,\n", "blanks, capitals, an empty line"),
        ("id1,id2,label,why\nc,d,0,\na,b,1,變體\n", "pairs in another order than the records"),
    ],
)
def test_labels_may_be_written_as_programs_write_them(tmp_path: Path, labels: str, why: str) -> None:
    (tmp_path / "labels.csv").write_text(labels, encoding="utf-8", newline="")
    _json(tmp_path)
    found = {(pair.a.identifier, pair.b.identifier): (pair.same, pair.why) for pair in read_pairs(tmp_path)}
    assert found == {("a", "b"): (True, "變體"), ("c", "d"): (False, found["c", "d"][1])}


def test_records_may_stand_in_several_files_of_several_forms(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text(LABELS, encoding="utf-8")
    (tmp_path / "one.MRC").write_bytes(RECORDS[2].as_marc() + RECORDS[1].as_marc() + b"\r\n")
    (tmp_path / "two.xml").write_text(f"<collection>{marcxml(RECORDS[0])}</collection>", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "three.zip", "w") as archive:
        archive.writestr("folder/three.json", b"[" + orjson.dumps(RECORDS[3].as_dict()) + b"]")
        archive.writestr("__MACOSX/._three.json", b"\0")
    ids = [(pair.a.identifier, pair.b.identifier) for pair in read_pairs(tmp_path)]
    assert ids == [("a", "b"), ("c", "d")]


def test_of_one_set_of_records_in_two_forms_one_is_read(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text(LABELS, encoding="utf-8")
    _json(tmp_path)
    _marcxml(tmp_path)
    assert len(read_pairs(tmp_path)) == 2


@pytest.mark.parametrize(
    ("labels", "said", "why"),
    [
        ("id1,id2,label\na,b,1\n", "1 labels, 4 records, and no label of c and 1 more", "each record is of a pair"),
        ("id1,id2,label\na,b,1\nd,e,0\nc,d,0\n", "line 3 of labels.csv: no record e", "each pair has its records"),
        ("id1,id2,label\na,b,yes\nc,d,0\n", "line 2: label 'yes' of a is neither 0 nor 1", "labels are 0 or 1"),
        ("id1,id2,label\na,b,1\nc,d\n", "line 3: label '' of c is neither 0 nor 1", "no label is not 0"),
        ("one,two\na,b\n", "id1, id2, label is not there", "the columns have names"),
        ("", "columns", "an empty file"),
        ("id1,id2,label\n", "no pair", "nothing but a heading"),
    ],
)
def test_a_folder_of_another_form_is_refused(tmp_path: Path, labels: str, said: str, why: str) -> None:
    (tmp_path / "labels.csv").write_text(labels, encoding="utf-8")
    _json(tmp_path)
    with pytest.raises(PairsUnusable, match=said):
        read_pairs(tmp_path)


def test_a_folder_without_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PairsUnusable, match="no labels"):
        read_pairs(tmp_path)
    (tmp_path / "labels.csv").write_text(LABELS, encoding="utf-8")
    with pytest.raises(PairsUnusable, match="beside"):
        read_pairs(tmp_path)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("records.json", b'{"leader": "x"', "records.json: record 1:"),
        ("records.mrc", RECORDS[0].as_marc() + b"not MARC", "records.mrc: record 2:"),
        ("records.xml", b"<collection><record>", "records.xml: record 1:"),
        ("records.zip", b"PK", "records.zip"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_record(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / "labels.csv").write_text(LABELS, encoding="utf-8")
    (tmp_path / name).write_bytes(data)
    with pytest.raises(PairsUnusable, match=said):
        read_pairs(tmp_path)


def test_labels_in_another_encoding_are_refused(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_bytes(LABELS.encode("big5"))
    with pytest.raises(PairsUnusable, match="not in UTF-8"):
        read_pairs(tmp_path)


def test_a_report_in_a_pipe_is_whole_and_names_the_records_of_each_mistake(tmp_path: Path) -> None:
    long = "An exceedingly long title of a book that no terminal of eighty columns ever shows in a single line of it"
    records = [_marc("first-of-them", long), _marc("second-of-them", "紅樓夢"), *RECORDS[2:]]
    (tmp_path / "labels.csv").write_text(
        "id1,id2,label,why\nfirst-of-them,second-of-them,1,one book under two titles\nc,d,1,\n", encoding="utf-8"
    )
    (tmp_path / "records.mrc").write_bytes(b"".join(one.as_marc() for one in records))
    text = io.StringIO()
    report(tmp_path, Console(file=text), most=1)
    printed = text.getvalue()
    assert "false merges, titles alike" in printed
    assert "…" not in printed
    assert f"first-of-them  {long}" in printed
    assert "because: one book under two titles" in printed
    assert "Labelled the same, judged not (without identifiers): 2, the worst first" in printed
    assert "Persuasion" not in printed, "one mistake was asked for"
