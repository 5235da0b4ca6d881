"""What a new member's OAI-PMH server really does, found out with some fifteen questions.

One question after another; what cannot be answered is a finding too, and the others are still asked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeVar

from harvester.errors import AccessRefused, AnswerRefused, HarvestFailed, HostUnknown, ProtocolFailed
from harvester.oai_pmh.dialect import CLOCK_TOLERANCE, proposals
from harvester.oai_pmh.opening import DUBLIN_CORE, candidates
from harvester.oai_pmh.probing import first_names, first_page, takes, token_twice
from harvester.oai_pmh.server import Server
from harvester.oai_records import instant
from harvester.oai_xml import Listed
from harvester.raw_record import RawRecord

T = TypeVar("T")

SETS_TOLD = 20
PREFIXES_TRIED = 3
FUTURE = timedelta(days=365)

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found out, in words; ``doubt``: somebody should look at it before the library is harvested."""

    about: str
    words: str
    doubt: bool = False


@dataclass(slots=True)
class Survey:
    """What was found out of a server, and what of it belongs into the library's file."""

    findings: list[Finding] = field(default_factory=list)
    name: str = ""  # of the repository
    prefix: str = ""  # the metadata format that gave records; "" when none did
    selective: bool = True  # dates are honoured
    believable: bool = True  # the stated size may be true
    size: int | None = None  # of the whole list, as stated
    records: tuple[RawRecord, ...] = ()
    asked: int = 0  # questions

    def found(self, about: str, words: str, *, doubt: bool = False) -> None:
        self.findings.append(Finding(about, words, doubt))


async def survey(server: Server, tell: Tell) -> Survey:
    """Asks a server all there is to ask; ``tell`` hears of each question before it is asked.

    Raises: HostUnknown, AccessRefused, AnswerRefused, SourceUnreachable when not even Identify is answered.
    """
    found = Survey()
    await _identity(server, found, tell)
    offered = await _formats(server, found, tell)
    await _sets(server, found, tell)
    page = await _first_page(server, found, offered, tell)
    if page is not None:
        await _single(server, found, tell)
        await _token(server, found, page, tell)
        await _dates(server, found, tell)
        await _window(server, found, tell)
    else:
        found.found("records", "none could be had: there is nothing to harvest yet", doubt=True)
    if moved_to := server.dialect["moved_to"]:
        found.found("address", f"it says that it has moved for good: harvest.url may be {moved_to}", doubt=True)
    if server.dialect["gzip_ok"] is False:
        found.found("compression", "its compressed answers came broken; it is asked without", doubt=True)
    for proposal in proposals(server.dialect.fresh()):
        found.found("to do", proposal, doubt=True)
    found.asked = server.asked
    return found


async def _tried(found: Survey, about: str, question: Awaitable[T]) -> T | None:
    """What came of a question; absent, with a finding that says why, when nothing did.

    Raises: HostUnknown.
    """
    try:
        return await question
    except HostUnknown:
        raise
    except HarvestFailed as exc:
        found.found(about, f"could not be found out: {exc}", doubt=True)
        return None


async def _identity(server: Server, found: Survey, tell: Tell) -> None:
    tell("what it says of itself (Identify)")
    try:
        stated = await server.identify()
    except ProtocolFailed as exc:
        found.found("Identify", f"is answered with an error: {exc}", doubt=True)
        return
    found.name = stated.repository_name
    found.found("repository", stated.repository_name or "it gives no name", doubt=not stated.repository_name)
    found.found("identifiers", stated.repository_identifier or "it states no repositoryIdentifier")
    found.found("granularity, as stated", "seconds" if stated.seconds else "days")
    kept = {"persistent": "always told", "transient": "told for a while only", "no": "never told"}
    told = kept.get(stated.deleted_record, f"{stated.deleted_record!r}, which means nothing")
    found.found(
        "deletions, as stated", f"{told}; absences are found by sweeps", doubt=stated.deleted_record not in kept
    )
    found.found("oldest datestamp, as stated", stated.earliest_datestamp or "none")
    if stated.response_date is None:
        found.found("clock", "its answers bear no date", doubt=True)
    else:
        apart = stated.response_date - server.now()
        minutes = round(abs(apart).total_seconds() / 60)
        words = f"{minutes} minutes {'ahead' if apart > timedelta() else 'behind'}" if minutes else "as ours"
        found.found("clock", words, doubt=abs(apart) > CLOCK_TOLERANCE)


