"""`make docs-harvesting`: every scenario played, and what came of it, as the table of `docs/harvesting.md`.

The table stands between two comments; the prose around it stays as it is.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from benchmarks.generated_part import GeneratedPart
from fixtures.wild.registry import ENTRIES
from tests.support.wild.catalogue import SCENARIOS
from tests.support.wild.stage import result_of

PART = GeneratedPart(Path(__file__).parents[3] / "docs" / "harvesting.md", "make docs-harvesting")
HEADINGS = ("no.", "the server …", "we …", "outcome", "records")


async def table() -> str:
    """The table as Markdown, a row for each scenario, in the order of the catalogue."""
    rows = [HEADINGS, ("---", "---", "---", "---", "---")]
    for scenario in sorted(SCENARIOS, key=lambda one: ENTRIES.index(one.number)):
        result = await result_of(scenario)
        if result.problems:
            raise AssertionError(f"{scenario.number} {scenario.name}: {result.problems}")
        does = f"{scenario.what_the_server_does} ({scenario.name})"
        rows.append((scenario.number, does, scenario.ours, result.ended, result.records))
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |\n" for row in rows)


if __name__ == "__main__":
    PART.write(asyncio.run(table()))
