"""Scenarios of systems that change and say so only through their records, and of small libraries that lose theirs."""

from __future__ import annotations

from hashlib import sha256

from tests.support.wild.identity import FEW_PAGES, MANY
from tests.support.wild.stage import RECORDS, On, Scenario, Stage

BESIDE = "sees it in the changes, collects the new list beside the old, finds the successors and swaps in one step"


async def harvested_well(stage: Stage) -> None:
    """A good first harvest; then two hours pass and the faults are on."""
    switches = list(stage.server.switches)
    stage.server.switches.clear()
    await stage.harvest()
    stage.clock.later(hours=2)
    stage.server.switches += switches


async def all_changed_and_renamed(stage: Stage) -> None:
    await harvested_well(stage)
    for entry in list(stage.repository.live.values()):
        stage.repository.put(entry.identifier, entry.title)
    stage.clock.later(hours=1)
    await stage.harvest()
    if [outcome.kind for outcome in stage.outcomes] != ["full", "incremental", "full"]:
        stage.problems.append("a list of everything was to follow at once")


async def renamed_in_silence(stage: Stage) -> None:
    await harvested_well(stage)
    await stage.harvest(sweep=None)
    if [outcome.kind for outcome in stage.outcomes] != ["full", "incremental", "sweep", "full"]:
        stage.problems.append("a sweep was to follow at once, and a list of everything")


async def renamed_in_dublin_core(stage: Stage) -> None:
    renaming = [one for one in stage.server.switches if one.fault.name == "other identifiers"]
    stage.server.switches = [one for one in stage.server.switches if one not in renaming]
    await stage.harvest()
    stage.clock.later(hours=2)
    stage.server.switches += renaming
    await stage.harvest(full=True)


async def grown(stage: Stage) -> None:
    await stage.harvest()
    stage.clock.later(hours=2)
    for number in range(RECORDS, 3 * RECORDS):
        stage.repository.put(stage.name(number))
    stage.clock.later(hours=1)
    await stage.harvest()
    stage.clock.later(hours=1)
    again = await stage.harvest()
    if (again.kind, again.new) != ("incremental", 0):
        stage.problems.append(f"the next one was to be as always: {again}")


async def all_given_to_others(stage: Stage) -> None:
    await stage.harvest()
    before = stage.here()
    stage.clock.later(hours=2)
    for name in list(stage.repository.live):
        stage.repository.put(name, sha256(name.encode()).hexdigest()[:30])
    stage.clock.later(hours=1)
    await stage.harvest()
    if stage.here() != before:
        stage.problems.append("the records there were are not shown as they were")


async def all_deleted(stage: Stage) -> None:
    await stage.harvest()
    stage.clock.later(hours=2)
    for name in list(stage.repository.live):
        stage.repository.delete(name)
    stage.clock.later(hours=1)
    outcome = await stage.harvest()
    if (outcome.deleted, outcome.held) != (0, RECORDS) or any(gone for _, gone in stage.here().values()):
        stage.problems.append(f"all of them were to be held and none deleted: {outcome}")


async def one_left(stage: Stage) -> None:
    await stage.harvest()
    stage.repository.vanish(*(stage.name(number) for number in range(1, RECORDS)))
    stage.clock.later(days=31)
    await stage.harvest(sweep=None)
    if any(gone for _, gone in stage.here().values()):
        stage.problems.append("records left")


SCENARIOS = (
    Scenario(
        "X10",
        "other identifiers, in the changes",
        BESIDE,
        "complete",
        (On("other identifiers"),),
        all_changed_and_renamed,
        records=MANY,
        manner=FEW_PAGES,
    ),
    Scenario(
        "X10",
        "other identifiers, in the changes of a small library",
        BESIDE,
        "complete",
        (On("other identifiers"),),
        all_changed_and_renamed,
    ),
    Scenario(
        "X10",
        "other identifiers, Dublin Core only",
        "finds successors by identifiers and makers together with titles",
        "complete",
        (On("Dublin Core only"), On("other identifiers")),
        renamed_in_dublin_core,
        harvest={"metadata_prefix": ""},
        records=MANY,
        manner=FEW_PAGES,
    ),
    Scenario(
        "X10",
        "another address",
        "lists all identifiers at once, and collects the new list beside the old when they are others",
        "complete",
        (On("other identifiers"), On("another address")),
        renamed_in_silence,
        records=MANY,
        manner=FEW_PAGES,
    ),
    Scenario(
        "X10",
        "grown",
        "lists everything at once to see whether they are the same under other identifiers; they are not, and all stay",
        "complete",
        play=grown,
        server="has received twice as many records as it had",
    ),
    Scenario(
        "X12",
        "all re-used",
        "puts back what was there, collects the others beside it and asks a person",
        "held",
        play=all_given_to_others,
        server="gives all its identifiers to other records after a change of system",
    ),
    Scenario(
        "X13",
        "all of a small library, stated",
        "keeps everything and asks a person, however few they are",
        "held",
        play=all_deleted,
        server="says that all its records are deleted",
    ),
    Scenario(
        "X13",
        "all but one of a small library, swept",
        "keeps everything and asks a person: more than half of a library never leaves unasked",
        "held",
        play=one_left,
        server="has lost all its records but one",
    ),
)
