"""Commands that bring records in: harvest, work, and what only a person may decide."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from harvester.http import PatientSession
from harvester.run import ProgressCallback
from harvester.run import harvest as harvest_libraries
from harvester.store import RunOutcome
from harvester.turns import HOSTS, Turns
from indexer.catalogue import Catalogue
from mappings.library import Library, LibraryInvalid, load_libraries
from search_api import terminal
from search_api.commands import decisions
from search_api.commands.shared import LibraryCode, LibraryCodes, chosen, console, opened_store
from search_api.progress import harvest_progress
from search_api.settings import Settings
from search_api.staff import by_command
from search_api.staff.audit import Action
from search_api.worker import Level, Worker

Yes = Annotated[bool, typer.Option("--yes", help="Without asking.")]


def harvest(
    codes: LibraryCodes = None,
    full: Annotated[bool, typer.Option(help="Ask for everything again, not only for what changed.")] = False,
) -> None:
    """Harvest members side by side: full the first time, incremental after. Exit code 1 when one failed."""
    settings = Settings.from_environment()
    libraries = chosen(load_libraries(settings.libraries), codes or [])
    with opened_store(settings) as store, harvest_progress(console) as progress:
        outcomes = asyncio.run(
            harvest_libraries(
                libraries,
                store,
                full=full,
                progress=progress,
                contact=settings.contact,
                turns=Turns(settings.home / HOSTS),
            )
        )
    terminal.show(console, outcomes_table(outcomes))
    for outcome in outcomes:
        if outcome.vanished:
            terminal.say(console, f"{outcome.library}: {outcome.vanished:,} records left that its list no longer has")
        if outcome.copies:
            terminal.say(
                console, f"{outcome.library}: copies of {outcome.copies:,} records came in tables of their own"
            )
        if outcome.held:
            terminal.say(
                console, f"{outcome.library}: {outcome.held:,} deletions wait: allshelves accept {outcome.library}"
            )
        if outcome.error:
            terminal.say(console, f"{outcome.library}: {outcome.error}")
    at_last = {outcome.library: outcome for outcome in outcomes}  # a doubtful list may be followed by a proven one
    if any(outcome.status != "complete" for outcome in at_last.values()):
        raise typer.Exit(1)


def work() -> None:
    """Harvest every member on its own schedule and index what comes, until stopped (SIGTERM or Ctrl-C)."""
    settings = Settings.from_environment()

    async def run(progress: ProgressCallback | None) -> None:
        async with PatientSession(contact=settings.contact, turns=Turns(settings.home / HOSTS)) as http:
            worker = Worker(settings, LibraryFiles(settings.libraries), store, http, _log, progress)
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, worker.stop)
            await worker.run()

    with opened_store(settings) as store, _progress_on_a_terminal() as progress:
        asyncio.run(run(progress))


def accept(
    library: LibraryCode,
    yes: Yes = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="Let everything stay instead.")] = False,
) -> None:
    """What would leave a library and waits for you: shows it, and lets it go. Exit code 1 when you say no."""
    settings = Settings.from_environment()
    [member] = chosen(load_libraries(settings.libraries), [library])
    with opened_store(settings) as store:
        found = decisions.waiting(console, store, Catalogue(store.engine), member)
        if found and refuse:
            decisions.let_stay(console, store, found)
            by_command.note(store, Action.ACCEPTED, f"{member.code}: refused, everything stays")
        elif found:
            if not yes and not typer.confirm("Let them go?"):
                raise typer.Exit(1)
            decisions.carry_out(console, store, found)
            by_command.note(store, Action.ACCEPTED, f"{member.code}: {sum(one.records for one in found)} records")


def skip(
    library: LibraryCode,
    file: Annotated[str, typer.Argument(help="The refused file, as `allshelves status` calls it.")],
    yes: Yes = False,
) -> None:
    """Let harvests pass over a file that cannot be read, so that those after it are. Exit code 1 when you say no."""
    settings = Settings.from_environment()
    [member] = chosen(load_libraries(settings.libraries), [library])
    with opened_store(settings) as store:
        if not decisions.refused_file(console, store, member.code, file):
            raise typer.Exit(1)
        if not yes and not typer.confirm("Pass it over? Changes that only it states are never seen."):
            raise typer.Exit(1)
        decisions.pass_over(console, store, member.code, file)
        by_command.note(store, Action.SKIPPED, f"{member.code}: {file}")


def undo(library: LibraryCode, yes: Yes = False) -> None:
    """Bring back the records of a library that left last, within ninety days. Exit code 1 when you say no."""
    settings = Settings.from_environment()
    [member] = chosen(load_libraries(settings.libraries), [library])
    with opened_store(settings) as store:
        removal = decisions.last_removal(console, store, member)
        if removal is not None:
            if not yes and not typer.confirm("Bring them back?"):
                raise typer.Exit(1)
            decisions.bring_back(console, store, removal)
            by_command.note(store, Action.UNDONE, member.code)


class LibraryFiles:
    """The members' files, read again when one of them has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: frozenset[tuple[str, int, int]] | None = None
        self._libraries: Mapping[str, Library] = {}

    def __call__(self) -> Mapping[str, Library]:
        """The members. Raises: LibraryInvalid, once for each change that is mistaken."""
        try:
            found = [(file.name, file.stat()) for file in self._folder.glob("*.toml")]
            seen = frozenset((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)
            if seen != self._seen:
                self._seen = seen
                self._libraries = load_libraries(self._folder)
        except OSError as exc:  # a file that is being replaced: looked at again the next time
            self._seen = None
            raise LibraryInvalid(f"{exc.filename}: {exc.strerror}") from exc
        return self._libraries


@contextmanager
def _progress_on_a_terminal() -> Iterator[ProgressCallback | None]:
    if not console.is_terminal:
        yield None
        return
    with harvest_progress(console) as progress:
        yield progress


def _log(what: str, level: Level = "info", **facts: object) -> None:
    """One line: when, how much it matters, what, and the facts as name=value."""
    pairs = [f"at={datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", f"level={level}", f"event={what}"]
    pairs += [f"{name}={_value(value)}" for name, value in facts.items()]
    terminal.say(console, terminal.visible(" ".join(pairs)))


def _value(value: object) -> str:
    text = str(value)
    plain = text and not any(character in text for character in ' "=\\\n\r\t')
    return text if plain else json.dumps(text, ensure_ascii=False)


def outcomes_table(outcomes: list[RunOutcome]) -> Table:
    """What each member gave. Seen = new + changed + same + deleted + unread + waiting, of which most have none."""
    waits = any(one.waiting for one in outcomes)
    numbers = ("seen", "new", "changed", "same", "deleted", "unread", *(("waiting",) if waits else ()), "seconds")
    table = terminal.table("library", "run", "status", numbers=numbers)
    kinds = {"full": "full", "incremental": "changes", "sweep": "sweep"}
    colours = {"complete": "green", "unverified": "yellow", "failed": "red"}
    for one in outcomes:
        counts = (
            one.seen,
            one.new,
            one.changed,
            one.unchanged,
            one.deleted,
            one.unreadable,
            *((one.waiting,) if waits else ()),
        )
        table.add_row(
            one.library,
            kinds[one.kind],
            Text(one.status, colours[one.status]),
            *(f"{count:,}" for count in counts),
            f"{one.seconds:.1f}",
        )
    return table
