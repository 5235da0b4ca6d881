"""Scenarios of bytes, XML and HTTP: B1 to B21."""

from __future__ import annotations

import asyncio
import re
import ssl

import aiohttp

from fixtures.wild.repository import Entry
from tests.support.wild.stage import On, Scenario, Stage
from tests.support.wild.tls import own_certificate
from tests.support.wild.tokens import LIST, NO_SIZES

IMPATIENT = {"timeout_seconds": 0.3, "first_byte_seconds": 0.3}
VERY_IMPATIENT = {"timeout_seconds": 0.1, "first_byte_seconds": 0.1, "retries": 0}
CAPPED = {"max_page_bytes": 200_000}
ALL_LISTS = ("ListRecords", "ListIdentifiers")


def whatever_its_title(payload: bytes, entry: Entry) -> bool:
    """A version whose title a fault has touched is known by its number and by how it ends."""
    number, _, version = entry.title.partition(" in version ")
    return number.encode() in payload and re.search(rf"version {version}\b".encode(), payload) is not None


async def at_its_leisure(stage: Stage) -> None:
    stage.server.memory["seconds"] = "0.01"
    await stage.harvest()


async def pasted_verb(stage: Stage) -> None:
    stage.changes["url"] = f"{stage.site.url}?verb=Identify"
    await stage.harvest()
    async with aiohttp.ClientSession() as http, http.get(f"{stage.site.url}?verb=Identify&verb=ListSets") as answer:
        if b"badVerb" not in await answer.read():
            stage.problems.append("the server took two verbs")


async def with_a_query(stage: Stage) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{stage.site.url}?verb=Identify") as answer:
        if b"<form" not in await answer.read():
            stage.problems.append("the server does not need its argument")
    stage.changes["url"] = f"{stage.site.url}?mode=oaipmh"
    await stage.harvest()


async def moved_three_times(stage: Stage) -> None:
    for _ in range(3):
        await stage.harvest()
        stage.clock.later(days=1)
    traits = stage.store.traits("testlib", stage.source())
    if (traits.get("moved_runs"), traits.get("moved_to")) != (3, stage.site.url.replace("/oai", "/new/oai")):
        stage.problems.append(f"the move is not proposed: {traits}")


async def and_again_a_day_later(stage: Stage) -> None:
    await stage.harvest()
    for hours, expected in ((23, "failed"), (2, "complete")):
        stage.clock.later(hours=hours)
        await stage.harvest()
        if stage.outcomes[-1].status != expected:
            stage.problems.append(f"{hours} hours later: {stage.outcomes[-1]}")


async def trusted(stage: Stage) -> None:
    stage.changes["ca_file"] = str(stage.folder / "own.pem")
    await stage.harvest()


async def expired(stage: Stage) -> None:
    context = stage.site.tls
    assert isinstance(context, ssl.SSLContext)
    own_certificate(stage.folder, days=-1)
    context.load_cert_chain(stage.folder / "own.pem", stage.folder / "key.pem")
    stage.changes["ca_file"] = str(stage.folder / "own.pem")
    await stage.harvest()


async def one_nearly_slips_through(stage: Stage) -> None:
    """A record of a page that was given vanishes, and all after it come one place earlier; the stated size falls."""
    stage.server.before_page[3] = lambda: stage.repository.vanish(stage.name(0))
    await stage.harvest()
    if stage.name(20) not in stage.here():
        stage.problems.append("one slipped through")
    stage.clock.later(days=31)
    await stage.harvest(sweep=None)


async def and_a_sweep(stage: Stage) -> None:
    """A record of a page that was given vanishes, and all after it come one place earlier: one slips through."""
    stage.server.before_page[3] = lambda: stage.repository.vanish(stage.name(0))
    await stage.harvest()
    if stage.name(20) in stage.here():
        stage.problems.append("none slipped through")
    stage.clock.later(days=31)
    await stage.harvest(sweep=None)
    for _ in range(2):
        stage.clock.later(hours=1)
        await stage.harvest()


