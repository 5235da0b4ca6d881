"""How a library's own system is asked for the state of copies: protocol, address, entry, its own words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from mappings.access import Address, EnvName
from mappings.ncip import Ncip
from mappings.opac import Z3950, LiveSru
from mappings.schedule import TimeZone
from mappings.sip2 import SIP2_URL, Sip2
from mappings.web_status import Web

Protocol = Literal[
    "none",
    "daia",
    "koha-ils-di",
    "koha-rest",
    "alma",
    "evergreen",
    "folio-rtac",
    "ncip",
    "sierra",
    "sip2",
    "sru",
    "web",
    "z3950",
]
"""What a library's system speaks; each is a module of ``search_api/availability/connectors``."""

State = Literal[
    "available",
    "on_request",
    "online",
    "available_onsite",
    "on_loan",
    "on_hold_shelf",
    "in_transit",
    "in_process",
    "on_order",
    "recalled",
    "not_for_loan",
    "missing",
    "lost",
    "withdrawn",
    "check_with_library",
    "unknown",
]
"""The states of a copy that a library's words can be translated to."""

Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+(:\d{1,5})?$")]
"""A host as it stands in an address, with its port when it is not the usual one."""


_Z3950_URL = re.compile(r"(?:tcp|tls)://[A-Za-z0-9._-]+(?::\d{1,5})?/?")

Verbatim = Annotated[str, StringConstraints(strip_whitespace=False)]
"""A text whose blanks count."""

DATE_FORM = r"^(?:(?:YYYY|YYY|YY|MON|MM|DD|[-/. ,年月日])+)?$"
"""How dates may be described: YYYY, YYY (民國), YY (20YY), MON (Jan), MM, DD and what stands between them."""


class ServiceAuth(BaseModel):
    """What a live status service asks for; every ``…_env`` names an environment variable."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    kind: Literal["basic", "bearer", "api-key", "oauth2"]
    username_env: EnvName | None = None  # basic
    password_env: EnvName | None = None  # basic
    token_env: EnvName | None = None  # bearer
    key_env: EnvName | None = None  # api-key
    header: str = ""  # api-key: the header that carries it, e.g. "Authorization"
    prefix: Verbatim = ""  # api-key in a header: what stands before it there, e.g. "apikey " with its blank
    parameter: str = ""  # api-key: the query parameter that carries it
    token_url: Address = ""  # oauth2, client credentials: where a token is fetched
    client_id_env: EnvName | None = None  # oauth2
    client_secret_env: EnvName | None = None  # oauth2
    scope: str = ""  # oauth2

    @model_validator(mode="after")
    def _what_the_kind_needs_is_named(self) -> ServiceAuth:
        missing = [name for name in NEEDED[self.kind] if not getattr(self, name)]
        if missing:
            raise ValueError(f"auth of kind {self.kind!r} needs {' and '.join(missing)}")
        if self.kind == "api-key" and bool(self.header) == bool(self.parameter):
            raise ValueError("auth of kind 'api-key' needs either header or parameter")
        return self


NEEDED: Mapping[str, tuple[str, ...]] = {
    "basic": ("username_env", "password_env"),
    "bearer": ("token_env",),
    "api-key": ("key_env",),
    "oauth2": ("token_url", "client_id_env", "client_secret_env"),
}
"""The keys each kind cannot do without."""


class Rest(BaseModel):
    """When a system that keeps failing is left alone, and for how long. At most a minute: then it is noticed again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    after_failures: int = Field(default=3, ge=1, le=100)  # one after the other
    first_seconds: float = Field(default=10.0, ge=1, le=45)  # doubled each time that the question after it fails too
    longest_seconds: float = Field(default=45.0, ge=1, le=45)  # with the question after it, less than a minute


class KohaRest(BaseModel):
    """Which of its routes a Koha is asked by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    route: Literal["staff", "public", "kohasuomi"] = "staff"


class Alma(BaseModel):
    """How an Alma is asked beyond what its address and key say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    network: bool = False  # address and key are a network zone's: it is asked once for all members that ask together
    items: bool = True  # the items of records with a copy away, for due dates; each counts towards Alma's daily limit


