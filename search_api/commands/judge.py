"""`allshelves judge` and `allshelves judgements`: people overrule the rules, and take it back."""

from __future__ import annotations

import asyncio
import getpass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from harvester.errors import LeaseTaken
from harvester.store import Store
from indexer import feed
from indexer.catalogue import Catalogue
from indexer.engine import EngineIncompatible, EngineUnavailable
from indexer.explain import NoSuchRecord
from indexer.record import RecordRef
from indexer.rulings import NoSuchRuling, Ruled, RulingRefused, all_rulings, holding, withdraw
from indexer.rulings import judge as decide
from mappings.library import load_libraries
from search_api import deciding_shapes
from search_api.commands import reading
from search_api.commands.explain import told
from search_api.commands.shared import console, fail, opened_store
from search_api.indexing import indexing
from search_api.schemas.deciding import JudgementsBody
from search_api.settings import Settings
from search_api.staff import by_command
from search_api.staff.audit import Action
from search_api.terminal import say


class Verdict(StrEnum):
    """What a person says of two records."""

    SAME = "same"
    DIFFERENT = "different"


RecordName = Annotated[str, typer.Argument(help="A record, library:identifier or library:number.")]


def judge(
    a: RecordName,
    b: RecordName,
    verdict: Annotated[Verdict | None, typer.Argument(help="What they are; not with --withdraw.")] = None,
    *,
    because: Annotated[str, typer.Option(help="Why: what was seen that the rules do not see.")] = "",
    by: Annotated[str, typer.Option(help="Who says so; who runs the command when absent.")] = "",
    take_back: Annotated[bool, typer.Option("--withdraw", help="Take back what was judged of the two.")] = False,
) -> None:
    """Say that two records are one edition, or two, against all rules and for good; or take it back."""
    if take_back == (verdict is not None):
        raise typer.BadParameter("say same or different, or --withdraw")
    settings = Settings.from_environment()
    by = by or getpass.getuser()
    now = datetime.now(UTC)
    with opened_store(settings) as store:
        catalogue = Catalogue(store.engine)
        try:
            one, other = (_named(catalogue, name) for name in (a, b))
            if verdict is None:
                number = holding(catalogue, one, other).number
                done = withdraw(catalogue, number, because=because, by=by, at=now)
            else:
                done = decide(catalogue, one, other, verdict.value, because=because, by=by, at=now)
        except NoSuchRecord as exc:
            fail(f"the catalogue holds no record {exc}")
        except (RulingRefused, NoSuchRuling) as exc:
            fail(str(exc))
        _say_what_it_did(done)
        if not done.repeated:
            action = Action.JUDGEMENT_WITHDRAWN if verdict is None else Action.JUDGED
            by_command.note(store, action, f"{one} {other}: {verdict.value if verdict else done.ruling.number}")
            asyncio.run(_bring_up(settings, store, catalogue))


def judgements(
    withdrawn: Annotated[bool, typer.Option(help="And what was taken back.")] = False,
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """What people judged of records, oldest first: by whom, when and why."""
    settings = Settings.from_environment()
    with opened_store(settings) as store:
        found = all_rulings(Catalogue(store.engine), withdrawn=withdrawn)
    if json:
        typer.echo(JudgementsBody(judgements=tuple(map(deciding_shapes.ruling, found))).model_dump_json(indent=2))
    elif not found:
        say(console, "Nobody has judged anything.")
    else:
        for ruling in found:
            say(console, told(ruling))


def _named(catalogue: Catalogue, name: str) -> RecordRef:
    """The record of this name, never that of an edition: an edition may hold several.

    Raises: typer.BadParameter for what is no name.
    """
    try:
        RecordRef.parse(name)
        return reading.named_record(catalogue, name)
    except ValueError as exc:
        raise typer.BadParameter(str(exc)) from exc


def _say_what_it_did(done: Ruled) -> None:
    if done.repeated:
        say(console, f"It holds already: {told(done.ruling)}")
        return
    say(console, told(done.ruling))
    if done.edition_a is None or done.edition_b is None:
        say(console, "One of the two records was deleted: nothing else changes.")
    elif done.edition_a == done.edition_b:
        say(console, f"Both are in edition {done.edition_a}.")
    else:
        say(console, f"They are in two editions, {done.edition_a} and {done.edition_b}.")


async def _bring_up(settings: Settings, store: Store, catalogue: Catalogue) -> None:
    """Gives the engine what changed, or says when it will be."""
    try:
        async with indexing(settings, store) as engine:
            await feed.keep_up(catalogue, engine, load_libraries(settings.libraries), lambda _done, _total: None)
    except (LeaseTaken, EngineUnavailable, EngineIncompatible) as exc:
        say(console, f"Editions show it now; searches when the next index has run ({exc}).")
