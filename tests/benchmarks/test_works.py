"""Works of the demo consortium are as good as the page says, and hardly ever too large."""

from __future__ import annotations

import pytest

from benchmarks.works import PART, WorkQuality, demo_works, quality, table
from tests.support.demo_editions import an_edition


@pytest.fixture(scope="module")
def found() -> WorkQuality:
    return demo_works()


def test_works_hold_no_edition_of_another_text(found: WorkQuality) -> None:
    assert found.precision >= 0.99
    assert found.recall >= 0.65


def test_the_committed_table_counts_the_editions_there_are(found: WorkQuality) -> None:
    committed = [cell.strip() for cell in PART.text().splitlines()[-1].strip("|").split("|")]
    made = [cell.strip() for cell in table(found).splitlines()[-1].strip("|").split("|")]
    assert (committed[0], committed[2]) == (made[0], made[2]), "run `make bench-works` and look at what changed"


def test_pairs_are_counted_by_text_language_and_part() -> None:
    known = {
        "a": an_edition(key="a", work="x"),
        "b": an_edition(key="b", work="x"),
        "c": an_edition(key="c", work="x", language="eng"),
        "d": an_edition(key="d", work="x", part_number="上"),
    }
    counted = quality([["a", "b", "c"], ["d"]], known)
    assert (counted.true, counted.found, counted.right, counted.works) == (1, 3, 1, 1)
    assert counted.precision == pytest.approx(1 / 3)
    assert counted.recall == 1.0
