"""Real files become editions whose figures say what they hold, contradictions and overlap included."""

from __future__ import annotations

from pathlib import Path

from benchmarks.matching_table import REAL
from benchmarks.real_files import FILES, Figures, RealFile, figures, table

_HEADING = "\tTitle\tAuthor\tPublication\tFormat\tISBN\tSeries\tPhysical Details\n"
_DATA = "0\tData mining : the basics\tWitten, Ian\tBoston : Elsevier, 2011\tBooks\t9780123748560\t\txxxiii, 629 p.\n"
_OTHER = "1\tSorting and searching\tMehlhorn, Kurt\tBerlin : Springer, 1984\tBooks\t354013302X\t\t336 p.\n"
_ELECTRONIC = "2\tSorting and searching\tMehlhorn, Kurt\tBerlin\t\t354013302X\t\t1 online resource (336 p.)\n"


def test_two_tables_tell_what_they_have_in_common_and_what_is_joined(tmp_path: Path) -> None:
    (tmp_path / "one.tsv").write_text(_HEADING + _DATA + _OTHER, encoding="utf-8")
    (tmp_path / "two.tsv").write_text(_HEADING + _DATA + _ELECTRONIC, encoding="utf-8")
    real = RealFile("two tables", ("one.tsv", "two.tsv"))
    found = figures(real, tmp_path)
    assert found == Figures(records=4, editions=3, works=3, conflicting=0, common=2, joined=1)
    assert "| two tables | 4 | 3 | 3 | 0 | 2 | 1 |" in table([(real, found)])


def test_the_page_has_a_row_for_every_file() -> None:
    assert [line.split("|")[1].strip() for line in REAL.text().splitlines()[2:]] == [one.what for one in FILES]
