"""The page of presets says what the presets read today."""

from __future__ import annotations

import re
import tomllib

from benchmarks.holdings_table import PART, tables
from indexer.holdings import PRESETS
from mappings.library import Harvest, Records


def test_the_committed_tables_are_what_the_command_gives() -> None:
    assert PART.text() == tables(), "run `make docs-holdings` and look at what changed"


def test_every_preset_says_whose_it_is_and_what_describes_it() -> None:
    assert [name for name, one in PRESETS.items() if one.reads and not (one.whose and one.described_in)] == []


def test_every_example_of_the_page_is_a_configuration() -> None:
    examples = [
        tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", PART.page.read_text(encoding="utf-8"), re.S)
    ]
    assert len(examples) >= 3
    for example in examples:
        Records.model_validate(example.get("records", {}))
        if "harvest" in example:
            Harvest.model_validate(example["harvest"])
