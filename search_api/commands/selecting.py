"""`allshelves overlap`: a list against the catalogue, before a purchase, in the terminal."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from harvester.store import Store
from indexer.catalogue import Catalogue
from indexer.engine.open import open_engine
from mappings.library import Library, load_libraries
from mappings.site import load_site
from search_api import terminal
from search_api.commands.shared import console, errors, fail, opened_store
from search_api.labels import Labels
from search_api.progress import checking
from search_api.selecting.answering import Answers
from search_api.selecting.asking import Asked
from search_api.selecting.buying import MOST_HOLDERS, Match, Scope, Verdict
from search_api.selecting.columns import letter
from search_api.selecting.downloads import csv_of, xlsx_of
from search_api.selecting.found import Bucket
from search_api.selecting.given import ListRefused
from search_api.selecting.listing import Listing, Options, opened
from search_api.selecting.matching import Shelves
from search_api.selecting.reports import Report, Reports
from search_api.selecting.running import Desk
from search_api.selecting.words import Words
from search_api.settings import Settings
from search_api.texts import STAFF_LANGUAGES, texts

SHOWN = 20


def overlap(
    file: Annotated[Path, typer.Argument(help="XLSX, CSV, text, MARC, MARCXML or KBART.", exists=True, dir_okay=False)],
    *,
    library: Annotated[str, typer.Option(help="One's own library: its copies and its region count.")] = "",
    fewer_than: Annotated[
        int, typer.Option("--fewer-than", "-n", min=1, max=MOST_HOLDERS, help="Buy if fewer hold it.")
    ] = 2,
    scope: Annotated[Scope, typer.Option(help="Who counts; both: all, and one's own region has none.")] = "both",
    match: Annotated[Match, typer.Option(help="Any edition of the work counts, or this one alone.")] = "any",
    columns: Annotated[str, typer.Option(help="Which columns are which: isbn=C,title=2.")] = "",
    sheet: Annotated[str, typer.Option(help="Of a workbook: its name or number.")] = "",
    encoding: Annotated[str, typer.Option(help="The character set, where it is mistaken.")] = "",
    currency: Annotated[str, typer.Option(help="Of prices that name none.")] = "TWD",
    csv: Annotated[Path | None, typer.Option("--csv", help="Write every line to this file.", dir_okay=False)] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="The same as a workbook.", dir_okay=False)] = None,
) -> None:
    """Who already holds what a list has, what to buy and what it costs. The report is kept for selectors' pages too."""
    settings = Settings.from_environment()
    libraries = load_libraries(settings.libraries)
    if library and library not in libraries:
        raise typer.BadParameter(f"no library {library!r}; there are {', '.join(libraries)}")
    options = Options(encoding=encoding, sheet=sheet, columns=columns, currency=currency.upper())
    data = file.read_bytes()
    try:
        listing = opened(data, options)
    except ListRefused as exc:
        fail(f"{file.name}: {exc}")
    asked = Asked(n=fewer_than, scope=scope, match=match, mine=library, size=SHOWN)
    with opened_store(settings) as store:
        answers = Answers(Reports(store), libraries)
        report = asyncio.run(
            _checked(
                settings, store, libraries, answers.reports, file=file, data=data, options=options, library=library
            )
        )
        words = _words(settings, libraries)
        if report.state == "refused":
            fail(f"{file.name}: {report.message}")
        _say_how_read(listing, report)
        _print(answers, report, asked, words)
        _write(answers, report, asked, words, csv=csv, xlsx=xlsx, settings=settings)


async def _checked(
    settings: Settings,
    store: Store,
    libraries: dict[str, Library],
    reports: Reports,
    *,
    file: Path,
    data: bytes,
    options: Options,
    library: str,
) -> Report:
    engine = open_engine(settings.engine, settings.index_folder, settings.layout)
    try:
        desk = Desk(reports, Shelves(engine, Catalogue(store.engine), libraries))
        name = await asyncio.to_thread(reports.add, data, file.stem, file.name, options, library=library)
        with checking(errors, "lines") as progress:
            await desk.finish(name, lambda report: progress(report.checked, report.lines))
    finally:
        await engine.close()
    found = reports.report(name)
    assert found is not None
    return found


def _words(settings: Settings, libraries: dict[str, Library]) -> Words:
    language = settings.language if settings.language in STAFF_LANGUAGES else "en"
    return Words(texts(language), Labels(libraries, language))


def _say_how_read(listing: Listing, report: Report) -> None:
    """Which columns were taken for what: what was read wrongly is seen at once."""
    if listing.columns:
        headings = listing.headings

        def called(at: int) -> str:
            return headings[at] if at < len(headings) else letter(at)

        named = (f"{column}: {', '.join(map(called, indexes))}" for column, indexes in listing.columns.items())
        terminal.say(console, f"{report.source} ({report.read.kind}): " + "; ".join(named))


def _print(answers: Answers, report: Report, asked: Asked, words: Words) -> None:
    answered = answers.page(report.id, asked)
    totals = answered.totals
    buckets = terminal.table("", numbers=("lines",))
    for bucket in Bucket:
        buckets.add_row(words.t(f"overlap.{bucket}"), f"{totals.buckets[bucket]:,}")
    buckets.add_row(words.t("overlap.total"), f"{totals.lines:,}")
    terminal.show(console, buckets)
    console.print()
    verdicts = terminal.table("", numbers=("lines", "cost"))
    for verdict in Verdict:
        total = totals.verdicts[verdict]
        verdicts.add_row(words.t(f"overlap.{verdict}"), f"{total.lines:,}", words.sums(total) if total.lines else "")
    terminal.show(console, verdicts)
    console.print()
    lines = terminal.table("title", "result", "advice", numbers=("row", "held by"))
    for line, advice in answered.lines:
        title = line.given.title or (line.editions[0].title if line.editions else line.given.text)
        said = f"{words.t(f'overlap.{advice.verdict}')}: {words.reason(advice, line)}"
        lines.add_row(title[:60], words.line(line), said, str(line.given.row), str(len(line.any)))
    terminal.show(console, lines)
    if answered.found > SHOWN:
        terminal.say(console, f"{answered.found - SHOWN:,} more: --csv or --xlsx writes all of them")
    terminal.say(console, f"{report.seconds:.1f} seconds; staff/overlap/{report.id}")


def _write(
    answers: Answers,
    report: Report,
    asked: Asked,
    words: Words,
    *,
    csv: Path | None,
    xlsx: Path | None,
    settings: Settings,
) -> None:
    if csv:
        _, _, lines = answers.all_lines(report.id, asked)
        csv.write_bytes(csv_of(lines, asked.shown_columns, words))
    if xlsx:
        found, totals, lines = answers.all_lines(report.id, asked)
        zone = load_site(settings.site).zone
        xlsx.write_bytes(xlsx_of(found, totals, lines, asked.shown_columns, words=words, zone=zone))
