"""Asks the libraries side by side within a deadline, and never lets one of them spoil the others.

One question in flight per record however many ask; answers are kept for a moment as live, and longer for the hours
when a system fails; a system that keeps failing is left alone for a while.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from indexer.record import Edition
from mappings.library import Availability, Library
from search_api.availability.breaker import Breaker
from search_api.availability.compare import compared
from search_api.availability.connectors import CONNECTORS, Connector, connected
from search_api.availability.counted import Counted
from search_api.availability.health import Health, Record
from search_api.availability.http import ConnectorTimedOut, ConnectorUnavailable, ImpatientHttp, QuestionRefused
from search_api.availability.kept import Kept, KeptAnswers, Key
from search_api.availability.lateness import Lateness
from search_api.availability.pace import Busy, Pace
from search_api.availability.status import (
    Answer,
    AnswerState,
    AskedRecord,
    Question,
    RecordAnswer,
    combined,
    questions,
)
from search_api.availability.system import Commons, System

_FAILED = frozenset({AnswerState.TIMEOUT, AnswerState.ERROR})
_SAID = frozenset({AnswerState.OK, AnswerState.PARTIAL, AnswerState.NOT_FOUND})  # the system spoke of the record

logger = logging.getLogger(__name__)

Batch = asyncio.Task[Mapping[str, RecordAnswer]]
"""A question under way: never fails, has an answer for every local id it was given."""


@dataclass(slots=True)
class _Desk:
    """What is remembered of one library's system."""

    library: str
    service: Availability
    connector: Connector
    record: Record
    pace: Pace
    breaker: Breaker


@dataclass(slots=True)
class _Waiting:
    """A question whose library has not answered for all its records."""

    question: Question
    known: dict[str, Kept]  # local id → an answer that is still live
    refused: dict[str, RecordAnswer]  # local id → why it was not asked
    batches: dict[str, Batch]  # local id → the question under way


