"""The command line: harvest, index, look, explain, serve. Each command is a function of the module of its group.

A module is imported when one of its commands is run, and not to list them: together they need every library there is.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

COMMANDS: Mapping[str, str] = {
    **dict.fromkeys(("probe",), "probe"),
    **dict.fromkeys(("harvest", "work", "accept", "skip", "undo"), "harvest"),
    **dict.fromkeys(("index", "rebuild", "serve"), "serve"),
    **dict.fromkeys(("status",), "status"),
    **dict.fromkeys(("quarantine", "show", "report"), "look"),
    **dict.fromkeys(("ask",), "ask"),
    **dict.fromkeys(("monitor",), "monitor"),
    **dict.fromkeys(("explain",), "explain"),
    **dict.fromkeys(("judge", "judgements"), "judge"),
    **dict.fromkeys(("accounts", "tokens"), "accounts"),
    **dict.fromkeys(("overlap",), "selecting"),
    **dict.fromkeys(("last-copies",), "collections"),
}
"""Every command, in the order of the help, with the module that has a function of its name, hyphens apart."""


class _Commands(TyperGroup):
    """Lists commands by their docstrings, and imports the one that is run."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, listed, rest = super().resolve_command(ctx, args)
        return name, _imported(name) if name else listed, rest

    def invoke(self, ctx: Any) -> Any:
        from search_api.commands.errors import said_in_one_line

        with said_in_one_line():
            return super().invoke(ctx)


app = typer.Typer(
    cls=_Commands, no_args_is_help=True, add_completion=False, help="The union catalogue of a library consortium."
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"allshelves {installed_version('allshelves')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Every command has its own options: ``allshelves COMMAND --help``."""


def _imported(name: str) -> Any:
    module = import_module(f"search_api.commands.{COMMANDS[name]}")
    group: typer.Typer | None = getattr(module, "GROUPS", {}).get(name)
    if group is not None:
        return get_command(group)
    single = typer.Typer(add_completion=False)
    single.command(name)(getattr(module, _function(name)))
    return get_command(single)


def _docstring(name: str) -> str:
    """What the help says of a command, read from its source."""
    source = (Path(__file__).parent / "commands" / f"{COMMANDS[name]}.py").read_text(encoding="utf-8")
    functions = (one for one in ast.parse(source).body if isinstance(one, ast.FunctionDef))
    return next(ast.get_docstring(one) or "" for one in functions if one.name == _function(name))


def _function(name: str) -> str:
    return name.replace("-", "_")


def _listed() -> None:
    """Stands in the list for a command that is imported when it is run."""


for _name in COMMANDS:
    app.command(_name, help=_docstring(_name))(_listed)


def main() -> None:
    """Runs a command; what an operator can mend is said in one line, with exit code 2."""
    app()
