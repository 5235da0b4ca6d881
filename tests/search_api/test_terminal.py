from __future__ import annotations

import io

import pytest
from rich.console import Console

from search_api import cli_shared, terminal

NAMES = ["oai:book:1", "oai:x:4", "[red]1[/red]", "oai:smile:[bold]"]


@pytest.mark.parametrize("name", NAMES)
def test_identifiers_are_printed_as_they_are(name: str) -> None:
    out = io.StringIO()
    console = Console(file=out, width=100)
    made = terminal.table("identifier")
    made.add_row(name)
    terminal.show(console, made)
    terminal.say(console, name)
    assert out.getvalue().count(name) == 2


def test_the_consoles_of_commands_know_no_emoji() -> None:
    for console in (cli_shared.console, cli_shared.errors):
        assert console.render_str("oai:book:1").plain == "oai:book:1"
