"""Settings of a deployment, read from the environment once and handed on as an argument."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from indexer.engine.layout import DEFAULT_LAYOUT, Layout
from mappings.library import LIBRARIES_FOLDER
from mappings.site import SITE_FILE
from search_api.texts import STAFF_LANGUAGES

PREFIX = "ALLSHELVES_"

Network = IPv4Network | IPv6Network


class SettingsInvalid(ValueError):
    """The environment cannot be used; the message names the variable, its value and what is allowed. Start-up stops."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one deployment chooses; the defaults serve one machine."""

    home: Path = Path("state")  # state folder: raw store, catalogue, embedded index
    site: Path = SITE_FILE  # the consortium's name, logo, colours, words and links
    libraries: Path = LIBRARIES_FOLDER  # one TOML file per member; a relative one is below where the program starts
    database: str = ""  # SQLAlchemy URL; "" is SQLite in the state folder
    engine: str = ""  # "" is the embedded engine; http(s) URLs of a cluster's nodes, separated by commas
    layout: Layout = DEFAULT_LAYOUT  # how an index lies on the nodes of a cluster
    contact: str = ""  # an e-mail address that members' servers are told when they are harvested
    language: str = "en"  # of what `allshelves status` says; one that staff texts are in
    host: str = "127.0.0.1"
    port: int = 8000
    deadline_seconds: float = 2.0  # a page never waits longer for live availability
    cache_seconds: float = 45.0  # an answer of a library's system counts as live for so long
    staff: Path | None = None  # TOML file: sessions, the log, OpenID Connect; None is what stands in its code
    metrics_token: str = field(default="", repr=False)  # what Prometheus brings; "" and /metrics is open
    public_url: str = ""  # where readers find the catalogue, without a slash at its end; "" is what each request names
    trusted_proxies: str = "127.0.0.1"  # whose word on the asker's address and scheme is taken
    hsts_seconds: int = 0  # for how long browsers shall come by TLS only; 0 says nothing: there may be none
    rate_limit: float = 1.0  # how much wider or narrower the limits of requests are; 0 and there are none
    unlimited: tuple[Network, ...] = ()  # networks whose requests are never limited: those of the members
    keep_seconds: float = 86_400.0  # and is shown, with its time, when the system fails, for so long

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the raw store and the catalogue."""
        return self.database or f"sqlite:///{self.home / 'catalogue.sqlite3'}"

    @property
    def index_folder(self) -> Path:
        """Where the embedded engine keeps its index."""
        return self.home / "index"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Reads every ``ALLSHELVES_*`` variable; an empty one counts as not set.

        Raises: SettingsInvalid for an unknown name (a misspelling would otherwise be ignored) or a wrong value.
        """
        for name, instead in _GONE.items():
            if environ.get(name):
                raise SettingsInvalid(f"{name} is no setting any more: {instead}")
        unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in _NAMES)
        if unknown:
            allowed = ", ".join(sorted(_NAMES))
            raise SettingsInvalid(f"{unknown[0]} = {environ[unknown[0]]!r}: no such setting; allowed are {allowed}")
        default = cls()

        def text(name: str, otherwise: str) -> str:
            return environ.get(PREFIX + name, "").strip() or otherwise

        return cls(
            home=Path(text("HOME", str(default.home))).expanduser(),
            libraries=Path(text("LIBRARIES", str(default.libraries))).expanduser().absolute(),  # errors say where
            site=Path(text("SITE", str(default.site))).expanduser().absolute(),
            database=text("DATABASE", default.database),
            engine=_engine(text("ENGINE", default.engine)),
            layout=_layout(text("SHARDS", "1"), text("REPLICAS", "")),
            contact=_contact(text("CONTACT", default.contact)),
            language=_language(text("LANGUAGE", default.language)),
            staff=Path(text("STAFF", "")).expanduser() if text("STAFF", "") else None,
            metrics_token=text("METRICS_TOKEN", ""),
            host=text("HOST", default.host),
            port=int(_number("PORT", text("PORT", str(default.port)), 0, 65_535, whole=True)),
            deadline_seconds=_number("DEADLINE_SECONDS", text("DEADLINE_SECONDS", "2"), 0.05, 30),
            cache_seconds=_number("CACHE_SECONDS", text("CACHE_SECONDS", "45"), 0, 600),
            public_url=_public_url(text("PUBLIC_URL", default.public_url)),
            trusted_proxies=_proxies(text("TRUSTED_PROXIES", default.trusted_proxies)),
            hsts_seconds=int(_number("HSTS_SECONDS", text("HSTS_SECONDS", "0"), 0, 63_072_000, whole=True)),
            rate_limit=_number("RATE_LIMIT", text("RATE_LIMIT", "1"), 0, 1_000),
            unlimited=_networks("UNLIMITED", text("UNLIMITED", "")),
            keep_seconds=_number("KEEP_SECONDS", text("KEEP_SECONDS", "86400"), 0, 604_800),
        )


