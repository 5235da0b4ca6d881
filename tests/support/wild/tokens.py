"""Scenarios of resumption tokens: T1 to T14."""

from __future__ import annotations

from tests.support.wild.stage import On, Scenario, Stage

LIST = ("ListRecords",)
NO_SIZES = {"states_sizes": False}


async def one_change_on_the_way(stage: Stage) -> None:
    stage.server.before_page[3] = lambda: stage.repository.touch(stage.name(2))
    await stage.harvest()


async def a_change_with_every_page(stage: Stage) -> None:
    """Tokens never live to a second page, until the windows are small enough."""
    stage.server.before_page.update(
        {page: (lambda page=page: stage.repository.touch(stage.name(page))) for page in range(2, 20)}
    )
    await stage.harvest()


async def in_an_incremental_harvest(stage: Stage) -> None:
    """A good first harvest; then much changes and the faults are on."""
    switches = list(stage.server.switches)
    stage.server.switches.clear()
    await stage.harvest()
    stage.clock.later(days=10)
    for number in range(25):
        stage.repository.touch(stage.name(number))
    stage.clock.later(hours=5)
    stage.server.switches += switches
    await stage.harvest()


async def in_the_second_harvest_too(stage: Stage) -> None:
    await in_an_incremental_harvest(stage)
    await stage.harvest()


async def with_strangers(stage: Stage) -> None:
    for number in range(30):
        stage.repository.put(f"oai:wild:other{number}", sets=("maps",))
    await stage.harvest()


async def poisoned(stage: Stage) -> None:
    stage.server.memory["poison"] = stage.name(17)
    await stage.harvest()


async def healed(stage: Stage) -> None:
    await poisoned(stage)
    stage.server.off()
    stage.clock.later(days=1)
    await stage.harvest()


SCENARIOS = (
    Scenario(
        "T1",
        "once",
        "begins the list anew; records that came are not stored twice",
        "complete",
        (On("expired token", page=3, times=1),),
    ),
    Scenario(
        "T1",
        "always",
        "begins anew twice, then asks for smaller windows of time",
        "complete",
        (On("expired token", page=3),),
    ),
    Scenario(
        "T1", "on every page", "makes the windows so small that no token is needed", "complete", (On("expired token"),)
    ),
    Scenario(
        "T2",
        "a lost answer",
        "sees in the cursor that a page is missing and begins the list anew",
        "complete",
        (On("consumable tokens"), On("dropped", page=4, times=1, verbs=LIST)),
    ),
    Scenario(
        "T2",
        "a lost answer, no cursor",
        "compares the names the server lists with those that came and fetches what is missing",
        "complete",
        (On("consumable tokens"), On("dropped", page=4, times=1, verbs=LIST)),
        manner=NO_SIZES,
    ),
    Scenario("T3", "encoded", "encodes every letter of a token", "complete", (On("token to be encoded"),)),
    Scenario(
        "T3",
        "verbatim",
        "sends the next fresh token as it is, and remembers that this helps",
        "complete",
        (On("token not to be encoded"),),
    ),
    Scenario("T4", "padded", "takes white space off both ends, keeps it inside", "complete", (On("padded token"),)),
    Scenario("T5", "absent", "takes it for the end, as an empty one", "complete", (On("no last token", verbs=LIST),)),
    Scenario(
        "T5", "attributes", "takes it for the end, as an empty one", "complete", (On("attributes only", verbs=LIST),)
    ),
    Scenario("T6", "0", "sends it like any other", "complete", (On("token 0", verbs=LIST),)),
    Scenario(
        "T7",
        "noRecordsMatch",
        "believes the end when as many records came as were promised",
        "complete",
        (On("token after the end"),),
    ),
    Scenario(
        "T7",
        "noRecordsMatch, no sizes",
        "compares names before it believes the end; that list breaks off too",
        "unverified",
        (On("token after the end"),),
        manner=NO_SIZES,
    ),
    Scenario(
        "T7",
        "noRecordsMatch, no sizes, names well",
        "compares names before it believes the end",
        "complete",
        (On("token after the end", verbs=LIST),),
        manner=NO_SIZES,
    ),
    Scenario(
        "T7",
        "empty page",
        "compares names before it believes the end",
        "complete",
        (On("empty page after the end", verbs=LIST),),
        manner=NO_SIZES,
    ),
    Scenario(
        "T8",
        "in the middle",
        "goes on; what a filter took is found missing and fetched by name",
        "complete",
        (On("empty page", page=2, verbs=LIST),),
    ),
    Scenario(
        "T8",
        "for ever",
        "gives the list up after fifty empty pages",
        "failed",
        (On("empty page", verbs=LIST),),
        manner={"page_size": 1},
        records=60,
    ),
    Scenario("T9", "constant token", "goes on as long as the pages are new", "complete", (On("constant token"),)),
    Scenario("T9", "loop", "sees a page again and fails", "failed", (On("loop", verbs=LIST),)),
    Scenario(
        "T9",
        "loop, every page its own token",
        "fails when fifty pages brought nothing new",
        "failed",
        (On("loop", verbs=LIST), On("token that counts", verbs=LIST)),
    ),
    Scenario("T10", "0", "has no use for it", "complete", (On("size 0"),)),
    Scenario("T10", "-1", "has no use for it", "complete", (On("size -1"),)),
    Scenario("T10", "of the page", "never ends a list by it", "complete", (On("size of the page"),)),
    Scenario("T10", "too large", "cannot prove that all came, and says so", "unverified", (On("size too large"),)),
    Scenario(
        "T10",
        "too large and known to be",
        "leaves sizes aside where the library's file says so",
        "complete",
        (On("size too large"),),
        harvest={"believe_sizes": False},
    ),
    Scenario("T10", "shrinking", "has enough records at the end", "complete", (On("size that shrinks"),)),
    Scenario(
        "T11",
        "set",
        "sees records outside the set and fails",
        "failed",
        (On("set lost"),),
        with_strangers,
        harvest={"set": "books"},
        sets=("books", "maps"),
    ),
    Scenario(
        "T11",
        "dates",
        "sees records older than asked for; the next harvest is a full one",
        "failed",
        (On("dates lost"),),
        in_an_incremental_harvest,
    ),
    Scenario(
        "T11",
        "dates, the next time",
        "harvests in full where dates are not kept",
        "complete",
        (On("dates lost"),),
        in_the_second_harvest_too,
    ),
    Scenario(
        "T11",
        "days, the next time",
        "gives dates to the second, which keep",
        "complete",
        (On("days lost"),),
        in_the_second_harvest_too,
    ),
    Scenario(
        "T12",
        "poison",
        "asks for smaller windows until the record is alone, and puts it into quarantine by name",
        "complete",
        (On("poison"),),
        poisoned,
    ),
    Scenario(
        "T12",
        "healed",
        "asks for it again the next day",
        "complete",
        (On("poison"),),
        healed,
        server="breaks at one record; a day later it is mended",
    ),
    Scenario(
        "T13",
        "demanded",
        "tries it once with the prefix and remembers that this helps",
        "complete",
        (On("prefix with token"),),
    ),
    Scenario("T14", "once", "begins the list anew", "complete", (On("token dies of changes"),), one_change_on_the_way),
    Scenario(
        "T14",
        "with every page",
        "asks for smaller windows; closed ones in the past do not change",
        "complete",
        (On("token dies of changes"),),
        a_change_with_every_page,
    ),
)
