"""Staff as JSON: who one is, accounts, tokens of programs, the log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from search_api.schemas.base import Schema
from search_api.staff.roles import Role

Roles = tuple[Role, ...]


class MeBody(Schema):
    """Who makes the request."""

    name: str
    label: str = Field(description="What colleagues read.")
    library: str = Field(description="The code of their library; empty for the consortium's own staff.")
    roles: Roles
    via: Literal["session", "token"]


class AccountBody(Schema):
    """An account of staff."""

    name: str
    label: str
    library: str
    roles: Roles
    origin: Literal["local", "oidc", "demo"] = Field(
        description="`local`: a password here. `oidc`: a provider vouches. `demo`: known to everybody, opens a demo."
    )
    made_at: datetime
    last_login_at: datetime | None
    disabled_at: datetime | None
    url: str


class AccountsBody(Schema):
    """The accounts that an admin sees to."""

    accounts: tuple[AccountBody, ...]


class _Question(Schema):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NewAccount(_Question):
    """An account to be added."""

    name: str = Field(max_length=300)
    label: str = Field("", max_length=300)
    library: str = Field("", max_length=32)
    roles: Roles
    password: str = Field(max_length=2_000, repr=False)


class AccountChange(_Question):
    """What of an account is to change; what is left out stays."""

    label: Annotated[str | None, Field(max_length=300)] = None
    library: Annotated[str | None, Field(max_length=32)] = None
    roles: Roles | None = None
    password: Annotated[str | None, Field(max_length=2_000, repr=False)] = None
    disabled: bool | None = None


class TokenBody(Schema):
    """A token of a program; what it is cannot be shown again."""

    id: int
    name: str = Field(description="What it is for.")
    owner: str = Field(description="The account it belongs to.")
    roles: Roles
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None = Field(description="To within ten minutes.")
    withdrawn_at: datetime | None


class TokensBody(Schema):
    """One's own tokens; for admins those of all the accounts they see to."""

    tokens: tuple[TokenBody, ...]


class LogEntryBody(Schema):
    """One change."""

    id: int
    at: datetime
    who: str = Field(description="An account's name, or who ran a command; empty for nobody known.")
    library: str
    action: str
    what: str


class LogBody(Schema):
    """What was changed by whom, the newest first."""

    entries: tuple[LogEntryBody, ...]
    kept_days: int
    older_url: str | None = Field(description="Where the log goes on; null at its end.")
