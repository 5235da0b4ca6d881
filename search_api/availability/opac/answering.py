"""Looking records up one after the other, in the ways that a library's file names, whatever is spoken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from mappings.opac import BY_ISBN, Catalogue
from search_api.availability.http import ConnectorUnavailable, QuestionRefused
from search_api.availability.opac.copies import copies, is_record
from search_api.availability.opac.record import CatalogueRecord
from search_api.availability.reading import answered
from search_api.availability.status import AnswerState, AskedRecord, RecordAnswer, Reply
from search_api.availability.system import System

MAX_ISBNS = 2  # of a record are looked up: each costs a question, and a patron waits


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to."""

    hits: int
    records: Sequence[CatalogueRecord] = ()


Search = Callable[[str, str], Awaitable[Found]]
"""Searches by a way of looking up, as the library's file writes it, for a term."""


async def reply(system: System, catalogue: Catalogue, records: Sequence[AskedRecord], search: Search) -> Reply:
    """An answer for each record. After a failure the rest is not asked: the system would only fail again.

    Raises: ConnectorUnavailable when no record is answered for.
    """
    answers: list[RecordAnswer] = []
    unknown_words: list[str] = []
    failure: ConnectorUnavailable | None = None
    for record in records:
        if failure is None or isinstance(failure, QuestionRefused):
            try:
                answers.append(await _answer(system, catalogue, record, search, unknown_words))
                continue
            except ConnectorUnavailable as exc:
                failure = exc
        answers.append(RecordAnswer(record.local_id, failure.state, message=str(failure)))
    if failure is not None and all(answer.state is failure.state for answer in answers):
        raise failure
    return Reply(tuple(answers), tuple(unknown_words))


async def _answer(
    system: System, catalogue: Catalogue, asked: AskedRecord, search: Search, unknown_words: list[str]
) -> RecordAnswer:
    refused: QuestionRefused | None = None
    reason = ""
    for way, term in _terms(system, catalogue, asked):
        try:
            found = await search(way, term)
        except QuestionRefused as exc:
            refused = exc
            continue
        alone = found.hits == 1 and BY_ISBN not in way
        name = system.name_of(asked)
        own = [
            record
            for record in found.records
            if is_record(record.marc, name, asked, catalogue.system, catalogue.id_fields, alone=alone)
        ]
        if own:
            items = copies(system, catalogue.system, own, unknown_words)
            return answered(asked.local_id, [replace(item, local_id=asked.local_id) for item in items])
        reason = reason or ("found, and it says that it is another record" if found.hits else "")
        refused = None
    if refused is not None:
        raise refused
    return RecordAnswer(asked.local_id, AnswerState.NOT_FOUND, message=reason)


def _terms(system: System, catalogue: Catalogue, asked: AskedRecord) -> Iterator[tuple[str, str]]:
    for way in catalogue.look_up:
        if BY_ISBN in way:
            yield from ((way, isbn) for isbn in asked.isbns[:MAX_ISBNS])
        elif name := system.name_of(asked).strip():
            yield way, name
