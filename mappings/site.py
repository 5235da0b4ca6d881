"""The consortium as its patrons meet it: name, logo, colours, words of welcome, links, examples. One TOML file.

Unknown keys and wrong values stop the start-up with file, key, value and what is allowed. A text is given per interface
language, in 繁體中文 and English at least; another language without its own shows the English.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from mappings.problems import problem
from mappings.schedule import TimeZone
from mappings.table import INTERFACE_LANGUAGES, LANGUAGES

SITE_FILE = Path(__file__).parent / "site.toml"

PICTURES: Mapping[str, str] = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".ico": "image/x-icon",
}
"""What a logo may be, by the end of its name."""

MOST_BYTES = 200_000
_ISBN = "{isbn}"
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?")
"""What stands in the Content-Security-Policy as it is: a semicolon or a star would change what pages may load."""
_REQUEST = re.compile(r"$|https?://[^/]+/|/[^/]")
REQUEST_NAMES = ("title", "creator", "isbn", "year", "url")
"""What of an edition an address for asking for a loan may name in braces."""


class SiteInvalid(ValueError):
    """The file of the consortium cannot be used; the message names file, key and what is allowed. Start-up stops."""


def _in_known_languages(text: Mapping[str, str]) -> Mapping[str, str]:
    if unknown := sorted(text.keys() - set(INTERFACE_LANGUAGES)):
        raise ValueError(f"{unknown[0]}: must be one of {', '.join(INTERFACE_LANGUAGES)}")
    if lacking := [language for language in LANGUAGES if not text.get(language, "").strip()]:
        raise ValueError(f"give a text for {lacking[0]}")
    return text


def _web_address(value: str) -> str:
    """An address that a browser may be sent to: one of ``javascript:`` would run as ours."""
    parts = urlsplit(value)
    if not (value.startswith("/") and not value.startswith("//")) and not (
        parts.scheme in {"https", "http", "mailto"} and (parts.hostname or parts.scheme == "mailto")
    ):
        raise ValueError("must be an address with https://, http:// or mailto:, or a path of this catalogue")
    return value


def _cover_address(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme != "https" or not parts.hostname or _ISBN in parts.netloc or value.count(_ISBN) != 1):
        raise ValueError(f"must be empty, or an https address with {_ISBN} once in its path or query")
    if value and not _HOST.fullmatch(parts.netloc):
        raise ValueError("must have a host of letters, digits, dots and hyphens only")
    return value


def _request_address(value: str) -> str:
    """Where a loan is asked for: what stands in braces must be something that an edition has."""
    if not _REQUEST.match(value):
        raise ValueError("must be empty, an address with https:// or http://, or a path of this catalogue")
    left = value
    for name in REQUEST_NAMES:
        left = left.replace(f"{{{name}}}", "")
    if re.search(r"[{}\s]", left):
        raise ValueError(f"must have no space, and in braces one of {', '.join(REQUEST_NAMES)} only")
    return value


Text = Annotated[Mapping[str, str], AfterValidator(_in_known_languages)]
"""A text by interface language."""

Colour = Annotated[str, Field(pattern=r"^(#[0-9a-fA-F]{6})?$")]
"""As in style sheets, #0a5262; "" leaves ours."""
WebAddress = Annotated[str, AfterValidator(_web_address)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Colours(_Table):
    """The consortium's two colours in one theme; "" leaves ours. Their contrast is checked when the pages start."""

    seal: Colour = ""  # the mark, and what is current
    link: Colour = ""


class Themes(_Table):
    """Colours by theme: those of the light one need not fit the dark one."""

    light: Colours = Colours()
    dark: Colours = Colours()


class Link(_Table):
    """A link at the foot of every page."""

    label: Text
    url: WebAddress


class Example(_Table):
    """A search that the front page offers."""

    text: Annotated[str, Field(min_length=1, max_length=80)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]  # of the text, as in ``lang``


class Covers(_Table):
    """A service that has pictures of covers. The browser of whoever reads asks it: it learns what is looked at."""

    url: Annotated[str, AfterValidator(_cover_address)] = ""  # {isbn}: thirteen digits; "" and nobody is asked

    @property
    def origin(self) -> str:
        """Whom pages must be allowed to load pictures from; "" for nobody."""
        parts = urlsplit(self.url)
        return f"https://{parts.netloc}" if self.url else ""

    def of(self, isbn: str) -> str:
        """Where the cover of a book is, "" when there is no service or no ISBN."""
        return self.url.replace(_ISBN, isbn) if self.url and isbn else ""


class Site(_Table):
    """One consortium's face."""

    name: Text
    intro: Text | None = None  # beneath the heading of the front page; our own words otherwise
    about: Text | None = None  # at the foot of every page
    time_zone: TimeZone = "Asia/Taipei"  # of every time that pages show
    logo: str = ""  # a file beside this one; "" is the mark of Allshelves
    icon: str = ""  # the same for the browser's tab
    themes: str = ""  # the file of theme collections beside this one; "" is the one that comes with Allshelves
    colours: Themes = Themes()
    links: tuple[Link, ...] = ()
    examples: tuple[Example, ...] = ()
    covers: Covers = Covers()
    request_url: Annotated[str, AfterValidator(_request_address)] = ""  # where readers ask for a loan; as of `Library`
    file: Path = Field(default=SITE_FILE, exclude=True, repr=False)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def beside(self, name: str) -> Path:
        """A file that this one names."""
        return self.file.parent / name


_KEYS: Mapping[str, frozenset[str]] = {
    "": frozenset(Site.model_fields) - {"file"},
    "colours": frozenset(Themes.model_fields),
    "colours.*": frozenset(Colours.model_fields),
    "links": frozenset(Link.model_fields),
    "examples": frozenset(Example.model_fields),
    "covers": frozenset(Covers.model_fields),
}


def load_site(file: Path = SITE_FILE) -> Site:
    """The consortium's file, whole and checked, the files it names included.

    Raises: SiteInvalid, naming file, key, value and what is allowed.
    """
    try:
        site = Site.model_validate({**tomllib.loads(file.read_text(encoding="utf-8")), "file": file})
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise SiteInvalid(f"{file}: not readable as TOML: {exc}") from exc
    except ValidationError as exc:
        raise SiteInvalid(f"{file}: {'; '.join(problem(error, _KEYS) for error in exc.errors())}") from exc
    for key, name in (("logo", site.logo), ("icon", site.icon)):
        if name:
            _check_picture(site, key, name)
    if site.themes and not site.beside(site.themes).is_file():
        raise SiteInvalid(f"{file}: themes = {site.themes!r}: there is no such file beside it")
    return site


def _check_picture(site: Site, key: str, name: str) -> None:
    where = f"{site.file}: {key} = {name!r}"
    if re.search(r"[/\\]", name) or Path(name).suffix.lower() not in PICTURES:
        raise SiteInvalid(f"{where}: must be the name of a file beside this one that ends in {', '.join(PICTURES)}")
    path = site.beside(name)
    if not path.is_file():
        raise SiteInvalid(f"{where}: there is no such file beside it")
    if path.stat().st_size > MOST_BYTES:
        raise SiteInvalid(f"{where}: is larger than {MOST_BYTES} bytes: every page would wait for it")
