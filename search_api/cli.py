"""The command line: harvest, index, look, explain, serve."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
import uvicorn
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harvester.errors import LeaseTaken, StoreUnusable
from harvester.run import harvest as harvest_libraries
from harvester.store import RunOutcome, Store
from indexer import own_records
from indexer.catalogue import Catalogue
from indexer.codec import CodecMismatch
from indexer.compare import Judgement
from indexer.engine import EngineIncompatible, EngineUnavailable, SearchEngine
from indexer.engine.open import open_engine
from indexer.explain import NoSuchRecord
from indexer.explain import explain as explanation
from indexer.export import NotExportable
from indexer.record import RecordRef
from indexer.run import IndexOutcome, index_changes
from indexer.run import rebuild as rebuild_index
from indexer.transmission import Malformed
from mappings.library import Library, LibraryInvalid, load_libraries
from mappings.table import TableInvalid
from search_api import cli_decisions, cli_raw, cli_reading, terminal
from search_api.app import create_app
from search_api.progress import counting, harvest_progress, index_progress
from search_api.services import open_services
from search_api.settings import Settings, SettingsInvalid

T = TypeVar("T")

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The union catalogue of a library consortium.")
console = Console()
errors = Console(stderr=True)

LibraryCodes = Annotated[list[str] | None, typer.Argument(metavar="[LIBRARY]...", help="Codes; all members when none.")]


def main() -> None:
    """Runs a command; what an operator can mend is said in one line, with exit code 2."""
    with _said_in_one_line():
        app()


@contextmanager
def _said_in_one_line() -> Iterator[None]:
    mendable = (
        *(SettingsInvalid, LibraryInvalid, TableInvalid, StoreUnusable, LeaseTaken),
        *(EngineUnavailable, EngineIncompatible, CodecMismatch),
    )
    try:
        yield
    except mendable as exc:
        errors.print(f"allshelves: {exc}", style="red", markup=False, soft_wrap=True)
        raise SystemExit(2) from exc


@app.command()
def harvest(
    codes: LibraryCodes = None,
    full: Annotated[bool, typer.Option(help="Ask for everything again, not only for what changed.")] = False,
) -> None:
    """Harvest members side by side: full the first time, incremental after. Exit code 1 when one failed."""
    settings = Settings.from_environment()
    libraries = _chosen(load_libraries(settings.libraries), codes or [])
    with _store(settings) as store, harvest_progress(console) as progress:
        outcomes = asyncio.run(
            harvest_libraries(libraries, store, full=full, progress=progress, contact=settings.contact)
        )
    _show(_outcomes_table(outcomes))
    for outcome in outcomes:
        if outcome.held:
            terminal.say(
                console, f"{outcome.library}: {outcome.held:,} deletions wait: allshelves accept {outcome.library}"
            )
        if outcome.error:
            console.print(f"{outcome.library}: {outcome.error}", markup=False, soft_wrap=True)
    if any(outcome.status != "complete" for outcome in outcomes):
        raise typer.Exit(1)


@app.command()
def index() -> None:
    """Read what changed, bring editions up to date and give them to the search engine."""
    settings = Settings.from_environment()
    libraries = load_libraries(settings.libraries)

    async def run(store: Store, engine: SearchEngine) -> IndexOutcome:
        with index_progress(console) as progress:
            return await index_changes(store, Catalogue(store.engine), engine, libraries, progress=progress)

    _print_index_outcome(_with_engine(settings, run))


@app.command()
def rebuild(
    reread: Annotated[bool, typer.Option(help="Read every raw record again first, with the rules of today.")] = False,
) -> None:
    """Fill a new index from the catalogue and switch to it in one step; searches go on meanwhile."""
    settings = Settings.from_environment()
    libraries = load_libraries(settings.libraries)

    async def run(store: Store, engine: SearchEngine) -> IndexOutcome:
        with index_progress(console) as progress:
            return await rebuild_index(
                store, Catalogue(store.engine), engine, libraries, reread=reread, progress=progress
            )

    _print_index_outcome(_with_engine(settings, run))


@app.command("libraries")
def libraries_command() -> None:
    """Every member: where it is, its last harvest, its records, its quarantine."""
    settings = Settings.from_environment()
    members = load_libraries(settings.libraries)
    table = terminal.table("library", "harvest\nlive status", "last harvest", numbers=("records", "quarantine"))
    with _store(settings) as store:
        states = store.library_states(members)
    for code, library in members.items():
        run = states[code].last_run
        table.add_row(
            f"{code} ({library.region})\n{library.label('zh-Hant')}",
            f"{library.harvest.protocol}\n{library.availability.protocol}",
            f"{run.started_at.astimezone():%Y-%m-%d %H:%M}\n{run.status}" if run else "never",
            f"{states[code].records:,}",
            f"{states[code].quarantined:,}",
        )
    _show(table)


@app.command()
def accept(
    library: Annotated[str, typer.Argument(help="The library's code.")],
    yes: Annotated[bool, typer.Option("--yes", help="Without asking.")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="Let everything stay instead.")] = False,
) -> None:
    """What would leave a library and waits for you: shows it, and lets it go. Exit code 1 when you say no."""
    settings = Settings.from_environment()
    [member] = _chosen(load_libraries(settings.libraries), [library])
    with _store(settings) as store:
        found = cli_decisions.waiting(console, store, Catalogue(store.engine), member.code)
        if found and refuse:
            cli_decisions.let_stay(console, store, found)
        elif found:
            if not yes and not typer.confirm("Let them go?"):
                raise typer.Exit(1)
            cli_decisions.carry_out(console, store, found)


@app.command()
def undo(
    library: Annotated[str, typer.Argument(help="The library's code.")],
    yes: Annotated[bool, typer.Option("--yes", help="Without asking.")] = False,
) -> None:
    """Bring back the records of a library that left last, within ninety days. Exit code 1 when you say no."""
    settings = Settings.from_environment()
    [member] = _chosen(load_libraries(settings.libraries), [library])
    with _store(settings) as store:
        removal = cli_decisions.last_removal(console, store, member.code)
        if removal is not None:
            if not yes and not typer.confirm("Bring them back?"):
                raise typer.Exit(1)
            cli_decisions.bring_back(console, store, removal)


@app.command()
def quarantine(
    library: Annotated[str, typer.Argument(help="The library's code.")],
    raw: Annotated[
        Path | None,
        typer.Option(help="A folder to write each of them into as it came, a file a record.", file_okay=False),
    ] = None,
) -> None:
    """The records of a library that could not be read, why, and how many for each reason."""
    settings = Settings.from_environment()
    [member] = _chosen(load_libraries(settings.libraries), [library])
    with _store(settings) as store:
        found = store.quarantined(member.code)
        written = len(list(cli_raw.write_quarantine(store, found, raw))) if raw and found else 0
    if not found:
        console.print(f"{member.code}: nothing in quarantine")
        return
    cli_raw.print_quarantine(console, found)
    if raw:
        terminal.say(console, f"\n{written:,} of {len(found):,} written to {raw}")


@app.command()
def show(
    library: Annotated[str, typer.Argument(help="The library's code.")],
    record: Annotated[str, typer.Argument(metavar="ID", help="Its identifier, or what the library itself calls it.")],
    form: Annotated[
        cli_raw.Form | None,
        typer.Option("--as", help="Write the record itself to standard output: as it came, or mended and in UTF-8."),
    ] = None,
) -> None:
    """A record as it came, and beside every value the fields it was read from. Exit code 1 when it cannot be read."""
    settings = Settings.from_environment()
    [member] = _chosen(load_libraries(settings.libraries), [library])
    with _store(settings) as store:
        catalogue = Catalogue(store.engine)
        try:
            stored = cli_reading.find(store, catalogue, member.code, record)
        except cli_reading.Ambiguous as exc:
            _fail(str(exc))
        if stored is not None and form is not None:
            try:
                typer.echo(cli_raw.as_bytes(stored.raw, member, form), nl=False)
            except (Malformed, NotExportable) as exc:
                _fail(f"{member.code}:{record}: {exc}", code=1)
            return
        if stored is not None:
            edition = catalogue.edition_of(RecordRef(member.code, stored.raw.identifier))
            readable = cli_reading.print_record(console, stored, member, edition)
            raise typer.Exit(0 if readable else 1)
        for refused in store.quarantined(member.code):
            if refused.identifier == record:
                if form is not None:
                    typer.echo(refused.payload, nl=False)
                else:
                    cli_reading.print_refused(console, refused)
                raise typer.Exit(0 if form is cli_raw.Form.RAW else 1)
    _fail(f"no record {member.code}:{record} was harvested")


def _fail(why: str, code: int = 2) -> NoReturn:
    errors.print(f"allshelves: {why}", style="red", markup=False, soft_wrap=True)
    raise typer.Exit(code)


@app.command()
def report(library: Annotated[str, typer.Argument(help="The library's code.")]) -> None:
    """How good a library's records are, with examples: something to forward to its cataloguers."""
    settings = Settings.from_environment()
    [member] = _chosen(load_libraries(settings.libraries), [library])
    with _store(settings) as store:
        catalogue = Catalogue(store.engine)
        total = own_records.count(catalogue, member.code)
        with counting(errors, "records", total) as progress:
            quality = own_records.quality_of(store, catalogue, member, progress)
    cli_reading.print_quality(console, quality, member)