async def known_by_name(stage: Stage) -> None:
    await stage.harvest()
    if stage.outcomes[-1].status != "failed":
        stage.problems.append("it was to be turned away")
    stage.server.memory["user agent"] = "Harvester of the consortium"
    stage.changes["user_agent"] = "Harvester of the consortium"
    await stage.harvest()


async def two_at_one_host(stage: Stage) -> None:
    """Two libraries on one server: first shown to break at two requests at once, then harvested."""
    async with aiohttp.ClientSession() as http:

        async def asked() -> int:
            async with http.get(f"{stage.site.url}?verb=Identify") as answer:
                return answer.status

        if sorted(await asyncio.gather(asked(), asked())) != [200, 500]:
            stage.problems.append("the server does not break")
    stage.site.most_at_once = 0
    stage.changes["code"] = "otherlib"
    other = stage.library()
    del stage.changes["code"]
    await stage.harvest(beside=[other])
    if stage.site.most_at_once != 1:
        stage.problems.append(f"it was asked {stage.site.most_at_once} times at once")
    if set(stage.here("otherlib")) != set(stage.truth()):
        stage.problems.append("the other library lacks records")


def passing(number: str, fault: str, ours: str = "asks again, with growing pauses", **more: object) -> Scenario:
    """The fault strikes once, on the third page."""
    return Scenario(number, f"{fault}, once", ours, "complete", (On(fault, page=3, times=1, verbs=LIST),), **more)  # type: ignore[arg-type]


def lasting(number: str, fault: str, ours: str = "asks for smaller windows round it", **more: object) -> Scenario:
    """The third page of every list of records cannot be had."""
    return Scenario(number, f"{fault}, one page", ours, "complete", (On(fault, page=3, verbs=LIST),), **more)  # type: ignore[arg-type]


def everywhere(number: str, fault: str, ours: str, ends: str = "failed", **more: object) -> Scenario:
    return Scenario(number, f"{fault}, always", ours, ends, (On(fault),), **more)  # type: ignore[arg-type]


MENDED = "mends the character, keeps the bytes as they came, counts the repair"
NOT_A_PAGE = "takes it for no page: it ends no list; asks again"
GIVES_UP = "gives up after its retries and keeps what it has"

