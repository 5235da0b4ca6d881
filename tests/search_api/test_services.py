"""Services are opened once, from the settings alone, and closed without leaving anything behind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.engine import EngineUnavailable, SearchRequest
from mappings.library import LibraryInvalid
from search_api.services import open_services
from search_api.settings import Settings
from tests.support.catalogue import write_libraries


async def test_an_empty_state_folder_is_made_and_says_that_nothing_is_indexed_yet(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "state"
    services = await open_services(Settings(home=home, libraries=write_libraries(tmp_path / "libraries")))
    assert home.is_dir()
    assert list(services.libraries) == ["alpha", "beta", "delta", "gamma"]
    assert services.catalogue.counts().editions == 0
    with pytest.raises(EngineUnavailable, match="allshelves index"):
        await services.engine.search(SearchRequest())
    await services.close()


async def test_a_mistaken_library_stops_the_start(filled: Settings, tmp_path: Path) -> None:
    with pytest.raises(LibraryInvalid, match="holds no library"):
        await open_services(replace(filled, libraries=tmp_path))
