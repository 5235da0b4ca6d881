"""A library without a live status service: nothing is asked, and that is what is said."""

from __future__ import annotations

from collections.abc import Sequence

from search_api.availability.status import AnswerState, AskedRecord, RecordAnswer, Reply
from search_api.availability.system import System


async def ask(system: System, records: Sequence[AskedRecord]) -> Reply:  # noqa: ARG001
    return Reply(tuple(RecordAnswer(record.local_id, AnswerState.UNSUPPORTED) for record in records))
