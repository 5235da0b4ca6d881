"""What the room of collections keeps while the program runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request

from mappings.library import Library
from search_api.collections.comparing import Comparisons
from search_api.collections.held import HeldEditions
from search_api.collections.saved import SavedSearches
from search_api.collections.themes import ThemeScope, theme_scopes
from search_api.services import Services


@dataclass(frozen=True, slots=True)
class Collections:
    """Comparisons made and under way, editions listed by who holds them, themes, and searches saved."""

    comparisons: Comparisons
    held: HeldEditions
    themes: tuple[ThemeScope, ...]
    saved: SavedSearches
    libraries: Mapping[str, Library]

    @classmethod
    def open(cls, services: Services) -> Collections:
        """Raises: ThemesInvalid, StoreUnusable."""
        return cls(
            Comparisons(services.store, services.engine, services.libraries),
            HeldEditions(services.store, services.engine, services.libraries),
            theme_scopes(services.site, services.libraries),
            SavedSearches(services.store),
            services.libraries,
        )


def collections_of(request: Request) -> Collections:
    """Those of the application that a request came to."""
    found: Collections = request.app.state.collections
    return found
