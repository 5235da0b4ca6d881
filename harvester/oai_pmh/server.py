"""One member's OAI-PMH server: its verbs as functions, each answer read or refused."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote

from yarl import URL

from harvester.access import KEY, PLAIN_ARGUMENTS, Access, redacted
from harvester.errors import AnswerRefused, HarvestFailed, ProtocolFailed
from harvester.http import Answer, Asked, Patience, PatientSession, address
from harvester.marc_rules import Suppression
from harvester.oai_pmh.dialect import Dialect
from harvester.oai_records import EVERYTHING, Reading
from harvester.oai_records import Asked as Selected
from harvester.oai_signs import kind_of, sign_of
from harvester.oai_xml import Format, Identity, formats, got, identity, is_protocol_error, sets
from harvester.raw_record import Quarantined, RawRecord
from mappings.library import Library

MAX_PAGES_OF_SETS = 500
LIST_VERBS = {"ListRecords", "ListIdentifiers"}

T = TypeVar("T")


def request_url(base: str, arguments: Mapping[str, str], encode: Callable[[str], str] | None = None) -> URL:
    """The URL of a request; a query in the base URL is kept but for arguments of the protocol.

    Values are percent-encoded entirely, but for a resumption token where ``encode`` says how.

    Raises: AccessRefused when the base is no address.
    """
    bare, _, own = base.partition("#")[0].partition("?")
    kept = [item for item in own.split("&") if item and item.partition("=")[0] not in PLAIN_ARGUMENTS]
    given = [
        f"{name}={encode(value) if encode and name == 'resumptionToken' else quote(value, safe='')}"
        for name, value in arguments.items()
    ]
    return address(f"{bare}?{'&'.join([*kept, *given])}")


@dataclass(slots=True)
class Server:
    """How one member's server is asked, and what it has taught us."""

    library: Library
    http: PatientSession
    dialect: Dialect
    now: Callable[[], datetime]
    access: Access
    asked: int = field(init=False, default=0)  # questions so far
    habits: set[str] = field(init=False, default_factory=set)  # signs of a breakdown that it shows where none can be
    patience: Patience = field(init=False)
    suppressions: tuple[Suppression, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.patience = Patience.of(self.library.harvest)
        self.suppressions = tuple(map(Suppression.of, self.library.harvest.suppress))
        if self.dialect["gzip_ok"] is False:
            self.http.forgo_compression(self._url({"verb": "Identify"}))

    def reading(self, selected: Selected = EVERYTHING) -> Reading:
        """What is needed to read this server's records."""
        return Reading(self.library.code, self.now(), selected, self.suppressions)

    async def ask(
        self, verb: str, read: Callable[[Answer], T], arguments: Mapping[str, str], *, retries: int | None = None
    ) -> Asked[T]:
        """Asks with a verb; ``retries`` instead of the library's own.

        Raises: HarvestFailed, of any kind the session or the reading of the answer raises.
        """
        self.asked += 1
        patience = self.patience
        if verb in LIST_VERBS and "resumptionToken" not in arguments:  # a list of millions takes long to begin
            patience = replace(patience, first_byte_seconds=3 * patience.first_byte_seconds)
        if retries is not None:
            patience = replace(patience, retries=min(retries, patience.retries))
        url = self._url({"verb": verb, **arguments})

        def looked(answer: Answer) -> T:
            value = read(answer)
            if verb not in LIST_VERBS and (sign := sign_of(answer)):
                self.habits.add(kind_of(sign))
            return value

        try:
            asked = await self.http.ask(
                url,
                patience,
                looked,
                access=self.access,
                is_answer=lambda answer: answer.ok or is_protocol_error(answer),
            )
        except HarvestFailed as exc:
            exc.args = (
                self.access.shown(str(exc)),
                *exc.args[1:],
            )  # servers repeat in their errors what they were sent
            raise
        if self.http.forgoes_compression(url):
            self.dialect.learn("gzip_ok", False)
        return asked

    def _url(self, arguments: Mapping[str, str]) -> URL:
        return request_url(self.library.harvest.url, arguments, self.dialect.quoted)

    async def identify(self, *, retries: int | None = None) -> Identity:
        """What the server says of itself; what it says is learnt."""
        asked = await self.ask("Identify", identity, {}, retries=retries)
        self._note_move(asked.answer.moved_to)
        stated = asked.value
        learn = self.dialect.learn
        learn("repository_identifier", stated.repository_identifier)
        learn("base_url", self.access.shown(redacted(stated.base_url)))
        learn("earliest_datestamp", stated.earliest_datestamp)
        learn("deleted_record", stated.deleted_record)
        if self.dialect["granularity"] != "day" or not stated.seconds:  # one that refused its own seconds stays so
            learn("granularity", "second" if stated.seconds else "day")
        return stated

    def _note_move(self, moved_to: str) -> None:
        """Counts the runs in which the server said that it has moved for good."""
        if not moved_to:
            if self.dialect["moved_to"]:
                self.dialect.learn("moved_to", "")
                self.dialect.learn("moved_runs", 0)
            return
        bare, _, query = moved_to.partition("?")
        kept = "&".join(item for item in query.split("&") if item.partition("=")[0] not in PLAIN_ARGUMENTS)
        base = f"{bare}?{kept}" if kept else bare
        runs = self.dialect["moved_runs"]
        again = self.dialect["moved_to"] == base and isinstance(runs, int)
        self.dialect.learn("moved_to", base)
        self.dialect.learn("moved_runs", runs + 1 if again and isinstance(runs, int) else 1)

    async def formats(self) -> tuple[Format, ...]:
        """The metadata formats it offers, in its order."""
        return (await self.ask("ListMetadataFormats", formats, {})).value

    async def sets(self) -> AsyncGenerator[str, None]:
        """The specs of its sets, page by page; none when it has none.

        Raises: ProtocolFailed when the list does not end.
        """
        arguments: dict[str, str] = {}
        for _ in range(MAX_PAGES_OF_SETS):
            specs, token = (await self.ask("ListSets", sets, arguments)).value
            for spec in specs:
                yield spec
            if token is None:
                return
            arguments = {"resumptionToken": token}
        raise ProtocolFailed(f"the list of sets does not end after {MAX_PAGES_OF_SETS} pages")

    async def record(
        self, identifier: str, prefix: str, *, retries: int | None = None
    ) -> RawRecord | Quarantined | None:
        """One record; absent when the server has none of this name.

        Raises: as ``ask``.
        """
        arguments = {"identifier": identifier, "metadataPrefix": prefix}
        reading = self.reading()

        def read(answer: Answer) -> RawRecord | Quarantined | None:
            found = got(answer, reading)
            if found is not None and found.identifier != identifier:
                raise AnswerRefused(f"{answer.url}: asked for {identifier} it gives {found.identifier}")
            return found

        return (await self.ask("GetRecord", read, arguments, retries=retries)).value


def shown_base(library: Library) -> str:
    """The base URL as it names a source in the store: its keys left out."""
    return redacted(library.harvest.url.replace(KEY, ""))
