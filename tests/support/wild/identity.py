"""Scenarios of deletions and identity: X1 to X13."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.support.wild.stage import RECORDS, On, Scenario, Stage

MANY = 120
FEW_PAGES = {"page_size": 30}


async def vanished(stage: Stage) -> None:
    """Records vanish without a word; a month later a sweep is due."""
    await stage.harvest()
    stage.repository.vanish(stage.name(3), stage.name(30))
    stage.clock.later(days=31)
    outcome = await stage.harvest(sweep=None)
    if outcome.kind != "sweep":
        stage.problems.append(f"a sweep was due: {outcome}")


def deleted_and(days: float, kind: str) -> Callable[[Stage], Awaitable[None]]:
    async def play(stage: Stage) -> None:
        await stage.harvest()
        stage.clock.later(hours=1)
        for number in (3, 30):
            stage.repository.delete(stage.name(number))
        stage.clock.later(days=days)
        outcome = await stage.harvest(sweep=None)
        if outcome.kind != kind:
            stage.problems.append(f"it was to be {kind}: {outcome}")

    return play


def about(*numbers: int, shown: bool = True) -> Callable[[Stage], Awaitable[None]]:
    """A good harvest; then the faults are on, for these records, which have changed."""

    async def play(stage: Stage) -> None:
        switches = list(stage.server.switches)
        stage.server.switches.clear()
        await stage.harvest()
        stage.clock.later(hours=2)
        names = [stage.name(number) for number in numbers]
        for name in names:
            entry = stage.repository.entries[name]
            stage.repository.put(name, entry.title)
        stage.server.memory["records"] = " ".join(names)
        if not shown:
            stage.not_ours.update(names)
        stage.server.switches += switches
        stage.clock.later(hours=1)
        await stage.harvest()

    return play


async def listed_as_deleted(stage: Stage) -> None:
    await about(4)(stage)
    await stage.harvest(sweep=True)


async def left_the_set(stage: Stage) -> None:
    """A record leaves the set, its datestamp as it was; a month later a sweep is due."""
    await stage.harvest()
    entry = stage.repository.entries[stage.name(8)]
    stage.repository.put(entry.identifier, entry.title, sets=("maps",), stamp=entry.stamp)
    stage.repository.vanish(stage.name(9))
    stage.clock.later(days=31)
    await stage.harvest(sweep=None)
    stage.clock.later(hours=25)
    await stage.harvest(sweep=True)


async def without_its_set(stage: Stage) -> None:
    await stage.harvest()
    stage.server.manner.sets = ("maps",)
    stage.clock.later(hours=2)
    await stage.harvest()


async def many_tombstones(stage: Stage) -> None:
    for number in range(0, RECORDS, 2):
        stage.repository.delete(stage.name(number))
    await stage.harvest()
    heard = stage.store.changes(0, 1000)
    if any(stored.raw.deleted for stored in heard):
        stage.problems.append("deletions of what never came were told on")


async def renamed(stage: Stage) -> None:
    switches = list(stage.server.switches)
    stage.server.switches.clear()
    await stage.harvest()
    stage.clock.later(days=31)
    stage.server.switches += switches
    await stage.harvest(full=True)


async def called_otherwise(stage: Stage) -> None:
    await renamed(stage)
    heard = [stored.raw.identifier for stored in stage.store.changes(MANY, 1000)]
    if heard:
        stage.problems.append(f"somebody heard of the move: {heard}")


async def renamed_and_fewer(stage: Stage) -> None:
    """The new system lacks most of the records."""
    switches = list(stage.server.switches)
    stage.server.switches.clear()
    await stage.harvest()
    stage.clock.later(days=31)
    stage.server.switches += switches
    stage.repository.vanish(*(stage.name(number) for number in range(60, MANY)))
    await stage.harvest(full=True)


async def two_libraries(stage: Stage) -> None:
    """Another library with the same identifiers, and records of its own."""
    await stage.harvest()
    mine = stage.here()
    for number in range(RECORDS):
        stage.repository.put(stage.name(number), f"Of the other library {number}")
    stage.changes["code"] = "otherlib"
    await stage.harvest()
    if stage.here() != mine:
        stage.problems.append("one library's records changed with the other's")
    of_the_other = stage.here("otherlib")
    if {name for name, (_, deleted) in of_the_other.items() if not deleted} != set(stage.truth()):
        stage.problems.append("the other library lacks records")
    stage.shown = "otherlib"


async def reused(stage: Stage) -> None:
    await stage.harvest()
    stage.clock.later(hours=2)
    stage.repository.put(stage.name(6), "Quite another book")
    stage.clock.later(hours=1)
    outcome = await stage.harvest()
    if not outcome.reused:
        stage.problems.append("nobody was told that the identifier names another record now")


def suddenly(**how: bool) -> Callable[[Stage], Awaitable[None]]:
    async def play(stage: Stage) -> None:
        switches = list(stage.server.switches)
        stage.server.switches.clear()
        await stage.harvest()
        stage.clock.later(days=31)
        stage.server.switches += switches
        await stage.harvest(**how)
        if len(stage.truth()) != len([1 for _, deleted in stage.here().values() if not deleted]):
            stage.problems.append("records left")

    return play


SCENARIOS = (
    Scenario(
        "X1",
        "vanished",
        "sweeps every week; asks for what is absent by name before it goes",
        "complete",
        (On("no deletions"),),
        deleted_and(8, "sweep"),
    ),
    Scenario(
        "X2",
        "transient",
        "sweeps when it was away for longer than such a server remembers",
        "complete",
        (On("transient deletions"),),
        deleted_and(8, "sweep"),
    ),
    Scenario(
        "X2",
        "transient, in time",
        "takes the deletion as the server states it",
        "complete",
        (),
        deleted_and(1, "incremental"),
        manner={"deletions": "transient"},
        server="forgets its deletions after three days, and is asked before",
    ),
    Scenario(
        "X3",
        "a lie",
        "sweeps everybody every month, whatever they say of themselves",
        "complete",
        (On("no tombstones"),),
        deleted_and(31, "sweep"),
    ),
    Scenario(
        "X3",
        "a lie, with an empty GetRecord",
        "takes an answer with nothing in it for gone",
        "complete",
        (On("no tombstones"), On("empty GetRecord")),
        deleted_and(31, "sweep"),
    ),
    Scenario(
        "X3",
        "vanished",
        "sweeps everybody every month",
        "complete",
        play=vanished,
        server="loses records without a word",
    ),
    Scenario(
        "X4",
        "leader",
        "deletes what its leader calls deleted",
        "complete",
        (On("withdrawn by leader"),),
        about(4, 5, shown=False),
    ),
    Scenario(
        "X4",
        "a field of its own",
        "deletes what the library's file says is withdrawn",
        "complete",
        (On("withdrawn by a field"),),
        about(4, 5, shown=False),
        harvest={"suppress": ("999ff$t=1",)},
    ),
    Scenario(
        "X5",
        "deleted, then live",
        "of two with one datestamp the live one counts",
        "complete",
        (On("deleted and live"),),
        about(4, 5),
    ),
    Scenario(
        "X6",
        "left the set",
        "finds it in the sweep; what the server still has elsewhere stays until two sweeps lack it",
        "unverified",
        play=left_the_set,
        harvest={"set": "books"},
        sets=("books",),
        server="lets records leave a set without a word",
    ),
    Scenario(
        "X6",
        "the set is gone",
        "looks the set up before each run and fails",
        "failed",
        (),
        without_its_set,
        harvest={"set": "books"},
        sets=("books",),
        server="has taken a set away and answers it with noRecordsMatch",
    ),
    Scenario(
        "X7",
        "tombstones first",
        "keeps them, and tells nobody of them",
        "complete",
        play=many_tombstones,
        server="lists deletions of what never came",
    ),
    Scenario(
        "X8",
        "skeleton",
        "keeps the version it has, and the empty one in quarantine",
        "complete",
        (On("skeleton"),),
        about(4),
    ),
    Scenario(
        "X8",
        "skeleton listed as deleted",
        "asks for it by name and does not delete it; a list that lacks what is there proves nothing",
        "unverified",
        (On("skeleton"), On("skeleton listed as deleted")),
        listed_as_deleted,
    ),
    Scenario(
        "X9",
        "no metadata",
        "keeps the version it has, and notes that a record came without one",
        "complete",
        (On("no metadata"),),
        about(4),
    ),
    Scenario(
        "X10",
        "other identifiers",
        "collects the new list beside the old, finds each record's successor by its numbers, and swaps in one step",
        "complete",
        (On("other identifiers"),),
        renamed,
        records=MANY,
        manner=FEW_PAGES,
    ),
    Scenario(
        "X10",
        "another name",
        "the same, at the first sight of another repositoryIdentifier",
        "complete",
        (On("other identifiers"), On("another name")),
        called_otherwise,
        records=MANY,
        manner=FEW_PAGES,
    ),
    Scenario(
        "X10",
        "other identifiers, half of the records",
        "keeps the old ones and asks a person",
        "held",
        (On("other identifiers"),),
        renamed_and_fewer,
        records=MANY,
        manner=FEW_PAGES,
        server="names its records anew and has lost half of them",
    ),
    Scenario(
        "X11",
        "two libraries",
        "never takes an identifier for more than one library's own",
        "complete",
        play=two_libraries,
        server="uses the same identifiers as another library's server",
    ),
    Scenario(
        "X12",
        "re-used",
        "takes the new record, keeps the old version and says that this was seen",
        "complete",
        play=reused,
        server="gives an identifier to another record",
    ),
    Scenario(
        "X13",
        "nothing left",
        "keeps everything and asks a person",
        "held",
        (On("nothing left"),),
        suddenly(full=True),
        records=MANY,
        manner=FEW_PAGES,
    ),
    Scenario(
        "X13",
        "nothing left, swept",
        "keeps everything and asks a person",
        "held",
        (On("nothing left"),),
        suddenly(sweep=True),
        records=MANY,
        manner=FEW_PAGES,
    ),
    Scenario(
        "X13",
        "one in a hundred",
        "keeps everything and asks a person",
        "held",
        (On("one in a hundred"),),
        suddenly(full=True),
        records=MANY,
        manner=FEW_PAGES,
    ),
    Scenario(
        "X13",
        "one in a hundred, swept",
        "keeps everything and asks a person",
        "held",
        (On("one in a hundred"),),
        suddenly(sweep=True),
        records=MANY,
        manner=FEW_PAGES,
    ),
)
