"""`allshelves explain`: why two records are one edition or are not, and an edition with everything that decided it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

import typer
from rich.table import Table

from indexer.catalogue import Catalogue
from indexer.compare import Judgement
from indexer.explain import NoSuchRecord
from indexer.explain import explain as explanation
from indexer.explain_edition import Apart, Drawn, Told, explain_edition, is_borderline
from indexer.record import RecordRef
from indexer.ruling_rows import Ruling
from search_api import deciding_shapes, terminal
from search_api.commands import reading
from search_api.commands.shared import console, errors, fail, opened_store
from search_api.settings import Settings
from search_api.terminal import say, visible

REASONS_SHOWN = 6


def explain(
    a: Annotated[str, typer.Argument(help="A record, library:identifier or library:number, or an edition's id.")],
    b: Annotated[str | None, typer.Argument(help="Another. Without it, the edition of the first is drawn.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The drawing of an edition, for programs.")] = False,
) -> None:
    """Why two records are, or are not, one edition; or all that decided about an edition."""
    settings = Settings.from_environment()
    with opened_store(settings) as store:
        catalogue = Catalogue(store.engine)
        try:
            if b is not None:
                if json:
                    raise typer.BadParameter("--json draws an edition: name one record or edition, not two")
                _explain_two(catalogue, a, b)
                return
            drawn = explain_edition(catalogue, _edition(catalogue, a))
        except ValueError as exc:
            raise typer.BadParameter(str(exc)) from exc
        except NoSuchRecord as exc:
            errors.print(f"allshelves: the catalogue holds no record {exc}", style="red", markup=False)
            raise typer.Exit(2) from exc
    if json:
        typer.echo(deciding_shapes.explanation(drawn, for_staff=True).model_dump_json(indent=2))
    else:
        _draw(drawn)


def _edition(catalogue: Catalogue, name: str) -> str:
    """The edition of this id, or of the record that is named. Raises: NoSuchRecord, ValueError for what is no name."""
    resolution = None if ":" in name else catalogue.resolve(name)
    if resolution is not None:
        return resolution.id
    if ":" not in name:
        fail(f"there is no edition {name}")
    ref = reading.named_record(catalogue, name)
    edition = catalogue.edition_of(ref)
    if edition is None:
        raise NoSuchRecord(str(ref))
    return edition


def _draw(drawn: Drawn) -> None:
    """Prints an edition: records numbered, and everything else said of these numbers."""
    number = {one.ref: position for position, one in enumerate(drawn.records, start=1)}
    say(console, f"edition {drawn.id}" + (f"  of work {drawn.work}" if drawn.work else ""))
    if drawn.split_from:
        say(console, f"split from {drawn.split_from}")
    if drawn.replaces:
        say(console, f"also found as {', '.join(drawn.replaces)}")
    say(console)
    table = terminal.table("", "record", "title", "publisher", numbers=("year",))
    for one in drawn.records:
        year = str(one.year) if one.year is not None else ""
        table.add_row(str(number[one.ref]), visible(str(one.ref)), visible(one.title), visible(one.publisher), year)
    terminal.show(console, table)
    _print_edges(drawn, number)
    if drawn.rulings:
        say(console, "\nWhat people judged")
        for ruling in drawn.rulings:
            say(console, f"  {told(ruling)}")
    _print_apart("Vetoed, and together through others or by people", drawn.vetoed_inside, number)
    _print_apart("Judged the same as these, and not joined", drawn.outvoted, number)
    _print_apart("Kept out by a veto", drawn.vetoed, number)
    _print_apart("Nearly joined", drawn.nearly, number)


def _print_edges(drawn: Drawn, number: Mapping[RecordRef, int]) -> None:
    if len(drawn.records) == 1:
        say(console, "\nOne record: nothing else was judged the same.")
        return
    say(console, "\nWhat joins them")
    for edge in drawn.edges:
        first, second = sorted((number[edge.a], number[edge.b]))
        borderline = "  (borderline)" if is_borderline(edge) else ""
        when = f", {edge.judged_at:%Y-%m-%d}" if edge.judged_at is not None else ""
        judged = f"(rules {edge.model}{when})"
        say(console, f"  {first} ─ {second}  {edge.score:+.2f}{borderline}  {_words(edge.reasons)}  {judged}")
    bound = {ref for edge in drawn.edges for ref in (edge.a, edge.b)}
    for one in drawn.records:
        if one.ref not in bound:
            say(console, f"  {number[one.ref]}  only by what people judged")


def _print_apart(heading: str, found: Iterable[Apart], number: Mapping[RecordRef, int]) -> None:
    found = list(found)
    if not found:
        return
    say(console, f"\n{heading}")
    for one in found:
        other = str(number[one.b.ref]) if one.b.ref in number else _named(one.b)
        veto = f"veto: {_words(one.vetoes)}; " if one.vetoes else ""
        rest = [reason for reason in one.reasons if reason not in one.vetoes]
        say(console, f"  {number[one.a]} ┄ {other}  {one.score:+.2f}  {veto}{_words(rest)}")
        for a, b, reasons in one.conflicts:
            say(console, f"      {visible(str(a))} against {visible(str(b))}: {_words(reasons)}")
        if not one.vetoes and not one.conflicts and one.score and heading.startswith("Judged"):
            say(console, "      one borderline judgement between two groups, or what people judged")


def _named(one: Told) -> str:
    year = f", {one.year}" if one.year is not None else ""
    return f"{visible(str(one.ref))} ({visible(one.title)}{year}; edition {one.edition})"


def _words(statements: Iterable[str]) -> str:
    shown = list(statements)[:REASONS_SHOWN]
    return ", ".join(shown).replace("_", " ")


def told(ruling: Ruling) -> str:
    """A ruling in a line, with who, when and why."""
    line = (
        f"{ruling.number}  {ruling.a} and {ruling.b}: {ruling.verdict}"
        f"  ({ruling.by}, {ruling.at:%Y-%m-%d}: {ruling.because})"
    )
    if ruling.withdrawn is not None:
        taken = ruling.withdrawn
        line += f"  withdrawn ({taken.by}, {taken.at:%Y-%m-%d}: {taken.because})"
    return visible(line)


def _explain_two(catalogue: Catalogue, a: str, b: str) -> None:
    found = explanation(catalogue, *(reading.named_record(catalogue, name) for name in (a, b)))
    for ref, edition in ((found.a, found.edition_a), (found.b, found.edition_b)):
        title = catalogue.records([ref])[ref].title
        words = f"{ref}  edition {edition}  {title.proper if title else '(no title)'}"
        console.print(words, markup=False, soft_wrap=True)
    terminal.show(console, _judgement_table(found.judgement))
    if found.ruling is not None:
        say(console, f"A person judged: {told(found.ruling)}")
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


def _judgement_table(judgement: Judgement) -> Table:
    table = terminal.table("statement", "first", "second", numbers=("weight",))
    table.title = f"{judgement.verdict}, score {judgement.score:+.2f}"
    table.title_justify = "left"
    for reason in judgement.reasons:
        weight = "veto" if reason.veto else f"{reason.weight:+.1f}"
        table.add_row(reason.statement.replace("_", " "), reason.a, reason.b, weight)
    return table
