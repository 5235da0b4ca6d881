"""What an SRU server really does, asked one question after another: how it is to be harvested, what is in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from harvester.access import Access
from harvester.errors import AccessRefused, AnswerRefused, HarvestFailed, NotThere, ProtocolFailed, Untrusted
from harvester.http import Answer, Patience, address
from harvester.marcxml import local_name, text_of
from harvester.oai_pmh.survey import Finding, Tell
from harvester.page import Visit
from harvester.raw_record import RawRecord
from harvester.sru import request_url
from harvester.sru_parts import Part, split
from harvester.sru_proof import verdict
from harvester.sru_xml import Found, ResultTooLarge, found
from harvester.strict_xml import XmlRefused, root_of
from mappings.sru import Sru

SAMPLE = 20  # records
LIMITS = (10, 20, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10_000, 20_000, 25_000, 50_000, 100_000, 1_000_000)
"""What servers give of one query at most; looked for when the last record cannot be had."""

SCHEMAS = ("marcxml", "marc21", "MARC21-xml", "info:srw/schema/1/marcxml-v1.1", "unimarcxml", "dc")
EVERYTHING = ("cql.allRecords=1", "cql.allRecords=true", "rec.id=*", 'cql.serverChoice="*"')
IDENTIFIERS = ("rec.id", "rec.identifier", "dc.identifier", "marc.001", "bath.localNumber")
"""Indexes that may hold the control number; those that the server explains come after them."""

DIGITS = "0123456789"
REFUSALS = (ProtocolFailed, AnswerRefused, ResultTooLarge, AccessRefused)


@dataclass(slots=True)
class SruSurvey:
    """What was found out, and what of it belongs into ``[harvest.sru]``: values by key, with the reasons."""

    findings: list[Finding] = field(default_factory=list)
    values: dict[str, tuple[object, str]] = field(default_factory=dict)  # a reason with ! should be looked at
    records: tuple[RawRecord, ...] = ()
    name: str = ""
    asked: int = 0

    def found(self, about: str, words: str, *, doubt: bool = False) -> None:
        self.findings.append(Finding(about, words, doubt))


async def survey(visit: Visit, tell: Tell) -> SruSurvey:
    """Asks a server some twenty questions.

    Raises: HarvestFailed when it answers no query at all.
    """
    surveyed = _Surveyor(visit, tell, visit.library.harvest.sru)
    await surveyed.look()
    return surveyed.told


@dataclass(slots=True)
class _Surveyor:
    visit: Visit
    tell: Tell
    sru: Sru
    told: SruSurvey = field(default_factory=SruSurvey)
    schemas: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()

    async def look(self) -> None:
        await self._explain()
        there = await self._everything()
        self.told.records = there.records
        about = "" if there.exact else ", by its own estimate"
        self.told.found("records", f"{there.count:,}{about}", doubt=not there.exact)
        if there.refused:
            why = f"{len(there.refused)} of {there.given}: {there.refused[0].reason}"
            self.told.found("unreadable", why, doubt=True)
        if self.sru.everything and there.count:
            limit = await self._limit(there)
            await self._parts(there, limit)

    async def _explain(self) -> None:
        self.tell("what it explains of itself")
        bare = self.visit.library.harvest.url.partition("#")[0].rstrip("?&")
        url = address(f"{bare}{'&' if '?' in bare else '?'}version={self.sru.version}&operation=explain")
        patience, access = Patience.of(self.visit.library.harvest), Access.of(self.visit.library)
        self.told.asked += 1
        try:
            root = (await self.visit.http.ask(url, patience, _explanation, access=access)).value
        except Untrusted:
            raise
        except REFUSALS as exc:
            self.told.found("explain", f"it does not explain itself ({exc})")
            return
        every = [element for element in root.iter() if isinstance(element.tag, str)]
        info = [element for element in every if local_name(element) == "schema"]
        self.schemas = tuple(filter(None, (element.get("name") or element.get("identifier") for element in info)))
        names = [element for element in every if local_name(element) == "name" and element.get("set")]
        self.indexes = tuple(f"{element.get('set')}.{text_of(element)}" for element in names)
        titles = [text_of(element) for element in every if local_name(element) == "title"]
        self.told.name = titles[0] if titles and local_name(root) == "explainResponse" else ""
        shown = ", ".join(self.schemas) or "none"
        self.told.found("explain", f"schemas: {shown}; indexes: {', '.join(self.indexes[:20]) or 'none'}")

    async def _everything(self) -> Found:
        """The first records of everything, with the schema and the query that work.

        Raises: HarvestFailed when none does.
        """
        failure: HarvestFailed | None = None
        known = [name for name in SCHEMAS if name in self.schemas]
        schemas = dict.fromkeys((self.sru.record_schema, *known))
        queries = dict.fromkeys(filter(None, (self.sru.everything, *EVERYTHING, self._one_part())))
        for schema in schemas:
            for query in queries:
                self.tell(f"how many records there are ({query}, as {schema})")
                try:
                    there = await self._ask(query, 1, SAMPLE, schema)
                except (NotThere, Untrusted):
                    raise
                except REFUSALS as exc:
                    failure = failure or exc
                    if isinstance(exc, AccessRefused) or "diagnostic" not in str(exc):
                        break  # another query would meet with the same
                    continue
                everything = "" if query == self._one_part() else query
                self._keep("record_schema", schema, "the first that it gives")
                self._keep("everything", everything, "finds all records" if everything else "! no query finds all")
                return there
        assert failure is not None  # there is a schema and a query
        raise failure

    def _one_part(self) -> str:
        return self.sru.part.replace("{prefix}", "1") if "{prefix}" in self.sru.part else ""

    def _keep(self, key: str, value: object, why: str) -> None:
        if getattr(self.sru, key) != value:
            self.told.values[key] = (value, why)
        self.sru = self.sru.model_copy(update={key: value})

    async def _limit(self, there: Found) -> int:
        """The most that it gives, or counts, of one query; its number of records when there is no limit below."""
        query = self.sru.everything
        if await self._gives(query, there.count):
            example = there.records[0].identifier if there.records else ""
            self.tell("whether it counts further than it gives")
            match await verdict(self._count, self.sru, Part(query), there.count, example):
                case "exact":
                    self.told.found("limit", f"none below {there.count:,}: it gives the last record of everything")
                    return there.count + 1
                case "limit":
                    words = f"it says {there.count:,} with and without one of its records: there it stops counting"
                    self.told.found("limit", words, doubt=True)
                case "unknown":
                    words = f"it gives {there.count:,} of everything, which may be all it has or all it gives"
                    self.told.found("limit", words, doubt=True)
            limit = there.count
        else:
            low, high = 0, len([one for one in LIMITS if one < there.count])
            while low < high:
                middle = (low + high) // 2
                low, high = (middle + 1, high) if await self._gives(query, LIMITS[middle]) else (low, middle)
            limit = LIMITS[low - 1] if low else 1
            self.told.found(
                "limit", f"it says {there.count:,} and gives {limit:,} of one query, or a little more", doubt=True
            )
        if limit < self.sru.max_results:
            self._keep("max_results", limit, "! as far as it gave records of one query")
        return limit

    async def _gives(self, query: str, position: int) -> bool:
        self.tell(f"whether it gives record {position:,}")
        try:
            return (await self._ask(query, position, 1)).given > 0
        except REFUSALS:
            return False

    async def _parts(self, there: Found, limit: int) -> None:
        """Finds an index that parts can be made by, and says what they hold of the whole."""
        if self.sru.part:
            return
        names = [record.identifier for record in there.records]
        others = [one for one in self.indexes if one.lower().endswith(("id", "identifier", "number"))]
        for index in dict.fromkeys((*IDENTIFIERS, *others)):
            if names and await self._truncates(index, names, there.count):
                await self._propose_parts(index, names, there.count, limit)
                return
        if there.count >= limit:
            words = "no index was found that lists by prefix: harvest.sru.part has to say how to ask for less at a time"
            self.told.found("parts", words, doubt=True)

    async def _truncates(self, index: str, names: Sequence[str], whole: int) -> bool:
        self.tell(f"whether {index} can be asked by its beginning")
        one = names[0].replace("\\", "\\\\").replace('"', '\\"')
        if await self._count(f'{index}="{one}"') != 1:
            return False
        alike = sum(name.startswith(names[0][:1]) for name in names)
        several = await self._count(f'{index}="{one[:1]}*"')
        return several is not None and alike <= several <= whole

    async def _propose_parts(self, index: str, names: Sequence[str], whole: int, limit: int) -> None:
        letters = sorted({letter for name in names for letter in name} - set(DIGITS))
        part, alphabet = f'{index}="{{prefix}}*"', DIGITS + "".join(letters)
        self._keep("part", part, "lists by the beginning of the control number")
        if letters:
            self._keep("alphabet", alphabet, "! what the first records' numbers are written with")
        self.tell("what the parts hold")
        counts = [await self._count(one.query) for one in split(self.sru, Part("", prefix=""), 0)]
        held = sum(one or 0 for one in counts)
        if whole < limit and held == whole:
            self.told.found("parts", f"by {index}: together they hold all {whole:,}")
        elif whole < limit:
            words = f"by {index}: together they hold {held:,} of {whole:,}; see alphabet"
            self.told.found("parts", words, doubt=True)
        else:
            words = f"by {index}: they say {held:,}, which may be cut off too; the harvest asks for what is in none"
            self.told.found("parts", words, doubt=True)

    async def _count(self, query: str) -> int | None:
        try:
            return (await self._ask(query, 1, 1)).count
        except REFUSALS:
            return None

    async def _ask(self, query: str, start: int, most: int, schema: str = "") -> Found:
        sru = self.sru.model_copy(update={"record_schema": schema}) if schema else self.sru
        library = self.visit.library

        def read(answer: Answer) -> Found:
            return found(answer, library.code, query, start, self.visit.started_at)

        url = request_url(library.harvest.url, sru, query, start, most)
        self.told.asked += 1
        return (await self.visit.http.ask(url, Patience.of(library.harvest), read, access=Access.of(library))).value


def _explanation(answer: Answer) -> etree._Element:
    """The explain record.

    Raises: AnswerRefused when it is none.
    """
    try:
        root, _ = root_of(answer.body)
    except XmlRefused as exc:
        raise AnswerRefused(f"{answer.url}: {exc}") from exc
    if local_name(root) not in {"explainResponse", "explain"}:
        raise AnswerRefused(f"{answer.url}: the answer is <{local_name(root)}>")
    return root