_GONE = {
    f"{PREFIX}STAFF_TOKEN": "people have accounts now (allshelves accounts), and programs tokens (allshelves tokens)",
}
"""Settings that were; their values may be secret and are not told."""

_NAMES = frozenset(
    PREFIX + name
    for name in (
        *("HOME", "SITE", "LIBRARIES", "DATABASE", "ENGINE", "SHARDS", "REPLICAS"),
        *("CONTACT", "LANGUAGE", "STAFF", "METRICS_TOKEN", "HOST", "PORT"),
        *("DEADLINE_SECONDS", "CACHE_SECONDS", "KEEP_SECONDS"),
        *("PUBLIC_URL", "TRUSTED_PROXIES", "HSTS_SECONDS", "RATE_LIMIT", "UNLIMITED"),
    )
)


def _engine(value: str) -> str:
    if value and not all(_is_address(one.strip()) for one in value.split(",")):
        raise SettingsInvalid(
            f"{PREFIX}ENGINE = {value!r}: must be empty (embedded) or http(s) URLs of a cluster's nodes, separated by "
            "commas"
        )
    return value


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets or a port that are none
        return False


def _public_url(value: str) -> str:
    if value and not re.fullmatch(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?/?", value):
        raise SettingsInvalid(
            f"{PREFIX}PUBLIC_URL = {value!r}: must be empty or http(s)://host or http(s)://host:port, without a path"
        )
    return value.rstrip("/")


def _layout(shards: str, replicas: str) -> Layout:
    copies = int(_number("REPLICAS", replicas, 0, 10, whole=True)) if replicas else None
    return Layout(int(_number("SHARDS", shards, 1, 100, whole=True)), copies)


def _language(value: str) -> str:
    if value not in STAFF_LANGUAGES:
        raise SettingsInvalid(f"{PREFIX}LANGUAGE = {value!r}: must be one of {', '.join(STAFF_LANGUAGES)}")
    return value


def _contact(value: str) -> str:
    if value and ("@" not in value or not value.isascii() or not value.isprintable() or " " in value):
        raise SettingsInvalid(f"{PREFIX}CONTACT = {value!r}: must be empty or an e-mail address")
    return value


def _networks(name: str, value: str) -> tuple[Network, ...]:
    """The networks named, separated by commas."""
    try:
        return tuple(ip_network(one.strip()) for one in value.split(",") if one.strip())
    except ValueError as exc:
        raise SettingsInvalid(
            f"{PREFIX}{name} = {value!r}: must be addresses or networks, separated by commas: {exc}"
        ) from exc


def _proxies(value: str) -> str:
    if value != "*":
        _networks("TRUSTED_PROXIES", value)
    return value


def _number(name: str, value: str, low: float, high: float, *, whole: bool = False) -> float:
    kind = "a whole number" if whole else "a number"
    wrong = SettingsInvalid(f"{PREFIX}{name} = {value!r}: must be {kind} from {low:g} to {high:g}")
    try:
        number = float(int(value) if whole else value)
    except ValueError as exc:
        raise wrong from exc
    if not low <= number <= high:  # also refuses NaN
        raise wrong
    return number