class Availability(BaseModel):
    """Where the state of copies is asked, live."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    protocol: Protocol = "none"
    url: Address = ""
    id_template: str = "{local_id}"  # what the system wants for a record, e.g. "ppn:{local_id}"
    batch_size: int = Field(default=20, ge=1, le=200)  # records in one question, where the protocol allows several
    at_once: int = Field(default=4, ge=1, le=32)  # questions under way at this library; more wait their turn
    per_second: float | None = Field(default=None, gt=0, le=1000)  # questions begun in a second; absent: no limit
    timeout_seconds: float = Field(default=1.5, gt=0, le=30)  # of one question, with the connection and redirects
    connect_seconds: float = Field(default=1.0, gt=0, le=30)  # of the connection alone: a dead host tells itself sooner
    deadline_seconds: float | None = Field(default=None, gt=0, le=30)  # a page waits so long; absent: the deployment's
    fresh_seconds: float | None = Field(default=None, ge=0, le=600)  # an answer is live so long; absent: likewise
    rest: Rest = Rest()
    alma: Alma = Alma()
    koha: KohaRest = KohaRest()
    sru: LiveSru = LiveSru()
    z3950: Z3950 = Z3950()
    web: Web | None = None
    ncip: Ncip = Ncip()
    sip2: Sip2 = Sip2()
    auth: ServiceAuth | None = None
    hosts: tuple[Host, ...] = ()  # besides the address's own: where a redirect may lead
    words: Mapping[str, State] = {}  # the system's own status words or codes → state, before the protocol's own table
    due_form: str = Field(default="", pattern=DATE_FORM)  # of the dates it writes, e.g. MM-DD-YY, YYY/MM/DD (民國)
    time_zone: TimeZone = "Asia/Taipei"  # of the library: the day of a due date that its system writes in UTC
    monitor: str = ""  # local id of a record that is sure to stay, for `allshelves monitor`; absent: one is found
    institution: str = ""  # what the system calls this library, where it answers for several

    @model_validator(mode="before")
    @classmethod
    def _pages_are_asked_gently(cls, given: Any) -> Any:
        """A catalogue's pages are made for readers: unless the file says otherwise, they are asked more slowly."""
        if isinstance(given, dict) and given.get("protocol") == "web":
            return {"per_second": 2.0, "at_once": 2, "batch_size": 1, **given}
        return given

    @model_validator(mode="before")
    @classmethod
    def _one_session_is_asked_in_turn(cls, given: Any) -> Any:
        """A session asks one thing after the other: what waits, waits before its time has begun.

        Evergreen and SRU have no session, and one record in a question as well: several questions go side by side.
        """
        if isinstance(given, dict) and given.get("protocol") in ("sip2", "z3950"):
            return {"at_once": 1, "batch_size": 1, **given}
        if isinstance(given, dict) and given.get("protocol") in ("evergreen", "sru"):
            return {"batch_size": 1, **given}
        return given

    @model_validator(mode="after")
    def _a_server_of_terminals_is_named(self) -> Availability:
        if self.protocol == "sip2" and not SIP2_URL.fullmatch(self.url):
            raise ValueError("availability.url must be tcp://host:port or tls://host:port for sip2")
        if self.protocol == "sip2" and self.auth is not None and self.auth.kind != "basic":
            raise ValueError("availability.auth must be of kind 'basic' for sip2: user and password")
        return self

    @model_validator(mode="after")
    def _pages_are_described(self) -> Availability:
        if self.protocol == "web" and self.web is None:
            raise ValueError("availability.web is required for web, with the library's permission: see its keys")
        if self.protocol == "web" and self.batch_size != 1:
            raise ValueError("availability.batch_size must be 1 for web: a page is of one record")
        return self

    @model_validator(mode="after")
    def _url_is_given(self) -> Availability:
        if self.protocol != "none" and not self.url:
            raise ValueError(f"availability.url is required for {self.protocol}")
        if self.alma.network and not self.institution:
            raise ValueError("availability.institution is required with alma.network: whose holdings are meant")
        if self.protocol == "z3950" and not _Z3950_URL.fullmatch(self.url):
            raise ValueError("availability.url must be tcp://host:port or tls://host:port for z3950")
        if self.protocol == "z3950" and self.auth is not None and self.auth.kind != "basic":
            raise ValueError("availability.auth must be of kind 'basic' for z3950: user and password")
        return self
