"""How a library's catalogue is asked for records with copies: Z39.50 and SRU, and which kind of system answers."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mappings.charsets import StatedCharacterSet
from mappings.tags import FieldPath

OpacSystem = Literal[
    "generic",
    "alma",
    "evergreen",
    "folio",
    "horizon",
    "koha",
    "polaris",
    "sierra",
    "symphony",
    "tlc",
    "voyager",
    "worldshare",
]
"""Which kind of system it is: each puts the state of a copy elsewhere (``search_api/availability/opac``)."""

NAMED = "{local_id}"
BY_ISBN = "{isbn}"
_LOOK_UP = re.compile(r"(?:@attr (?:[1-9]|1[0-4])=\d{1,5} )+(?:\{local_id\}|\{isbn\})")


def _a_look_up(text: str) -> str:
    if not _LOOK_UP.fullmatch(text):
        raise ValueError("must be attributes and what is looked up: '@attr 1=12 {local_id}' or '@attr 1=7 {isbn}'")
    return text


def _a_query(text: str) -> str:
    if (NAMED in text) == (BY_ISBN in text):
        raise ValueError("must be a CQL query with either {local_id} or {isbn}: 'rec.id=\"{local_id}\"'")
    return text


class Catalogue(BaseModel):
    """What is to be known of a catalogue whatever it speaks."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    system: OpacSystem = "generic"
    id_fields: tuple[FieldPath, ...] = ()  # where a record says its number; empty: where its kind of system does
    look_up: tuple[str, ...] = ()  # one after the other, until one finds the record


class Z3950(Catalogue):
    """How a Z39.50 server is asked. Its address is ``availability.url``: ``tcp://host:210`` or ``tls://host:210``."""

    database: str = Field(default="Default", min_length=1, max_length=200)
    look_up: tuple[Annotated[str, AfterValidator(_a_look_up)], ...] = Field(
        default=("@attr 1=12 {local_id}", "@attr 1=7 {isbn}"), min_length=1, max_length=4
    )
    syntax: Literal["opac", "marc21", "unimarc", "xml"] | None = None  # absent: what its kind of system gives
    elements: str = Field(default="F", max_length=40)  # the element set asked for; "" leaves it to the server
    charset: Literal["auto"] | StatedCharacterSet = "auto"  # of its records
    group: str = ""  # with auth: the group that the user belongs to
    login: Literal["apart", "together"] = "apart"  # user and password as two things, or as one string "user/password"


class LiveSru(Catalogue):
    """How an SRU server is asked for single records with their copies."""

    version: Literal["1.1", "1.2", "2.0"] = "1.2"
    record_schema: str = Field(default="opac", max_length=200)  # opac, marcxml, or what the server calls them
    look_up: tuple[Annotated[str, AfterValidator(_a_query)], ...] = Field(
        default=('rec.id="{local_id}"',), min_length=1, max_length=4
    )
