"""`allshelves status`: how every member's harvests stand, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import typer
from rich.text import Text

from harvester.standing import Freshness, Standing, in_trouble, standings
from mappings.library import Library, load_libraries
from search_api import schemas, terminal
from search_api.availability.history import History, Past
from search_api.commands.shared import LibraryCodes, chosen, console, opened_store
from search_api.past_view import past_in_words
from search_api.settings import Settings
from search_api.standing_view import standing_body, standing_view
from search_api.texts import Texts, texts

COLOURS: Mapping[Freshness, str] = {
    "never": "",
    "unproven": "yellow",
    "fresh": "green",
    "late": "yellow",
    "alarm": "red",
}
TROUBLE_FIRST: Mapping[Freshness, int] = {"alarm": 0, "late": 1, "unproven": 2, "never": 3, "fresh": 4}


def status(
    codes: LibraryCodes = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: as GET /api/libraries says it.")] = False,
) -> None:
    """Every member: last proven harvest, what came, what is in doubt or waits. Exit code 1 when one is in trouble."""
    settings = Settings.from_environment()
    libraries = {one.code: one for one in chosen(load_libraries(settings.libraries), codes or [])}
    with opened_store(settings) as store:
        found, now = standings(store, libraries), store.now()
        pasts = History(store).of(libraries)
    if as_json:
        bodies = tuple(standing_body(libraries[code], one, pasts[code], now) for code, one in found.items())
        typer.echo(schemas.StandingsBody(libraries=bodies).model_dump_json(indent=2))
    else:
        _print(libraries, found, pasts, texts(settings.language), now)
    if in_trouble(found.values()):
        raise typer.Exit(1)


def _print(
    libraries: Mapping[str, Library],
    found: Mapping[str, Standing],
    pasts: Mapping[str, Past],
    t: Texts,
    now: datetime,
) -> None:
    table = terminal.table("library", t("status.state"), numbers=(t("status.records"),))
    table.add_column(t("status.how"), overflow="fold")  # the last: the others are read beside each other in a pipe too
    entries: list[terminal.Entry] = []
    for code, one in sorted(found.items(), key=lambda pair: TROUBLE_FIRST[pair[1].freshness]):
        name, records = libraries[code].label(t.language), t.number(one.state.records)
        state = Text(t(f"status.{one.freshness}"), COLOURS[one.freshness])
        view = standing_view(one, t, now, libraries[code].schedule.zone).whole
        how = terminal.visible(" ".join((view, *past_in_words(pasts[code], libraries[code].availability, t))))
        table.add_row(f"{code}\n{name}", state, records, how)
        heading = Text("  ").join((Text(code, "bold"), Text(name), state, Text(f"{t('status.records')} {records}")))
        entries.append(terminal.Entry(heading, how))
    terminal.show_entries(console, entries, table)
