"""What answering requests needs, opened once and handed on: no module keeps a connection of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harvester.store import Store
from indexer.catalogue import Catalogue
from indexer.engine import SearchEngine
from indexer.engine.open import open_engine
from indexer.engine.remembering import RememberingEngine
from mappings.agreements import LENDING_FILE, Agreements, load_agreements
from mappings.library import Library, load_libraries
from mappings.site import Site, load_site
from search_api.availability.check import AvailabilityChecker
from search_api.availability.history import History
from search_api.availability.http import ImpatientHttp
from search_api.availability.keeping import Keeping
from search_api.counts.counting import Counting
from search_api.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a request is answered with."""

    settings: Settings
    site: Site
    libraries: Mapping[str, Library]  # by code, in the order of their codes
    agreements: Agreements  # who lends to whom
    store: Store
    catalogue: Catalogue
    engine: SearchEngine
    checker: AvailabilityChecker
    http: ImpatientHttp  # the checker's, never the harvester's
    keeping: Keeping
    counting: Counting

    async def close(self) -> None:
        """Ends what is under way, writes down what was counted and closes every connection."""
        await self.checker.close()
        await self.keeping.write()
        await self.counting.write()
        await self.http.close()
        await self.engine.close()
        self.store.close()


async def open_services(settings: Settings) -> Services:
    """Opens everything, inside the event loop that will serve.

    Raises: SiteInvalid, LibraryInvalid, LendingInvalid, StoreUnusable, EngineUnavailable or EngineIncompatible;
    start-up stops.
    """
    site = load_site(settings.site)
    libraries = load_libraries(settings.libraries)
    agreements = load_agreements(libraries, settings.libraries.parent / LENDING_FILE)
    settings.home.mkdir(parents=True, exist_ok=True)
    store = Store.open(settings.database_url)
    catalogue = Catalogue(store.engine)
    engine = RememberingEngine(open_engine(settings.engine, settings.index_folder, settings.layout))
    http = ImpatientHttp()
    checker = AvailabilityChecker(
        libraries,
        http,
        deadline_seconds=settings.deadline_seconds,
        cache_seconds=settings.cache_seconds,
        keep_seconds=settings.keep_seconds,
    )
    keeping, counting = Keeping(checker, History(store)), Counting(store, site.zone)
    return Services(settings, site, libraries, agreements, store, catalogue, engine, checker, http, keeping, counting)
