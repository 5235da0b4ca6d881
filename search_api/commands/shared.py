"""What several commands need: the store opened and closed, members chosen by code, failures said in one line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, NoReturn, TypeVar

import typer
from rich.console import Console

from harvester.store import Store
from indexer.engine import SearchEngine
from mappings.library import Library
from search_api.indexing import indexing
from search_api.settings import Settings

T = TypeVar("T")

console = Console(emoji=False)  # identifiers such as oai:book:1 are no emoji
errors = Console(stderr=True, emoji=False)

LibraryCode = Annotated[str, typer.Argument(help="The library's code.")]
LibraryCodes = Annotated[list[str] | None, typer.Argument(metavar="[LIBRARY]...", help="Codes; all members when none.")]


def chosen(libraries: dict[str, Library], codes: list[str]) -> list[Library]:
    """The libraries of these codes; all of them for none.

    Raises: typer.BadParameter for a code that no library has.
    """
    unknown = [code for code in codes if code not in libraries]
    if unknown:
        raise typer.BadParameter(f"no library {unknown[0]!r}; there are {', '.join(libraries)}")
    return [libraries[code] for code in codes] if codes else list(libraries.values())


@contextmanager
def opened_store(settings: Settings) -> Iterator[Store]:
    """The store of a deployment, its folder made when absent."""
    settings.home.mkdir(parents=True, exist_ok=True)
    store = Store.open(settings.database_url)
    try:
        yield store
    finally:
        store.close()


def with_engine(settings: Settings, run: Callable[[Store, SearchEngine], Awaitable[T]]) -> T:
    """What ``run`` gives, which alone may write the engine meanwhile."""

    async def opened(store: Store) -> T:
        async with indexing(settings, store) as engine:
            return await run(store, engine)

    with opened_store(settings) as store:
        return asyncio.run(opened(store))


def fail(why: str, code: int = 2) -> NoReturn:
    """Ends the command with one line."""
    errors.print(f"allshelves: {why}", style="red", markup=False, soft_wrap=True)
    raise typer.Exit(code)
