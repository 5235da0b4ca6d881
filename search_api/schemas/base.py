"""What every schema shares, and the one shape of an error."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

Words = dict[str, str]
"""A text in each interface language."""


class Schema(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class ErrorDetail(Schema):
    code: str = Field(description="A word for programs: `invalid`, `not_found`, `unavailable` …")
    message: str = Field(description="A sentence for people.")
    field: str | None = Field(None, description="The parameter to blame, when one is.")


class ErrorBody(Schema):
    """Every error has this shape."""

    error: ErrorDetail
