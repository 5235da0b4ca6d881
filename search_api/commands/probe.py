"""`allshelves probe`: what a new member's server really does, as a TOML file ready to review."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from harvester.errors import HarvestFailed
from harvester.http import PatientSession
from harvester.store import utc_now
from harvester.turns import HOSTS, Turns
from mappings.access import masked
from mappings.library import Library, load_library
from search_api import terminal
from search_api.commands.shared import errors, fail
from search_api.probe import Draft
from search_api.probe import probe as probed
from search_api.probe_file import toml_of
from search_api.settings import Settings


def probe(
    target: Annotated[
        str, typer.Argument(metavar="LIBRARY|URL|FILE", help="A library's code, a server's address, or a file of MARC.")
    ],
) -> None:
    """Ask a new member's server what it really does; prints a TOML file to review, with what was found as comments."""
    settings = Settings.from_environment()
    subject = _subject(target, settings.libraries)

    async def run() -> Draft:
        turns = Turns(settings.home / HOSTS if settings.home.is_dir() else None)  # a look makes no state folder
        async with PatientSession(contact=settings.contact, turns=turns) as http:
            return await probed(subject, http, utc_now(), lambda words: terminal.say(errors, f"… {words}"))

    try:
        draft = asyncio.run(run())
    except HarvestFailed as exc:
        fail(masked(f"{target}: {exc}"), code=1)
    typer.echo(toml_of(draft), nl=False)
    doubts = sum(finding.doubt for finding in draft.findings)
    asked = f"{_counted(draft.asked, 'question')} asked; " if draft.asked else ""  # files are read, not asked
    terminal.say(errors, f"{asked}{_counted(doubts, 'finding')} should be looked at")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _subject(target: str, folder: Path) -> Library | str:
    """The library of this code, or else the address or file itself; no other library's file is looked at.

    `probe URL > libraries/new.toml` finds an empty file there: the shell has made it before the command begins.
    """
    if "/" in target or "." in target:
        return target
    file = folder / f"{target}.toml"
    if file.is_file():
        if not file.stat().st_size:
            fail(f"{file} is empty; a shell empties the file it is to write to, so let it write to another one")
        return load_library(file)
    if not Path(target).is_file():
        codes = ", ".join(sorted(one.stem for one in folder.glob("*.toml"))) or f"no libraries in {folder}"
        fail(f"no library {target!r}, nor an address or a file; there are {codes}")
    return target