class AvailabilityChecker:
    """Answers for editions from the libraries' own systems. Close it: questions may still be under way."""

    def __init__(
        self,
        libraries: Mapping[str, Library],
        http: ImpatientHttp,
        *,
        deadline_seconds: float = 2.0,
        cache_seconds: float = 45.0,
        keep_seconds: float = 86_400.0,
        connectors: Mapping[str, Callable[[System], Connector]] = CONNECTORS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._deadline_seconds = deadline_seconds
        self._now = now
        self._kept = KeptAnswers(cache_seconds, keep_seconds)
        self._under_way: dict[Key, Batch] = {}
        self._lateness = Lateness()
        commons = Commons()
        self._desks = {
            code: _Desk(
                library=code,
                service=library.availability,
                connector=connected(System(code, library.availability, http, commons=commons), connectors),
                record=Record(code, library.availability.protocol),
                pace=Pace(library.availability.at_once, library.availability.per_second),
                breaker=Breaker(library.availability.rest),
            )
            for code, library in libraries.items()
        }

    async def stream(
        self, editions: Sequence[Edition], *, deadline_seconds: float | None = None
    ) -> AsyncGenerator[Answer, None]:
        """One answer per edition and holding library, each as it comes; ends at the deadline at the latest.

        A library's own deadline stands in its file, else it is the deployment's; ``deadline_seconds`` cuts them short.
        What is not there by then is given as STALE (a kept answer) or TIMEOUT, with ``pending`` set; the question
        goes on and its answer is kept for the next reader.
        """
        loop = asyncio.get_running_loop()
        started = loop.time()
        waiting = self._ask([question for edition in editions for question in questions(edition)])
        ends = {
            one.question.library: started + self.deadline(one.question.library, deadline_seconds) for one in waiting
        }
        while waiting:
            left, now = [], loop.time()
            for one in waiting:
                if now >= ends[one.question.library] or all(batch.done() for batch in one.batches.values()):
                    yield self._answer(one, loop.time() - started)
                else:
                    left.append(one)
            waiting = left
            pending = {batch for one in waiting for batch in one.batches.values() if not batch.done()}
            if pending:
                rest = min(ends[one.question.library] for one in waiting) - loop.time()
                await asyncio.wait(pending, timeout=max(rest, 0), return_when=asyncio.FIRST_COMPLETED)

    def on_shelf(self, libraries: Collection[str], seconds: float) -> dict[str, datetime]:
        """The editions of which some of these libraries said, no longer ago, that a copy can be taken home: with when.

        Asks nobody; only what was asked about before is known.
        """
        return self._kept.on_shelf(self._now(), seconds, libraries)

    def known(self, editions: Sequence[Edition]) -> tuple[Answer, ...]:
        """What can be said of editions without asking anybody: for each holding library what is fresh, or kept, or that
        it has no live status.

        A library of whose records something is not known is left out.
        """
        now = self._now()
        found = []
        for question in (question for edition in editions for question in questions(edition)):
            desk = self._desks.get(question.library)
            fresh = desk.service.fresh_seconds if desk else None
            kept = {i: self._kept.last((question.library, i), now) for i in question.local_ids}
            live = [self._kept.fresh((question.library, i), now, fresh) is not None for i in question.local_ids]
            if desk and desk.service.protocol == "none" and not question.online:
                nothing = AnswerState.UNSUPPORTED
                found.append(Answer(question.edition, question.library, question.local_ids, nothing))
                continue
            if not (all(kept.values()) and (kept or question.online)):
                continue
            answers = [
                one.answer if is_live else replace(one.answer, state=AnswerState.STALE)
                for one, is_live in zip(kept.values(), live, strict=True)
                if one is not None
            ]
            state, items, message = combined(question, answers)
            times = [one.as_of for one in kept.values() if one is not None]
            found.append(
                Answer(
                    edition=question.edition,
                    library=question.library,
                    local_ids=question.local_ids,
                    state=state,
                    items=items,
                    as_of=min(times, default=now),
                    message=message,
                    missing=tuple(copy for answer in answers for copy in answer.missing),
                )
            )
        return tuple(found)

    def deadline(self, library: str, at_most_seconds: float | None = None) -> float:
        """How many seconds a page waits for a library."""
        desk = self._desks.get(library)
        own = desk.service.deadline_seconds if desk else None
        seconds = self._deadline_seconds if own is None else own
        return seconds if at_most_seconds is None else min(seconds, at_most_seconds)

    async def answers(
        self, editions: Sequence[Edition], *, deadline_seconds: float | None = None
    ) -> tuple[Answer, ...]:
        """All answers, in the order of editions and library codes; waits for the deadline at most."""
        found = {(a.edition, a.library): a async for a in self.stream(editions, deadline_seconds=deadline_seconds)}
        return tuple(found[edition.id, library] for edition in editions for library in edition.libraries)

    def health(self) -> dict[str, Health]:
        """How each library's system has been doing, by library code."""
        return {code: desk.record.health(desk.breaker.resting_until) for code, desk in self._desks.items()}

    def counted(self) -> dict[str, Counted]:
        """What came of asking since this was called last, by library; to be written down, or given back."""
        found = {code: desk.record.unwritten for code, desk in self._desks.items() if not desk.record.unwritten.empty}
        for code in found:
            self._desks[code].record.unwritten = Counted()
        return found

    def give_back(self, counted: Mapping[str, Counted]) -> None:
        """Takes back what could not be written down."""
        for code, one in counted.items():
            one.add(self._desks[code].record.unwritten)
            self._desks[code].record.unwritten = one

    async def close(self) -> None:
        """Ends the questions under way. The HTTP session is its owner's to close."""
        batches = set(self._under_way.values())
        for batch in batches:
            batch.cancel()
        await asyncio.gather(*batches, return_exceptions=True)
        await self._lateness.close()
        await asyncio.gather(*(desk.connector.close() for desk in self._desks.values()))

    def _ask(self, asked: Sequence[Question]) -> list[_Waiting]:
        """Starts what has to be asked, one library at a time and in batches, and joins what is already under way."""
        now = self._now()
        by_library: dict[str, dict[str, AskedRecord]] = {}
        waiting = []
        for question in asked:
            keys = {local_id: (question.library, local_id) for local_id in question.local_ids}
            for key in keys.values():
                self._kept.note(key, question.edition)
            desk = self._desks.get(question.library)
            fresh = desk.service.fresh_seconds if desk else None
            known = {local_id: kept for local_id, key in keys.items() if (kept := self._kept.fresh(key, now, fresh))}
            waiting.append(_Waiting(question, known, {}, {}))
            unknown = {record.local_id: record for record in question.records if record.local_id not in known}
            by_library.setdefault(question.library, {}).update(unknown)
        refused: dict[Key, RecordAnswer] = {}
        for library, records in by_library.items():
            wanted = [records[i] for i in sorted(records) if (library, i) not in self._under_way]
            refused.update({(library, answer.local_id): answer for answer in self._start(library, wanted, now)})
        for one in waiting:
            for local_id in one.question.local_ids:
                key = (one.question.library, local_id)
                if local_id in one.known:
                    continue
                if key in refused:
                    one.refused[local_id] = refused[key]
                else:
                    one.batches[local_id] = self._under_way[key]
        return waiting

    def _start(self, library: str, records: Sequence[AskedRecord], now: datetime) -> Iterable[RecordAnswer]:
        """Starts batches; the answers of the records that cannot be asked for now."""
        desk = self._desks.get(library)
        if desk is None:
            return [RecordAnswer(r.local_id, AnswerState.UNSUPPORTED, message="no such member") for r in records]
        not_asked: list[RecordAnswer] = []
        for first in range(0, len(records), desk.service.batch_size):
            some = records[first : first + desk.service.batch_size]
            if not desk.breaker.may_ask(now):
                why = f"not asked, it keeps failing: {desk.record.last_failure}"
                not_asked += [RecordAnswer(record.local_id, AnswerState.ERROR, message=why) for record in some]
                continue
            batch = asyncio.create_task(self._batch(desk, some))
            keys = [(library, record.local_id) for record in some]
            self._under_way.update(dict.fromkeys(keys, batch))
            batch.add_done_callback(partial(self._ended, keys))
        return not_asked

    def _ended(self, keys: Iterable[Key], _: Batch) -> None:
        for key in keys:
            self._under_way.pop(key, None)

    async def _batch(self, desk: _Desk, records: Sequence[AskedRecord]) -> Mapping[str, RecordAnswer]:
        """Asks one library's system once; every failure becomes an answer that says so."""
        loop = asyncio.get_running_loop()
        local_ids = [record.local_id for record in records]
        began = loop.time()
        self._lateness.watch()
        try:
            async with desk.pace.turn():
                began = loop.time()
                reply = await desk.connector.ask(records)
                elapsed = round(loop.time() - began, 4)
        except ConnectorUnavailable as exc:
            ours = isinstance(exc, ConnectorTimedOut) and self._lateness.since(began)
            of_system = not (ours or isinstance(exc, QuestionRefused | Busy))
            return self._failed(desk, local_ids, exc.state, str(exc), of_system=of_system)
        except asyncio.CancelledError:
            desk.breaker.undecided()
            raise
        except Exception:  # a fault of a connector is one library's failure, not the page's
            logger.exception("%s: the connector %s failed", desk.library, desk.service.protocol)
            return self._failed(desk, local_ids, AnswerState.ERROR, "the answer made the connector fail")
        now = self._now()
        answers = {answer.local_id: answer for answer in reply.answers}
        found = {}
        for record in records:
            i = record.local_id
            found[i], difference = compared(record, answers.get(i) or RecordAnswer(i, AnswerState.NOT_FOUND))
            desk.record.note_difference(difference)
        desk.breaker.succeeded()
        if any(answer.state is not AnswerState.UNSUPPORTED for answer in found.values()):
            desk.record.note_answer(now, elapsed, reply.unknown_words)
        for local_id, answer in found.items():
            if answer.state in _SAID:
                self._kept.put((desk.library, local_id), answer, now)
        return found

    def _failed(
        self, desk: _Desk, local_ids: Sequence[str], state: AnswerState, reason: str, *, of_system: bool = True
    ) -> Mapping[str, RecordAnswer]:
        now = self._now()
        if of_system:
            desk.breaker.failed(now)
        else:
            desk.breaker.undecided()
        desk.record.note_failure(now, reason, of_system=of_system)
        logger.warning("%s: live status of %s: %s", desk.library, ", ".join(local_ids[:5]), reason)
        return {local_id: RecordAnswer(local_id, state, message=reason) for local_id in local_ids}

    def _answer(self, waiting: _Waiting, elapsed_seconds: float) -> Answer:
        """What can be said now: live answers, and kept ones where there is none."""
        now = self._now()
        question = waiting.question
        answers, times, pending = [], [], False
        for local_id in question.local_ids:
            kept = waiting.known.get(local_id)
            batch = waiting.batches.get(local_id)
            if kept is not None:
                answers.append(kept.answer)
                times.append(kept.as_of)
                continue
            if batch is None:
                answer = waiting.refused[local_id]
            elif not batch.done():
                pending = True
                answer = RecordAnswer(local_id, AnswerState.TIMEOUT, message="no answer before the deadline")
            elif batch.cancelled():
                answer = RecordAnswer(local_id, AnswerState.ERROR, message="the program is ending")
            else:
                answer = batch.result()[local_id]
            last = self._kept.last((question.library, local_id), now) if answer.state in _FAILED else None
            if last is not None and last.answer.items:
                answer = replace(last.answer, state=AnswerState.STALE, message=answer.message)
                times.append(last.as_of)
            elif answer.state in _SAID:
                times.append(now)
            answers.append(answer)
        state, items, message = combined(question, answers)
        desk = self._desks.get(question.library)
        return Answer(
            edition=question.edition,
            library=question.library,
            local_ids=question.local_ids,
            state=state,
            items=items,
            as_of=min(times, default=now if question.online else None),
            elapsed_seconds=round(elapsed_seconds, 4),
            message=message,
            failing_since=desk.record.failing_since if desk and state in (*_FAILED, AnswerState.STALE) else None,
            pending=pending,
            missing=tuple(copy for answer in answers for copy in answer.missing),
        )