async def _formats(server: Server, found: Survey, tell: Tell) -> list[str]:
    tell("its formats (ListMetadataFormats)")
    offered = await _tried(found, "formats", server.formats())
    if offered is None:
        return ["marcxml", "marc21", DUBLIN_CORE]
    found.found("formats", ", ".join(one.prefix for one in offered) or "none", doubt=not offered)
    return candidates(offered)


async def _sets(server: Server, found: Survey, tell: Tell) -> None:
    tell("its sets (ListSets)")

    async def some() -> list[str]:
        specs: list[str] = []
        async for spec in server.sets():
            specs.append(spec)
            if len(specs) > SETS_TOLD:
                break
        return specs

    specs = await _tried(found, "sets", some())
    if specs is not None:
        more = " and more" if len(specs) > SETS_TOLD else ""
        words = f"{', '.join(specs[:SETS_TOLD])}{more}; without a set nothing is missed" if specs else "none"
        found.found("sets", words)


async def _first_page(server: Server, found: Survey, prefixes: list[str], tell: Tell) -> Listed | None:
    if not prefixes:
        found.found("format", "it offers neither MARC nor Dublin Core", doubt=True)
        return None
    harvest = server.library.harvest
    chosen = {"set": harvest.set or harvest.sets[0]} if harvest.set or harvest.sets else {}
    for prefix in prefixes[:PREFIXES_TRIED]:
        tell(f"a page of records (ListRecords, {prefix})")
        begun = server.now()
        page = await _tried(found, f"records as {prefix}", first_page(server, {"metadataPrefix": prefix, **chosen}))
        if page is None:
            continue
        seconds = (server.now() - begun).total_seconds()
        live = [record for record in page.records if not record.deleted and record.payload]
        if not live and page.token is None:
            found.found(f"records as {prefix}", "none", doubt=True)
            continue
        found.prefix, found.records, found.size = prefix, tuple(live), page.complete_list_size
        _describe(found, page, seconds)
        return page
    return None


def _describe(found: Survey, page: Listed, seconds: float) -> None:
    deleted = sum(record.deleted for record in page.records)
    if all(record.format == DUBLIN_CORE for record in found.records):
        found.found("format", "Dublin Core alone: no call numbers, no copies", doubt=True)
    else:
        found.found("format", f"{found.prefix} holds MARC")
    size = page.complete_list_size
    found.believable = size is None or page.token is None or size > page.count
    words = "the server does not say" if size is None else f"{size:,} records"
    found.found(
        "size, as stated", words + ("" if found.believable else ", fewer than there are"), doubt=not found.believable
    )
    found.found("a page", f"{page.count} records in {seconds:.1f} s")
    found.found("deletions seen", f"{deleted} of {page.count}" if deleted else "none on the first page")
    if page.refused:
        why = page.refused[0].reason
        found.found("unreadable", f"{len(page.refused)} of {page.count}: {why}", doubt=True)
    if page.repairs:
        found.found("XML", f"{page.repairs} places had to be mended", doubt=True)
    found.found("order", _order(page))


def _order(page: Listed) -> str:
    stamps = [stamp for stamp in (instant(record.datestamp) for record in page.records) if stamp is not None]
    names = list(page.names)
    if len(stamps) > 1 and len(set(stamps)) > 1 and all(one <= other for one, other in pairwise(stamps)):
        return "by datestamp"
    if len(names) > 1 and names == sorted(names):
        return "by identifier"
    return "none that can be told" if len(names) > 1 else "too few records to tell"


