"""`allshelves probe`: what a new member's server really does, as a TOML file ready to review."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from harvester.errors import HarvestFailed
from harvester.http import PatientSession
from harvester.store import utc_now
from mappings.library import Library, load_libraries
from search_api import terminal
from search_api.cli_shared import errors, fail
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
    looks_like_a_code = "/" not in target and "." not in target
    libraries = load_libraries(settings.libraries)
    if looks_like_a_code and target not in libraries:
        fail(f"no library {target!r}, nor an address or a file; there are {', '.join(libraries)}")
    subject: Library | str = libraries.get(target, target)

    async def run() -> Draft:
        async with PatientSession(contact=settings.contact) as http:
            return await probed(subject, http, utc_now(), lambda words: terminal.say(errors, f"… {words}"))

    try:
        draft = asyncio.run(run())
    except HarvestFailed as exc:
        fail(f"{target}: {exc}", code=1)
    typer.echo(toml_of(draft), nl=False)
    doubts = sum(finding.doubt for finding in draft.findings)
    terminal.say(errors, f"{draft.asked} questions asked; {doubts} findings should be looked at")
