"""Theme collections: searches with a name, on which libraries spend their money together. One TOML file.

Unknown keys and wrong values stop the start-up with file, key, value and what is allowed. Whether a search can be made
is checked by whoever makes it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from mappings.problems import problem
from mappings.site import Text

THEMES_FILE = Path(__file__).parent / "themes.toml"


class ThemesInvalid(ValueError):
    """The file of themes cannot be used; the message names file, key and what is allowed. Start-up stops."""


def _values(value: object) -> object:
    return (str(value),) if isinstance(value, str | int) and not isinstance(value, bool) else value


Values = Annotated[tuple[str, ...], BeforeValidator(_values), Field(min_length=1)]


class Theme(BaseModel):
    """A theme collection."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
    name: Text
    about: Text | None = None
    search: Annotated[Mapping[str, Values], Field(min_length=1)]  # parameter of a search → its values
    focus: tuple[str, ...] = ()  # codes of the libraries that build it

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of its search, as they stand in an address."""
        return [(name, value) for name, values in self.search.items() for value in values]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    themes: tuple[Theme, ...] = ()


_KEYS: Mapping[str, frozenset[str]] = {
    "": frozenset(_File.model_fields),
    "themes": frozenset(Theme.model_fields),
}


def load_themes(libraries: Collection[str], file: Path = THEMES_FILE) -> tuple[Theme, ...]:
    """The themes, in the order of the file. Of the file that comes with Allshelves, whose libraries are those of the
    demo, the focus libraries that are no members are left out.

    Raises: ThemesInvalid, naming file, key, value and what is allowed.
    """
    try:
        themes = _File.model_validate(tomllib.loads(file.read_text(encoding="utf-8"))).themes
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ThemesInvalid(f"{file}: not readable as TOML: {exc}") from exc
    except ValidationError as exc:
        raise ThemesInvalid(f"{file}: {'; '.join(problem(error, _KEYS) for error in exc.errors())}") from exc
    codes: set[str] = set()
    for number, theme in enumerate(themes):
        if theme.code in codes:
            raise ThemesInvalid(f"{file}: themes.{number}.code = {theme.code!r}: another theme has it")
        codes.add(theme.code)
    if file == THEMES_FILE:
        return tuple(
            theme.model_copy(update={"focus": tuple(code for code in theme.focus if code in libraries)})
            for theme in themes
        )
    for number, theme in enumerate(themes):
        for code in theme.focus:
            if code not in libraries:
                allowed = ", ".join(sorted(libraries))
                raise ThemesInvalid(f"{file}: themes.{number}.focus = {code!r}: no such library; there are {allowed}")
    return themes
