"""How theme collections are spread over the members: for each theme what each member holds of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from indexer.engine import SearchEngine
from mappings.site import Site
from mappings.themes import THEMES_FILE, Theme, ThemesInvalid, load_themes
from search_api.collections.compared import Counts
from search_api.collections.scope import NARROWING, Scope
from search_api.errors import InvalidRequest

MANY_LIBRARIES = 3_000


@dataclass(frozen=True, slots=True)
class ThemeScope:
    """A theme collection and what finds it."""

    theme: Theme
    scope: Scope


@dataclass(frozen=True, slots=True)
class Spread:
    """What the members hold of a theme."""

    theme: Theme
    scope: Scope
    editions: int
    held: Counts  # every member → editions of the theme
    unique: Counts  # every member → those that no other library holds


def theme_scopes(site: Site, libraries: Collection[str]) -> tuple[ThemeScope, ...]:
    """The consortium's themes, in the order of their file.

    Raises: ThemesInvalid, also for a search that cannot be made; start-up stops.
    """
    file = site.beside(site.themes) if site.themes else THEMES_FILE
    found = []
    for number, theme in enumerate(load_themes(libraries, file)):
        where = f"{file}: themes.{number}.search"
        unknown = sorted(theme.search.keys() - NARROWING)
        if unknown:
            raise ThemesInvalid(f"{where}.{unknown[0]}: no such parameter; there are {', '.join(sorted(NARROWING))}")
        try:
            found.append(ThemeScope(theme, Scope.read(theme.pairs)))
        except InvalidRequest as exc:
            raise ThemesInvalid(f"{where}.{exc.field}: {exc.message}") from exc
    return tuple(found)


async def spreads(engine: SearchEngine, themes: Sequence[ThemeScope], members: Sequence[str]) -> tuple[Spread, ...]:
    """How each theme is spread; two questions a theme.

    Raises: EngineUnavailable, EngineIncompatible.
    """
    return tuple([await _spread(engine, one, members) for one in themes])


async def sizes(engine: SearchEngine, members: Sequence[str]) -> Mapping[str, int]:
    """How much each member holds in all.

    Raises: EngineUnavailable, EngineIncompatible.
    """
    return (await _counted(engine, Scope.read(), members, held_to=None))[1]


async def _spread(engine: SearchEngine, one: ThemeScope, members: Sequence[str]) -> Spread:
    total, held = await _counted(engine, one.scope, members, held_to=None)
    _, unique = await _counted(engine, one.scope, members, held_to=1)
    return Spread(one.theme, one.scope, total, held, unique)


async def _counted(
    engine: SearchEngine, scope: Scope, members: Sequence[str], held_to: int | None
) -> tuple[int, dict[str, int]]:
    page = await engine.search(scope.request(facets=("library",), facet_size=MANY_LIBRARIES, held_to=held_to))
    counts = {value.value: value.count for value in page.facets.get("library", ())}
    return page.total, {code: counts.get(code, 0) for code in members}