SCENARIOS = (
    Scenario("B1", "control character", MENDED, "complete", (On("control character"),), is_version=whatever_its_title),
    Scenario(
        "B1", "forbidden references", MENDED, "complete", (On("forbidden reference"),), is_version=whatever_its_title
    ),
    Scenario(
        "B2",
        "Latin-1",
        "reads the bytes as Windows-1252 when all of them are letters there",
        "complete",
        (On("Latin-1 as UTF-8"),),
        is_version=whatever_its_title,
    ),
    Scenario(
        "B2",
        "charset",
        "leaves the charset of HTTP aside",
        "complete",
        (On("wrong charset"),),
        is_version=whatever_its_title,
    ),
    passing("B3", "maintenance page", NOT_A_PAGE),
    lasting("B3", "maintenance page"),
    everywhere("B3", "maintenance page", GIVES_UP),
    passing("B3", "login page", NOT_A_PAGE),
    Scenario("B3", "notice before", "cuts it off and counts the repair", "complete", (On("notice before"),)),
    Scenario("B3", "notice after", "cuts it off and counts the repair", "complete", (On("notice after"),)),
    passing("B4", "cut off", NOT_A_PAGE),
    lasting("B4", "cut off"),
    everywhere("B4", "cut off", GIVES_UP),
    passing("B4", "cut off below its length", "asks again, without compression"),
    lasting("B4", "cut off below its length"),
    Scenario("B5", "unannounced", "knows compression by its first bytes", "complete", (On("unannounced gzip"),)),
    Scenario("B5", "none", "believes the bytes, or asks without compression", "complete", (On("gzip that is none"),)),
    Scenario("B5", "broken", "asks without compression, and remembers that", "complete", (On("broken gzip"),)),
    passing("B6", "503 with seconds", "waits as long as it says"),
    passing("B6", "503 with a date", "waits until then, by the server's own clock"),
    passing("B6", "503 without a word", "waits, longer each time"),
    everywhere("B6", "503 without a word", "leaves the host alone for a while; goes on from there the next time"),
    passing("B6", "429", "waits as long as it says"),
    Scenario(
        "B6",
        "503 for a day",
        "ends the run, says when to come back, and does not sleep through it",
        "failed",
        (On("503 for a day", page=3, times=1),),
    ),
    Scenario(
        "B6",
        "503 for ever",
        "ends the run, says that it is asked again in a day, and does; no other library at the host waits longer",
        "complete",
        (On("503 for ever", page=3, times=1),),
        and_again_a_day_later,
    ),
    passing("B6", "500"),
    lasting("B6", "500"),
    everywhere("B6", "500", GIVES_UP),
    passing("B6", "502"),
    passing("B6", "504"),
    passing("B6", "dropped"),
    everywhere("B6", "dropped", GIVES_UP),
    passing("B6", "hangs", "waits so long and no longer", harvest=IMPATIENT),
    everywhere("B6", "hangs", GIVES_UP, harvest=VERY_IMPATIENT),
    Scenario("B6", "401", "does not ask again: a person has to see to it", "failed", (On("401", page=3),)),
    Scenario(
        "B7",
        "noRecordsMatch under 404",
        "counts the error of the protocol, whatever the status",
        "complete",
        (On("errors under 404"), On("token after the end", verbs=LIST)),
    ),
    Scenario(
        "B7",
        "badResumptionToken under 500",
        "counts the error of the protocol, whatever the status",
        "complete",
        (On("errors under 500"), On("expired token", page=3, times=1, verbs=LIST)),
    ),
    passing("B8", "unknown error"),
    lasting("B8", "unknown error"),
    everywhere("B8", "unknown error", GIVES_UP),
    passing("B8", "several errors", "lets the code of the protocol count, in whatever letters: begins the list anew"),
    Scenario(
        "B9",
        "301",
        "follows, and proposes the new address after three runs",
        "complete",
        (On("moved for good"),),
        moved_three_times,
    ),
    Scenario("B9", "302", "follows", "complete", (On("moved for now"),)),
    Scenario("B9", "for ever", "follows five times and no more", "failed", (On("redirects for ever"),)),
    Scenario(
        "B10",
        "a query",
        "keeps the arguments of the base URL",
        "complete",
        (On("base URL with a query"),),
        with_a_query,
    ),
    Scenario(
        "B10",
        "a pasted verb",
        "takes arguments of the protocol off the base URL",
        "complete",
        play=pasted_verb,
        server="refuses a request with the verb pasted with its address",
    ),
    Scenario(
        "B11",
        "its own",
        "verifies, and says that it cannot be trusted",
        "failed",
        tls=True,
        server="shows a certificate that nobody signed",
    ),
    Scenario(
        "B11",
        "trusted",
        "trusts the CA bundle of the library's file, for this library",
        "complete",
        play=trusted,
        tls=True,
        server="shows a certificate that only its library trusts",
    ),
    Scenario(
        "B11",
        "expired",
        "says so; verification is never switched off",
        "failed",
        play=expired,
        tls=True,
        server="shows a certificate that has expired",
    ),
    *(
        Scenario("B12", fault, "finds elements by their local names, child by child", "complete", (On(fault),))
        for fault in (
            "oai: on everything",
            "no namespace",
            "namespace in https",
            "MARC in OAI's namespace",
            "marc: prefix",
            "collection",
        )
    ),
    Scenario(
        "B13",
        "provenance",
        "reads identifier and datestamp from the header only",
        "complete",
        (On("provenance", verbs=LIST),),
    ),
    Scenario(
        "B14",
        "slow first byte",
        "waits for a first page thrice as long as for another",
        "complete",
        (On("slow first byte"),),
        harvest={"first_byte_seconds": 0.1, "timeout_seconds": 2.0},
    ),
    Scenario(
        "B14",
        "slow",
        "waits, however long the whole takes",
        "complete",
        (On("slow"),),
        play=at_its_leisure,
    ),
    Scenario(
        "B14",
        "huge page",
        "reads up to the library's cap, fails and says which",
        "failed",
        (On("huge page", page=3),),
        harvest=CAPPED,
    ),
    Scenario(
        "B14",
        "endless body",
        "reads up to the library's cap, fails and says which",
        "failed",
        (On("endless body", page=3),),
        harvest=CAPPED,
    ),
    passing("B14", "drips", "bears no silence longer than the library's file says", harvest=IMPATIENT),
    everywhere("B14", "drips", GIVES_UP, harvest=VERY_IMPATIENT),
    Scenario("B15", "overlap", "knows records by their names and hashes", "complete", (On("overlapping pages"),)),
    Scenario(
        "B15",
        "stale page",
        "counts different names; those that did not come are fetched by name",
        "complete",
        (On("stale page", verbs=LIST),),
    ),
    Scenario(
        "B15",
        "stale page, no sizes",
        "sees that a page brought nothing new, compares names, and fetches what did not come",
        "complete",
        (On("stale page", verbs=LIST),),
        manner=NO_SIZES,
    ),
    Scenario(
        "B15",
        "stale page, of names too",
        "cannot prove by names that all came, and says so",
        "unverified",
        (On("stale page"),),
    ),
    Scenario(
        "B15",
        "stale page, of names too, no sizes",
        "cannot prove by names that all came, and says so",
        "unverified",
        (On("stale page"),),
        manner=NO_SIZES,
    ),
    Scenario(
        "B16",
        "offset",
        "has fewer records at the end than the list once promised, compares names, and fetches what is missing",
        "complete",
        (On("pages by offset"),),
        one_nearly_slips_through,
    ),
    Scenario(
        "B16",
        "offset, no sizes",
        "finds in the sweep that one slipped through, and asks for everything again",
        "complete",
        (On("pages by offset"),),
        and_a_sweep,
        manner=NO_SIZES,
    ),
    Scenario(
        "B16",
        "a page short of one",
        "is short of one record of two hundred at the end, compares names, and fetches it",
        "complete",
        (On("page short of one", verbs=LIST),),
        records=200,
    ),
    Scenario(
        "B17",
        "its own prefix",
        "chooses by namespace where the library's file names no prefix",
        "complete",
        (On("a prefix of its own"),),
        harvest={"metadata_prefix": ""},
    ),
    Scenario(
        "B17",
        "swapped",
        "chooses by namespace, then looks at what comes",
        "complete",
        (On("prefixes swapped"),),
        harvest={"metadata_prefix": ""},
    ),
    Scenario(
        "B17",
        "Dublin Core only",
        "harvests Dublin Core",
        "complete",
        (On("Dublin Core only"),),
        harvest={"metadata_prefix": ""},
    ),
    Scenario(
        "B17",
        "a prefix it does not have",
        "fails and names those it has",
        "failed",
        (On("a prefix of its own"),),
        server="calls MARCXML by another name than the library's file",
    ),
    Scenario("B18", "oai_marc", "makes MARCXML of it", "complete", (On("oai_marc"),), harvest={"metadata_prefix": ""}),
    everywhere("B19", "entities from outside", "refuses any document type; reads no file and asks no host"),
    everywhere("B19", "a billion laughs", "refuses any document type; unfolds nothing"),
    lasting("B19", "a billion laughs"),
    Scenario(
        "B20",
        "turned away",
        "says who it is; a library's file may give another name",
        "complete",
        (On("turns strangers away"),),
        known_by_name,
    ),
    Scenario(
        "B21",
        "two at once",
        "asks a host one request at a time, whichever library it is for",
        "complete",
        (On("melts"),),
        two_at_one_host,
    ),
)
