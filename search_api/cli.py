"""The command line: harvest, index, look, explain, serve. Each command is a function of the module of its group."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from harvester.errors import LeaseTaken, StoreUnusable
from indexer.codec import CodecMismatch
from indexer.engine import EngineIncompatible, EngineUnavailable
from mappings.library import LibraryInvalid
from mappings.table import TableInvalid
from search_api import cli_explain, cli_harvest, cli_judge, cli_look, cli_probe, cli_serve, cli_status
from search_api.cli_shared import errors
from search_api.settings import SettingsInvalid

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The union catalogue of a library consortium.")

COMMANDS = (
    *(cli_probe.probe, cli_harvest.harvest, cli_harvest.work, cli_harvest.accept, cli_harvest.skip, cli_harvest.undo),
    *(cli_serve.index, cli_serve.rebuild, cli_serve.serve),
    *(cli_status.status, cli_look.quarantine, cli_look.show, cli_look.report),
    *(cli_explain.explain, cli_judge.judge, cli_judge.judgements),
)
"""Every command, in the order of the help."""

for command in COMMANDS:
    app.command()(command)


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
