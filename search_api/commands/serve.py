"""Commands over the catalogue as a whole: index, rebuild, serve."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

import typer
import uvicorn
from rich.box import SIMPLE_HEAD
from rich.table import Table

from harvester.access import upload_token_missing
from harvester.store import Store
from indexer import index_check
from indexer.catalogue import Catalogue
from indexer.engine import SearchEngine
from indexer.run import IndexOutcome, index_changes
from indexer.run import rebuild as rebuild_index
from indexer.strangers import not_configured
from mappings.library import load_libraries
from search_api import terminal
from search_api.app import create_app
from search_api.commands.shared import console, errors, with_engine
from search_api.progress import index_progress
from search_api.services import open_services
from search_api.settings import Settings
from search_api.staff.entering import Shown


def index() -> None:
    """Read what changed, bring editions up to date and give them to the search engine."""
    settings = Settings.from_environment()
    libraries = load_libraries(settings.libraries)

    async def run(store: Store, engine: SearchEngine) -> tuple[IndexOutcome, Mapping[str, int]]:
        with index_progress(console) as progress:
            outcome = await index_changes(store, Catalogue(store.engine), engine, libraries, progress=progress)
        return outcome, not_configured(store, libraries)

    _print_index_outcome(*with_engine(settings, run))


def rebuild(
    reread: Annotated[bool, typer.Option(help="Read every raw record again first, with the rules of today.")] = False,
    back: Annotated[bool, typer.Option("--back", help="Go back to the index that the last rebuild replaced.")] = False,
) -> None:
    """Fill a new index from the catalogue and switch to it in one step; searches go on meanwhile."""
    if back and reread:
        raise typer.BadParameter("--back reads nothing again")
    settings = Settings.from_environment()
    if back:
        _go_back(settings)
        return
    libraries = load_libraries(settings.libraries)

    async def run(store: Store, engine: SearchEngine) -> tuple[IndexOutcome, Mapping[str, int]]:
        with index_progress(console) as progress:
            catalogue = Catalogue(store.engine)
            outcome = await rebuild_index(store, catalogue, engine, libraries, reread=reread, progress=progress)
        return outcome, not_configured(store, libraries)

    _print_index_outcome(*with_engine(settings, run))


def _go_back(settings: Settings) -> None:
    async def run(store: Store, engine: SearchEngine) -> tuple[int, int]:
        waiting = await index_check.back(Catalogue(store.engine), engine)
        return waiting, await engine.count()

    waiting, held = with_engine(settings, run)
    terminal.say(console, f"The index before the last rebuild is in use again, with {held:,} editions.")
    if waiting:
        terminal.say(console, f"{waiting:,} that changed since wait: run allshelves index")


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Serve the pages and the API."""
    settings = Settings.from_environment()
    serve_catalogue(replace(settings, host=host or settings.host, port=settings.port if port is None else port))


def serve_catalogue(settings: Settings, shown: tuple[Shown, ...] = ()) -> None:
    """Serves until it is told to end. ``shown``: accounts that the log-in of a demo shows to everybody."""

    async def run() -> None:
        services = await open_services(settings)
        if wrong := await index_check.trouble(services.catalogue, services.engine):
            errors.print(f"allshelves: searches are down or lack editions: {wrong}", markup=False, soft_wrap=True)
        for library in services.libraries.values():
            if missing := upload_token_missing(library):
                errors.print(f"allshelves: {library.code}: {missing}", markup=False, soft_wrap=True)
        config = uvicorn.Config(
            create_app(services, shown=shown),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            timeout_graceful_shutdown=2,
            proxy_headers=True,
            forwarded_allow_ips=settings.trusted_proxies,
        )
        await uvicorn.Server(config).serve()

    asyncio.run(run())


def _print_index_outcome(outcome: IndexOutcome, strangers: Mapping[str, int]) -> None:
    table = Table("records", "", "editions", " ", box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in (1, 3):
        table.columns[column].justify = "right"
    rows = (
        ("changed", outcome.seen, "given to the engine", outcome.editions_written),
        ("read", outcome.read, "taken from it", outcome.editions_removed),
        ("said the same", outcome.unchanged, "merged into another", outcome.editions_merged),
        ("deleted", outcome.deleted, "split off", outcome.editions_split),
        ("authorities", outcome.authorities, "", None),
        ("unreadable", outcome.unreadable, "", None),
    )
    for what, count, of_editions, number in rows:
        table.add_row(what, f"{count:,}", of_editions, "" if number is None else f"{number:,}")
    terminal.show(console, table)
    console.print(f"{outcome.seconds:.1f} seconds")
    for library, records in strangers.items():
        terminal.say(console, f"{library} is not configured: {records:,} changes wait, its records stay as they are")
    if outcome.unreadable > sum(strangers.values()):
        console.print("allshelves quarantine LIBRARY says which records could not be read, and why")
