"""`allshelves monitor`: every library's system asked about one known record, and kept for the members page."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, NoReturn

import typer

from harvester.store import Store
from indexer.catalogue import Catalogue
from mappings.library import Library, load_libraries
from search_api import asked, terminal
from search_api.availability.history import History
from search_api.availability.http import ImpatientHttp
from search_api.availability.monitor import Look, looks
from search_api.availability.status import AskedRecord
from search_api.commands.shared import LibraryCodes, chosen, console, errors, opened_store
from search_api.settings import Settings


def monitor(
    codes: LibraryCodes = None,
    every: Annotated[
        float, typer.Option(min=0, help="Seconds until the next look, for ever; 0: look once and end.")
    ] = 0,
) -> None:
    """Ask each library's system about one record and keep what came of it. Exit code 1 when one did not answer.

    The record is `availability.monitor` of the library's file, else one of the catalogue.
    """
    settings = Settings.from_environment()
    members = [one for one in chosen(load_libraries(settings.libraries), codes or []) if _has_service(one)]
    with opened_store(settings) as store:
        history = History(store)
        if every:
            asyncio.run(_for_ever(store, history, members, every))
        found = asyncio.run(_look(store, history, members))
    _print(found)
    if any(look.failure for look in found):
        raise typer.Exit(1)


def _has_service(library: Library) -> bool:
    return library.availability.protocol != "none"


async def _for_ever(store: Store, history: History, members: Sequence[Library], every: float) -> NoReturn:
    while True:
        await _look(store, history, members)
        await asyncio.sleep(every)


async def _look(store: Store, history: History, members: Sequence[Library]) -> tuple[Look, ...]:
    """Looks at all members once and writes down what came."""
    catalogue = Catalogue(store.engine)
    records: dict[str, AskedRecord] = {}
    for member in members:
        local_id = member.availability.monitor
        record = (
            asked.named(store, catalogue, member.code, local_id)
            if local_id
            else asked.any_of(store, catalogue, member.code)
        )
        if record is None:
            terminal.say(errors, f"{member.code}: not asked: no record of it can be asked about (availability.monitor)")
        else:
            records[member.code] = record
    http = ImpatientHttp()
    try:
        found = await looks({one.code: one for one in members}, records, http, now=store.now)
    finally:
        await http.close()
    history.add({look.library: look.counted() for look in found}, "monitor")
    return found


def _print(found: Sequence[Look]) -> None:
    table = terminal.table("library", "record", "answered", numbers=("seconds",))
    table.add_column("why not", overflow="fold")
    for look in found:
        answered = "no" if look.failure else "yes"
        cells = (look.library, look.record, answered, f"{look.seconds:.3f}", look.failure)
        table.add_row(*map(terminal.visible, cells))
    terminal.show(console, table)
