"""Citations of an edition."""

from __future__ import annotations

from pydantic import Field

from search_api.schemas.base import Schema


class CitationBody(Schema):
    style: str = Field(description="`apa`, `mla`, `chicago` or `gbt7714`.")
    name: str
    text: str
    html: str = Field(description="The same with italics; all else is escaped.")


class CitationsBody(Schema):
    edition: str
    citations: tuple[CitationBody, ...]