@app.command()
def explain(
    a: Annotated[str, typer.Argument(help="A record, library:identifier or library:number, or an edition's id.")],
    b: Annotated[str, typer.Argument(help="Another.")],
) -> None:
    """Why two records are, or are not, one edition."""
    settings = Settings.from_environment()
    with _store(settings) as store:
        catalogue = Catalogue(store.engine)
        try:
            found = explanation(catalogue, *(cli_reading.named_record(catalogue, name) for name in (a, b)))
        except ValueError as exc:
            raise typer.BadParameter(str(exc)) from exc
        except NoSuchRecord as exc:
            errors.print(f"allshelves: the catalogue holds no record {exc}", style="red", markup=False)
            raise typer.Exit(2) from exc
        for ref, edition in ((found.a, found.edition_a), (found.b, found.edition_b)):
            title = catalogue.records([ref])[ref].title
            words = f"{ref}  edition {edition}  {title.proper if title else '(no title)'}"
            console.print(words, markup=False, soft_wrap=True)
    _show(_judgement_table(found.judgement))
    if found.together and found.path:
        console.print("One edition, through other records:")
        for edge in found.path:
            reasons = ", ".join(edge.reasons).replace("_", " ")
            console.print(f"  {edge.a} – {edge.b}  {edge.score:+.2f}  {reasons}", markup=False, soft_wrap=True)
    elif found.together:
        console.print("One edition.")
    elif found.judgement.verdict == "same":
        console.print("Two editions: these two agree, but other records of theirs do not.")
    else:
        console.print("Two editions.")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Serve the pages and the API."""
    settings = Settings.from_environment()

    async def run() -> None:
        services = await open_services(settings)
        config = uvicorn.Config(
            create_app(services),
            host=host or settings.host,
            port=settings.port if port is None else port,
            log_level="warning",
            timeout_graceful_shutdown=2,
        )
        await uvicorn.Server(config).serve()

    asyncio.run(run())


def _chosen(libraries: dict[str, Library], codes: list[str]) -> list[Library]:
    unknown = [code for code in codes if code not in libraries]
    if unknown:
        raise typer.BadParameter(f"no library {unknown[0]!r}; there are {', '.join(libraries)}")
    return [libraries[code] for code in codes] if codes else list(libraries.values())


@contextmanager
def _store(settings: Settings) -> Iterator[Store]:
    settings.home.mkdir(parents=True, exist_ok=True)
    store = Store.open(settings.database_url)
    try:
        yield store
    finally:
        store.close()


def _with_engine(settings: Settings, run: Callable[[Store, SearchEngine], Awaitable[T]]) -> T:
    async def opened() -> T:
        async with _engine(settings) as engine:
            return await run(store, engine)

    with _store(settings) as store:
        return asyncio.run(opened())


@asynccontextmanager
async def _engine(settings: Settings) -> AsyncIterator[SearchEngine]:
    engine = open_engine(settings.engine, settings.index_folder)
    try:
        yield engine
    finally:
        await engine.close()


def _show(table: Table) -> None:
    terminal.show(console, table)


def _outcomes_table(outcomes: list[RunOutcome]) -> Table:
    """What each member gave: seen = new + changed + same + deleted + unread."""
    table = terminal.table(
        "library", "run", "status", numbers=("seen", "new", "changed", "same", "deleted", "unread", "seconds")
    )
    kinds = {"full": "full", "incremental": "changes", "sweep": "sweep"}
    colours = {"complete": "green", "unverified": "yellow", "failed": "red"}
    for one in outcomes:
        counts = (one.seen, one.new, one.changed, one.unchanged, one.deleted, one.unreadable)
        table.add_row(
            one.library,
            kinds[one.kind],
            Text(one.status, colours[one.status]),
            *(f"{count:,}" for count in counts),
            f"{one.seconds:.1f}",
        )
    return table


def _print_index_outcome(outcome: IndexOutcome) -> None:
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
    _show(table)
    console.print(f"{outcome.seconds:.1f} seconds")
    if outcome.unreadable:
        console.print("allshelves quarantine LIBRARY says which records could not be read, and why")


def _judgement_table(judgement: Judgement) -> Table:
    table = terminal.table("statement", "first", "second", numbers=("weight",))
    table.title = f"{judgement.verdict}, score {judgement.score:+.2f}"
    table.title_justify = "left"
    for reason in judgement.reasons:
        weight = "veto" if reason.veto else f"{reason.weight:+.1f}"
        table.add_row(reason.statement.replace("_", " "), reason.a, reason.b, weight)
    return table
