"""`allshelves last-copies`: what only one library holds, before it weeds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl

import typer

from harvester.store import Store
from indexer.engine.open import open_engine
from mappings.library import Library, load_libraries
from search_api import terminal
from search_api.collections.held import HeldEditions, Line, Question
from search_api.collections.scope import NARROWING, Scope
from search_api.collections.tables import line_cells, line_headings
from search_api.commands.shared import LibraryCode, chosen, console, fail, opened_store
from search_api.errors import InvalidRequest
from search_api.labels import Labels
from search_api.settings import Settings
from search_api.sheets import MAX_XLSX_ROWS, Cell, Sheets, csv_file
from search_api.texts import STAFF_LANGUAGES, Texts, texts
from search_api.views import whole_title

SHOWN = 20


def last_copies(
    library: LibraryCode,
    works: Annotated[
        bool, typer.Option("--works", help="Leave out what other libraries hold in another edition.")
    ] = False,
    within: Annotated[
        str, typer.Option(metavar="SEARCH", help="Of a part, as in an address: language=vie&year_to=1990.")
    ] = "",
    file: Annotated[
        Path | None, typer.Option("--file", help="Write all of them to this file, .csv or .xlsx by its name.")
    ] = None,
) -> None:
    """What only this library holds, by call number: look before you weed. Copies on order are told."""
    settings = Settings.from_environment()
    libraries = load_libraries(settings.libraries)
    chosen(libraries, [library])
    if file is not None and file.suffix not in (".csv", ".xlsx"):
        raise typer.BadParameter(f"{file.name} ends neither in .csv nor in .xlsx")
    question = Question("unique", library, _scope(within), only_works=works)
    language = settings.language if settings.language in STAFF_LANGUAGES else "en"
    with opened_store(settings) as store:
        asyncio.run(_tell(settings, store, libraries, question, t=texts(language), file=file))


async def _tell(
    settings: Settings,
    store: Store,
    libraries: dict[str, Library],
    question: Question,
    *,
    t: Texts,
    file: Path | None,
) -> None:
    labels = Labels(libraries, t.language)
    async with _opened(settings, store, libraries) as held:
        if file is not None:
            lines = [line async for batch in held.all(question) for line in batch]
            _write(file, question, lines, labels, t)
            terminal.say(console, t("collections.written", n=len(lines), file=str(file)))
            return
        page = await held.page(question, size=SHOWN)
        total = page.total if page.total is not None else await _count(held.all(question))
    terminal.say(console, f"{t('collections.lines_unique', library=labels.library(question.library))}: {total}")
    table = terminal.table(
        t("collections.line_call_number"),
        t("collections.line_title"),
        t("collections.line_others"),
        numbers=(t("collections.line_copies"),),
    )
    for line in page.lines:
        table.add_row(*_row(line, labels, t))
    terminal.show(console, table)
    if total > len(page.lines):
        terminal.say(console, t("collections.more_lines", n=total - len(page.lines)))


def _row(line: Line, labels: Labels, t: Texts) -> tuple[str, str, str, str]:
    title = line.edition.title
    coming = f" ({t('collections.coming', n=line.coming)})" if line.coming else ""
    return (
        terminal.visible(" ; ".join(dict.fromkeys(shelf.call_number for shelf in line.shelves))),
        terminal.visible(whole_title(title) if title else line.edition.id),
        t("collections.list_comma").join(labels.library(code) for code in line.others) or t("collections.no_others"),
        f"{line.copies or '–'}{coming}",
    )


def _write(file: Path, question: Question, lines: Sequence[Line], labels: Labels, t: Texts) -> None:
    headings = line_headings(question.kind, t)
    rows: list[list[Cell]] = [
        list(line_cells(question.kind, line, question.library, labels, t, site="")) for line in lines
    ]
    if file.suffix == ".csv":
        file.write_bytes(csv_file(headings, rows))
        return
    if len(rows) > MAX_XLSX_ROWS:
        fail(f"{len(rows)} editions are too many for a sheet of {MAX_XLSX_ROWS}; write .csv")
    book = Sheets()
    book.add(t("collections.file_unique"), headings, rows)
    with book.save() as made:
        file.write_bytes(made.read())


def _scope(within: str) -> Scope:
    pairs = parse_qsl(within, keep_blank_values=True)
    unknown = [name for name, _ in pairs if name not in NARROWING]
    if unknown or (within and not pairs):
        name = unknown[0] if unknown else within
        raise typer.BadParameter(f"no parameter {name!r}; there are {', '.join(sorted(NARROWING))}")
    try:
        return Scope.read(pairs)
    except InvalidRequest as exc:
        raise typer.BadParameter(f"{exc.field}: {exc.message}") from exc


async def _count(batches: AsyncIterator[Sequence[Line]]) -> int:
    return sum([len(batch) async for batch in batches])


@asynccontextmanager
async def _opened(settings: Settings, store: Store, libraries: dict[str, Library]) -> AsyncIterator[HeldEditions]:
    engine = open_engine(settings.engine, settings.index_folder, settings.layout)
    try:
        yield HeldEditions(store, engine, libraries)
    finally:
        await engine.close()