async def _single(server: Server, found: Survey, tell: Tell) -> None:
    if not found.records:
        return
    name = found.records[0].identifier
    tell(f"one record by name (GetRecord, {name})")
    before = len(found.findings)
    one = await _tried(found, "one record by name", server.record(name, found.prefix))
    if isinstance(one, RawRecord) and one.payload:
        found.found("one record by name", "is given")
    elif len(found.findings) == before:
        words = f"{name} is listed and not given alone: absences cannot be asked for"
        found.found("one record by name", words, doubt=True)


async def _token(server: Server, found: Survey, page: Listed, tell: Tell) -> None:
    if page.token is None:
        found.found("tokens", "the first page is the whole list")
        return
    tell("the second page, twice (a token used again)")
    tried = await _tried(found, "tokens", token_twice(server, page.token))
    if tried is not None and tried.idempotent:
        found.found("tokens", "may be used again")
    elif tried is not None:
        words = f"are used up by asking ({tried.why}); a run that is disturbed checks itself by name"
        found.found("tokens", words, doubt=True)


async def _dates(server: Server, found: Survey, tell: Tell) -> None:
    base = {"metadataPrefix": found.prefix}
    now = server.now()
    taken: dict[str, bool | None] = {}
    for unit, form in (("day", "%Y-%m-%d"), ("second", "%Y-%m-%dT%H:%M:%SZ")):
        tell(f"whether it takes dates to the {unit} (from)")
        arguments = {**base, "from": (now - timedelta(days=1)).strftime(form)}
        taken[unit] = await _tried(found, f"dates to the {unit}", takes(server, arguments))
        if taken[unit] is not None:
            untrue = not taken[unit] and server.dialect["granularity"] == unit
            words = "are taken" if taken[unit] else "are refused"
            found.found(f"dates to the {unit}", words + (", though it says so" if untrue else ""), doubt=untrue)
    if taken == {"day": False, "second": False}:
        found.selective = False
        return
    if taken["second"] is False:
        server.dialect.learn("granularity", "day")
    tell("what it says of the future (from)")
    await _future(server, found, now + FUTURE)


async def _future(server: Server, found: Survey, moment: datetime) -> None:
    arguments = {"metadataPrefix": found.prefix, "from": server.dialect.stamp(moment)}
    try:
        page = await first_names(server, arguments)
    except ProtocolFailed as exc:
        found.found("from in the future", f"is an error to it ({exc})")
        return
    except (AnswerRefused, AccessRefused) as exc:
        found.found("from in the future", f"is not answered: {exc}", doubt=True)
        return
    if page.count:
        found.selective = False
        found.found("from in the future", f"lists {page.count} records: dates are not honoured", doubt=True)
    else:
        found.found("from in the future", "lists nothing, as it should")


async def _window(server: Server, found: Survey, tell: Tell) -> None:
    stamp = next((stamp for stamp in (instant(one.datestamp) for one in reversed(found.records)) if stamp), None)
    if stamp is None or not found.selective:
        return
    tell("a small window, by name and in full (ListIdentifiers, ListRecords)")
    at = server.dialect.stamp(stamp)
    arguments = {"metadataPrefix": found.prefix, "from": at, "until": at}
    names = await _tried(found, "a small window", first_names(server, arguments))
    full = await _tried(found, "a small window", first_page(server, arguments)) if names is not None else None
    if names is None or full is None:
        return
    if names.token is not None or full.token is not None:
        found.found("a small window", f"has more than a page at {at}; not compared")
    elif not full.count and not names.count:
        words = f"lists nothing from {at} to {at}, where it has a record: it excludes until, or takes it for midnight"
        found.found("until", f"{words}; what is asked for in windows is compared by name", doubt=True)
    elif set(names.names) == set(full.names):
        found.found("a small window", f"both ways of listing give the same {full.count} records")
    else:
        words = f"{names.count} by name, {full.count} in full: sweeps by name would mislead"
        found.found("a small window", words, doubt=True)
