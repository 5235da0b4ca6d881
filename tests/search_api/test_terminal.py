from __future__ import annotations

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len
from rich.console import Console

from harvester.raw_record import Quarantined
from search_api import terminal
from search_api.commands import raw, shared

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


@pytest.mark.parametrize("heading", ["how", "擷取情形"])
def test_the_rule_below_a_heading_is_no_longer_than_it_in_a_pipe(heading: str) -> None:
    out = io.StringIO()
    made = terminal.table("library", heading)
    made.add_row("alpha", "a sentence " * 40)
    terminal.show(Console(file=out, width=100), made)
    above, rule, row = out.getvalue().splitlines()
    assert (cell_len(rule), set(rule)) == (cell_len(above), {"─"})
    assert row.endswith("a sentence")


def test_the_consoles_of_commands_know_no_emoji() -> None:
    for console in (shared.console, shared.errors):
        assert console.render_str("oai:book:1").plain == "oai:book:1"


REFUSED = [
    Quarantined(
        "haifeng",
        "oai:opac.haifeng.example.edu.tw:library/00012345",
        "read",
        "245",
        'its bytes look like gb18030; its file says records.encoding = "gb18030"',
        datetime(2026, 11, 20, 19, 12, tzinfo=UTC),
    ),
    Quarantined("haifeng", "[red]1[/red]", "read", "", "a\x1b[31m title", datetime(2026, 11, 20, tzinfo=UTC)),
]


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_what_is_in_quarantine_is_whole_on_a_terminal_of_any_width(columns: int) -> None:
    out = io.StringIO()
    console = Console(file=out, width=columns, force_terminal=True, color_system=None)
    raw.print_quarantine(console, REFUSED, ZoneInfo("Asia/Taipei"))
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    assert "haifeng:oai:opac.haifeng.example.edu.tw:library/00012345" in lines, "a name in one piece, to be copied"
    assert "haifeng:[red]1[/red]" in lines
    assert max(map(len, lines)) <= columns
    said = " ".join(" ".join(lines).split())
    assert 'its file says records.encoding = "gb18030" (read, 2026-11-21 03:12 Asia/Taipei)' in said
    assert "\x1b" not in said


def test_a_pipe_gets_a_row_for_each() -> None:
    out = io.StringIO()
    raw.print_quarantine(Console(file=out, width=80), REFUSED, ZoneInfo("Asia/Taipei"))
    rows = [line for line in out.getvalue().splitlines() if line.startswith("haifeng:")]
    assert len(rows) == len(REFUSED)
    assert rows[0].split()[-2:] == ["2026-11-21", "03:12"]
