"""The table of docs/reading.md says what reading does today."""

from __future__ import annotations

import pytest
from rich.console import Console

from benchmarks.reading_table import HEADINGS, PART, table
from tests.support.real_files import ABSENT, DATA


def _rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines()]


def test_the_committed_table_accounts_for_every_record() -> None:
    heading, _, *rows = _rows(PART.text())
    assert tuple(heading) == HEADINGS
    for name, *counts, _ in rows:
        records, read, _, _, copies, deleted, quarantined = (int(count.replace(",", "") or 0) for count in counts)
        assert records == read + copies + deleted + quarantined, name


@pytest.mark.skipif(not DATA.is_dir(), reason=ABSENT)
def test_the_committed_table_is_what_the_command_gives() -> None:
    made = table(DATA, Console(stderr=True, quiet=True))
    assert PART.text() == made, "run `make docs-reading` and look at what changed"
