"""Scenarios of dates, windows and clocks: D1 to D9."""

from __future__ import annotations

from tests.support.wild.stage import On, Scenario, Stage
from tests.support.wild.tokens import LIST, in_an_incremental_harvest


async def changed_since(stage: Stage) -> None:
    """A first harvest, changes a while later, a second one."""
    await stage.harvest()
    stage.clock.later(hours=30)
    for number in (3, 17, 44):
        stage.repository.touch(stage.name(number))
    stage.repository.delete(stage.name(5))
    stage.repository.put(stage.name(900))
    stage.clock.later(minutes=5)
    await stage.harvest()


async def broken_off_after_the_latest(stage: Stage) -> None:
    """The first page holds the latest datestamp of all; the run fails behind it."""
    stage.clock.later(hours=1)
    stage.repository.touch(stage.name(0))
    stage.switch("503 without a word", page=3)
    await stage.harvest()
    if stage.outcomes[-1].status != "failed" or stage.mark(stage.library()):
        stage.problems.append("it was to fail and to keep the watermark")
    stage.server.switches = [one for one in stage.server.switches if one.fault.name != "503 without a word"]
    stage.clock.later(hours=1)
    await stage.harvest()


async def in_the_same_second(stage: Stage) -> None:
    """A record changes in the second of the list, after its page was given."""
    stage.server.before_page[5] = lambda: stage.repository.touch(stage.name(1))
    await stage.harvest()
    stage.clock.later(hours=1)
    await stage.harvest()


async def on_the_same_day(stage: Stage) -> None:
    """Days only: a record changes later on the day of the harvest."""
    await stage.harvest()
    stage.clock.later(hours=4)
    stage.repository.touch(stage.name(1))
    stage.clock.later(days=1)
    await stage.harvest()


async def moved_while_listed(stage: Stage) -> None:
    """A record that was not yet given changes, and so moves out of the list."""
    stage.clock.later(hours=1)

    def change() -> None:
        stage.clock.later(seconds=5)
        stage.repository.touch(stage.name(40))

    stage.server.before_page[3] = change
    await stage.harvest()
    stage.clock.later(hours=1)
    await stage.harvest()


async def until_its_file_says_so(stage: Stage) -> None:
    await in_an_incremental_harvest(stage)
    stage.changes["selective"] = False
    await stage.harvest()


async def changed_in_silence(stage: Stage) -> None:
    """Copies change and the datestamp does not; three months later everything is asked for."""
    await stage.harvest()
    entry = stage.repository.entries[stage.name(7)]
    stage.repository.put(entry.identifier, "Another title", stamp=entry.stamp)
    stage.clock.later(days=91)
    outcome = await stage.harvest(sweep=None)
    if outcome.kind != "full":
        stage.problems.append(f"it was to be a full one: {outcome}")


SCENARIOS = (
    Scenario(
        "D1",
        "the latest first",
        "takes no watermark from records, and none from a run that failed",
        "complete",
        (On("order of numbers"),),
        broken_off_after_the_latest,
        server="lists by identifier, the latest change first, and breaks down after it",
    ),
    Scenario("D2", "days only", "asks by days", "complete", (On("days only"),), changed_since),
    Scenario(
        "D2", "odd letters", "understands them whatever their case", "complete", (On("odd granularity"),), changed_since
    ),
    Scenario("D2", "unknown", "asks by days", "complete", (On("unknown granularity"),), changed_since),
    Scenario(
        "D2",
        "refuses its own seconds",
        "asks by days from then on",
        "complete",
        (On("refuses seconds"),),
        changed_since,
    ),
    Scenario(
        "D3",
        "the same second",
        "asks again from an hour before; what it has is not stored twice",
        "complete",
        play=in_the_same_second,
        server="includes both ends: a record changes in the second of its list",
    ),
    Scenario(
        "D3",
        "the same day",
        "asks for the whole day again, and the day before",
        "complete",
        (On("days only"),),
        on_the_same_day,
        server="knows days only: a record changes later on the same day",
    ),
    Scenario(
        "D4",
        "ahead",
        "takes its own time for the watermark and widens the overlap",
        "complete",
        (On("clock ahead"),),
        changed_since,
    ),
    Scenario(
        "D4", "behind", "takes the server's time, which is earlier", "complete", (On("clock behind"),), changed_since
    ),
    Scenario(
        "D4",
        "none",
        "takes the Date header, else the beginning of the run",
        "complete",
        (On("no clock"),),
        changed_since,
    ),
    Scenario("D5", "too late", "sends no date with its first harvest", "complete", (On("earliest too late"),)),
    Scenario(
        "D5",
        "too late, in windows",
        "leaves the first window open at its beginning",
        "complete",
        (On("earliest too late"), On("expired token", page=3)),
    ),
    Scenario(
        "D5",
        "the year 1",
        "begins windows in 1970, the first one open",
        "complete",
        (On("earliest in the year 1"), On("expired token", page=3)),
    ),
    Scenario("D6", "later", "drops no record for its date", "complete", (On("later dates shown"),), changed_since),
    Scenario(
        "D7",
        "in silence",
        "harvests everything again every ninety days",
        "complete",
        play=changed_in_silence,
        server="changes a record and leaves its datestamp as it was",
    ),
    Scenario(
        "D8",
        "ignores",
        "sees older records than asked for and fails; full harvests from then on",
        "failed",
        (On("ignores dates"),),
        in_an_incremental_harvest,
    ),
    Scenario(
        "D8",
        "ignores, as the file says",
        "harvests in full each time where the library's file says so",
        "complete",
        (On("refuses dates", verbs=LIST),),
        until_its_file_says_so,
        server="refuses from and until, and its library's file says so",
    ),
    Scenario(
        "D8", "refuses", "says so, and moves nothing", "failed", (On("refuses dates"),), in_an_incremental_harvest
    ),
    Scenario(
        "D9",
        "moved",
        "asks from the beginning of this run the next time",
        "complete",
        play=moved_while_listed,
        server="changes a record while it is being listed: it moves out of the list",
    ),
)
