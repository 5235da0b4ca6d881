"""What a consortium chooses of staff access: a TOML file that ``ALLSHELVES_STAFF`` names.

Without one everything has a default, and nobody logs in elsewhere. Unknown keys and wrong values stop the start-up with
file, key and what is allowed.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from mappings.problems import problem
from search_api.settings import SettingsInvalid
from search_api.staff.audit import KEPT_DAYS
from search_api.staff.roles import Role
from search_api.staff.sessions import IDLE, WHOLE

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _issuer(value: str) -> str:
    parts = urlsplit(value)
    over_tls = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not over_tls or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be an https address without ? and #, as the provider states it")
    return value


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SessionTable(_Table):
    """When a session ends."""

    idle_minutes: Annotated[int, Field(ge=5, le=24 * 60)] = int(IDLE.total_seconds() // 60)
    hours: Annotated[int, Field(ge=1, le=7 * 24)] = int(WHOLE.total_seconds() // 3600)

    @property
    def idle(self) -> timedelta:
        return timedelta(minutes=self.idle_minutes)

    @property
    def whole(self) -> timedelta:
        return timedelta(hours=self.hours)


class LogTable(_Table):
    """How long it is told what was changed by whom."""

    keep_days: Annotated[int, Field(ge=1, le=10 * 366)] = KEPT_DAYS


class Rule(_Table):
    """Whoever has a value among a claim's gets these roles, and is of this library if one is named."""

    claim: str = Field(min_length=1)  # realm_access.roles is the claim ``roles`` in the claim ``realm_access``
    value: str = Field(min_length=1)  # "*" for any
    roles: frozenset[Role] = frozenset()
    library: str | None = None


class OidcTable(_Table):
    """The provider of OpenID Connect that vouches for staff, and what its claims mean here."""

    name: Mapping[str, str]  # of the button, by interface language
    issuer: Annotated[str, AfterValidator(_issuer)]
    client_id: str = Field(min_length=1)
    client_secret_env: str | None = None  # the variable that holds the secret; without one the client is public
    scopes: tuple[str, ...] = ("openid", "profile")
    leeway_seconds: Annotated[int, Field(ge=0, le=600)] = 60  # how far the provider's clock may be from ours
    userinfo: bool = False  # ask there too: some providers state groups nowhere else
    name_claim: str = "preferred_username"
    label_claim: str = "name"
    library_claim: str | None = None  # a claim that is a library's code
    rules: tuple[Rule, ...] = Field(min_length=1)

    def secret(self, environ: Mapping[str, str] = os.environ) -> str:
        """The client's secret; "" for a public client."""
        return environ.get(self.client_secret_env, "") if self.client_secret_env else ""


class StaffConfiguration(_Table):
    """The whole file."""

    sessions: SessionTable = SessionTable()
    log: LogTable = LogTable()
    oidc: OidcTable | None = None


_KEYS: Mapping[str, frozenset[str]] = {
    "": frozenset(StaffConfiguration.model_fields),
    "sessions": frozenset(SessionTable.model_fields),
    "log": frozenset(LogTable.model_fields),
    "oidc": frozenset(OidcTable.model_fields),
    "oidc.rules": frozenset(Rule.model_fields),
}


def load_staff(
    file: Path | None, libraries: Collection[str], environ: Mapping[str, str] = os.environ
) -> StaffConfiguration:
    """The file, whole and checked; the defaults without one.

    Raises: SettingsInvalid, naming file, key, value and what is allowed; also for a variable that is not set.
    """
    if file is None:
        return StaffConfiguration()
    try:
        found = StaffConfiguration.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise SettingsInvalid(f"{file}: not readable as TOML: {exc}") from exc
    except ValidationError as exc:
        raise SettingsInvalid(f"{file}: {'; '.join(problem(error, _KEYS) for error in exc.errors())}") from exc
    if found.oidc is not None:
        _check(file, found.oidc, libraries, environ)
    return found


def _check(file: Path, oidc: OidcTable, libraries: Collection[str], environ: Mapping[str, str]) -> None:
    if lacking := [language for language in ("zh-Hant", "en") if not oidc.name.get(language, "").strip()]:
        raise SettingsInvalid(f"{file}: oidc.name: give a text for {lacking[0]}")
    if "openid" not in oidc.scopes:
        raise SettingsInvalid(f"{file}: oidc.scopes = {list(oidc.scopes)!r}: openid must be among them")
    for number, rule in enumerate(oidc.rules):
        if rule.library and rule.library not in libraries:
            allowed = ", ".join(libraries)
            raise SettingsInvalid(f"{file}: oidc.rules.{number}.library = {rule.library!r}: must be one of {allowed}")
    if oidc.client_secret_env and not oidc.secret(environ):
        raise SettingsInvalid(f"{file}: oidc.client_secret_env names {oidc.client_secret_env}, which is not set")
