"""Records asked for one by one: those a list did not give, those that were quarantined, those said to have left."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from harvester.errors import (
    AnswerTooLarge,
    ComeBackLater,
    HarvestFailed,
    HostUnknown,
    NotThere,
    ProtocolFailed,
    SourceUnreachable,
)
from harvester.oai_pmh.server import Server
from harvester.oai_xml import Headers
from harvester.page import Page, Presence, Visit
from harvester.raw_record import NOT_HAD, Quarantined, RawRecord

PAGE_RECORDS = 50
MAX_RECORDS = 20_000  # more are no exception, and would take a day
LESS_PATIENT = 1  # retries where failure is expected


@dataclass(slots=True)
class Fetching:
    """What is needed to ask for single records, and how many were."""

    server: Server
    prefix: str
    visit: Visit
    fetched: int = 0

    @property
    def too_many(self) -> str:
        """Why not all were asked for; "" when they were."""
        return (
            "" if self.fetched <= MAX_RECORDS else f"more than {MAX_RECORDS:,} records had to be asked for one by one"
        )

    async def missing(self, names: Headers) -> AsyncGenerator[Page, None]:
        """The records of a list of names that this run has not seen, in pages without a place to go on from."""
        wanted: Sequence[str] = names.live
        gone: Sequence[RawRecord] = names.deleted
        if self.visit.unseen is not None:
            unseen = set(await self.visit.unseen([*names.live, *(record.identifier for record in names.deleted)]))
            wanted = [name for name in names.live if name in unseen]
            gone = [record for record in names.deleted if record.identifier in unseen]
        if gone:
            yield Page(tuple(gone))
        for start in range(0, len(wanted), PAGE_RECORDS):
            if self.too_many:
                return
            names_here = wanted[start : start + PAGE_RECORDS]
            items = [await self._got(name) or self._refused(name, f"{NOT_HAD}: it has none") for name in names_here]
            yield _page(items)

    async def retried(self, identifiers: Sequence[str]) -> AsyncGenerator[Page, None]:
        """Records that could not be had before, asked for again; what the server no longer has is deleted."""
        for start in range(0, len(identifiers), PAGE_RECORDS):
            names = identifiers[start : start + PAGE_RECORDS]
            yield _page([await self._got(name) or self._gone(name) for name in names])

    async def confirmed(self, deletion: RawRecord) -> RawRecord | None:
        """What has become of a record that one set no longer has; absent when that cannot be found out."""
        news = await self.one(deletion.identifier)
        if news == "gone":
            return deletion
        return news if isinstance(news, RawRecord) else None

    async def one(self, identifier: str) -> RawRecord | Quarantined | Presence:
        """One record that is there, readable or not, or that it is gone or nobody can say.

        Raises: ComeBackLater, HostUnknown, AccessRefused.
        """
        try:
            found = await self.server.record(identifier, self.prefix, retries=LESS_PATIENT)
        except NotThere:
            return "gone"
        except (ComeBackLater, HostUnknown):
            raise
        except (SourceUnreachable, ProtocolFailed, AnswerTooLarge):
            return "unknown"
        if found is None or (isinstance(found, RawRecord) and found.deleted):
            return "gone"
        return found

    async def _got(self, identifier: str) -> RawRecord | Quarantined | None:
        """A record; in quarantine, with the reason, when it cannot be had; absent when the server has none."""
        self.fetched += 1
        try:
            return await self.server.record(identifier, self.prefix, retries=LESS_PATIENT)
        except NotThere:
            return None
        except (ComeBackLater, HostUnknown):
            raise
        except (SourceUnreachable, ProtocolFailed, AnswerTooLarge) as exc:
            await self.still_well(exc)
            return self._refused(identifier, f"{NOT_HAD}: {exc}")

    async def still_well(self, failure: HarvestFailed) -> None:
        """Makes sure that a failure is that of one record and not of the whole server.

        Raises: the failure, when it is.
        """
        try:
            await self.server.identify(retries=LESS_PATIENT)
        except HarvestFailed as exc:
            raise failure from exc

    def _refused(self, identifier: str, reason: str) -> Quarantined:
        return Quarantined(self.server.library.code, identifier, "harvest", "", reason, self.server.now())

    def _gone(self, identifier: str) -> RawRecord:
        return RawRecord(self.server.library.code, identifier, "marcxml", b"", deleted=True)


def _page(items: Sequence[RawRecord | Quarantined]) -> Page:
    return Page(
        tuple(item for item in items if isinstance(item, RawRecord)),
        tuple(item for item in items if isinstance(item, Quarantined)),
    )
