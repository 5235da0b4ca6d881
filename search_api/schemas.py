"""The JSON the API speaks, as pydantic models: they shape the answers and describe them in OpenAPI."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Schema(BaseModel):
    model_config = ConfigDict(frozen=True)


class ErrorDetail(Schema):
    code: str = Field(description="A word for programs: `invalid`, `not_found`, `unavailable` …")
    message: str = Field(description="A sentence for people.")
    field: str | None = Field(None, description="The parameter to blame, when one is.")


class ErrorBody(Schema):
    """Every error has this shape."""

    error: ErrorDetail
