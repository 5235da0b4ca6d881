"""Whatever servers do: a run is complete with every record, or it says what it is and moves no watermark.

The scenarios are in ``tests/support/wild``, the server and its faults in ``fixtures/wild``.
"""

from __future__ import annotations

import pytest

from fixtures.wild.registry import ENTRIES, FAULTS, NOT_OF_THE_SERVER
from tests.support.wild.catalogue import SCENARIOS
from tests.support.wild.page import PART, table
from tests.support.wild.stage import Scenario, result_of


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[f"{one.number} {one.name}" for one in SCENARIOS])
async def test_a_server_that_misbehaves_costs_no_record(scenario: Scenario) -> None:
    result = await result_of(scenario)
    assert result.problems == ()


def test_every_entry_of_the_catalogue_has_a_scenario() -> None:
    assert len(ENTRIES) == 57
    assert sorted({scenario.number for scenario in SCENARIOS}, key=ENTRIES.index) == list(ENTRIES)


def test_no_two_scenarios_have_one_name() -> None:
    names = [f"{scenario.number} {scenario.name}" for scenario in SCENARIOS]
    assert len(names) == len(set(names))


def test_every_entry_has_a_fault_or_a_word_why_it_needs_none() -> None:
    with_fault = {number for fault in FAULTS.values() for number in fault.numbers}
    assert with_fault | set(NOT_OF_THE_SERVER) == set(ENTRIES)
    assert not with_fault & set(NOT_OF_THE_SERVER)


def test_every_fault_is_played() -> None:
    played = {on.fault for scenario in SCENARIOS for on in scenario.on}
    assert set(FAULTS) == played


async def test_the_table_of_the_documentation_is_what_the_scenarios_give() -> None:
    assert PART.text() == await table(), "run `make docs-harvesting` and look at what changed"
