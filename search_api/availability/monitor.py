"""Asks every library's system about one known record: what nobody looks at is known to answer too."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from mappings.library import Library
from search_api.availability.connectors import CONNECTORS, Connector, connected
from search_api.availability.counted import Counted, step_of
from search_api.availability.http import ConnectorUnavailable, ImpatientHttp
from search_api.availability.status import AnswerState, AskedRecord
from search_api.availability.system import System


@dataclass(frozen=True, slots=True)
class Look:
    """What came of asking one library's system about one record."""

    library: str
    record: str  # local id
    at: datetime
    seconds: float
    failure: str = ""  # a reason for staff; "": it answered and knows the record

    def counted(self) -> Counted:
        """The look as something to be added to what is kept."""
        if self.failure:
            return Counted(failed=1, last_failure_at=self.at, last_failure=self.failure)
        return Counted(answered=1, last_answer_at=self.at, steps=Counter({step_of(self.seconds): 1}))


async def looks(
    libraries: Mapping[str, Library],
    records: Mapping[str, AskedRecord],
    http: ImpatientHttp,
    *,
    connectors: Mapping[str, Callable[[System], Connector]] = CONNECTORS,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> tuple[Look, ...]:
    """Asks the libraries of these records, side by side, each once and in its own time; in the order of ``records``."""
    made = {code: connected(System(code, libraries[code].availability, http), connectors) for code in records}
    try:
        return tuple(await asyncio.gather(*(_look(code, made[code], record, now) for code, record in records.items())))
    finally:
        await asyncio.gather(*(connector.close() for connector in made.values()))


async def _look(library: str, connector: Connector, record: AskedRecord, now: Callable[[], datetime]) -> Look:
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        reply = await connector.ask([record])
    except ConnectorUnavailable as exc:
        failure = str(exc)
    else:
        [answer] = reply.answers
        failure = ""
        if answer.state is AnswerState.NOT_FOUND:
            failure = f"does not know record {record.local_id}"
        elif answer.state not in (AnswerState.OK, AnswerState.PARTIAL):
            failure = answer.message or answer.state
    return Look(library, record.local_id, now(), round(loop.time() - began, 4), failure)
