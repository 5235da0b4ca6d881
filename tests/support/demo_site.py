"""The demo consortium, harvested, indexed and served as its users meet it: for tests in a browser, and for pictures."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from fixtures.servers import Consortium, running_consortium
from harvester.run import harvest
from harvester.runs import RunOutcome
from harvester.store import Store
from indexer.catalogue import Catalogue
from indexer.engine.open import open_engine
from indexer.run import index_changes
from mappings.library import load_libraries
from search_api.settings import Settings
from tests.support.background import in_background, served

T = TypeVar("T")


@dataclass(frozen=True)
class Site:
    """The catalogue as its users meet it, and the truth behind it."""

    url: str
    settings: Settings
    consortium: Consortium
    outcomes: dict[str, RunOutcome]

    def an_edition(self) -> str:
        """The id of an edition that many libraries hold on paper, in many copies."""
        query = urlencode({"q": "紅樓夢", "format": "book", "sort": "libraries", "size": 1})
        with urllib.request.urlopen(f"{self.url}/api/search?{query}") as answer:
            return str(json.load(answer)["hits"][0]["id"])


@contextmanager
def demo_site(folder: Path) -> Iterator[Site]:
    """The served demo; its state is in the folder."""
    with in_background(running_consortium) as consortium:
        settings = Settings(
            home=folder,
            libraries=consortium.write_libraries(folder / "libraries"),
            site=consortium.write_site(folder / "site.toml"),
        )
        outcomes = in_a_thread(_harvest_and_index(settings))
        with in_background(lambda: served(settings)) as url:
            yield Site(url, settings, consortium, outcomes)


def in_a_thread(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives, run aside: a browser that is driven synchronously has an event loop in this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


async def _harvest_and_index(settings: Settings) -> dict[str, RunOutcome]:
    libraries = load_libraries(settings.libraries)
    store = Store.open(settings.database_url)
    engine = open_engine(settings.engine, settings.index_folder)
    try:
        outcomes = await harvest(libraries.values(), store)
        await index_changes(store, Catalogue(store.engine), engine, libraries)
    finally:
        await engine.close()
        store.close()
    return {outcome.library: outcome for outcome in outcomes}
