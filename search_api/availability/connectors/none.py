"""A library without a live status service: nothing is asked, and that is what is said."""

from __future__ import annotations

from collections.abc import Sequence

from mappings.library import Availability
from search_api.availability.http import ImpatientHttp
from search_api.availability.status import AnswerState, RecordAnswer, Reply


async def ask(http: ImpatientHttp, service: Availability, local_ids: Sequence[str]) -> Reply:  # noqa: ARG001
    return Reply(tuple(RecordAnswer(local_id, AnswerState.UNSUPPORTED) for local_id in local_ids))
