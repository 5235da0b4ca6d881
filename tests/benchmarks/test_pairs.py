"""Labelled pairs are read from any folder of the form, or it is said what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from pymarc import Field, Record, Subfield

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
    ("labels", "said", "why"),
    [
        ("id1,id2,label\na,b,1\n", "1 labels, but 4 records", "a label a pair"),
        ("id1,id2,label\na,b,1\nd,c,0\n", "do not follow", "the order of the labels"),
        ("id1,id2,label\na,b,yes\nc,d,0\n", "neither 0 nor 1", "labels are 0 or 1"),
        ("one,two\na,b\n", "columns", "the columns have names"),
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
