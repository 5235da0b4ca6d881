"""The page of presets says what the presets read today."""

from __future__ import annotations

from benchmarks.holdings_table import PAGE, committed_tables, tables
from indexer.holdings import PRESETS


def test_the_committed_tables_are_what_the_command_gives() -> None:
    assert committed_tables(PAGE) == tables(), "run `make docs-holdings` and look at what changed"


def test_every_preset_says_whose_it_is_and_what_describes_it() -> None:
    assert [name for name, one in PRESETS.items() if one.reads and not (one.whose and one.described_in)] == []
