"""What OpenAPI says of the ways an operation can end other than well: one shape of errors, told in one place."""

from __future__ import annotations

from typing import Any

from search_api.schemas import ErrorBody

Responses = dict[int | str, dict[str, Any]]

MAY_MOVE: Responses = {
    301: {"description": "It was merged into another; `Location` names the one that answers for it."}
}


def may_fail(*statuses: int) -> Responses:
    """The errors of an operation: these, and the ones any can have."""
    return {status: {"model": ErrorBody} for status in (*statuses, 422, 500, 503)}


def staff_may_fail(*statuses: int) -> Responses:
    """The errors of an operation that is for staff."""
    return may_fail(401, 403, *statuses)
