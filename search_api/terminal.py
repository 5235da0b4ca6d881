"""Tables for a terminal of eighty columns, and text from strangers that cannot steer it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

UNBROKEN = 1_000
"""Columns of a table that no terminal shows."""

INDENT = 4
RULE = "─"
"""What the line under a heading is made of."""

_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in (0x09, 0x0A)}


def table(*texts: str, numbers: tuple[str, ...] = ()) -> Table:
    """A table without frame, so that eighty columns hold it. Texts break rather than lose their end."""
    made = Table(box=SIMPLE_HEAD, padding=0, pad_edge=False, show_edge=False)
    for heading in texts:
        made.add_column(heading, overflow="fold")
    for heading in numbers:
        made.add_column(heading, justify="right", no_wrap=True)
    return made


def show(console: Console, made: Table) -> None:
    """Prints a table in the width of the terminal; a file or a pipe gets every row whole."""
    if not console.is_terminal:
        text = io.StringIO()
        Console(file=text, width=UNBROKEN, markup=False, emoji=False).print(made, crop=False)
        lines = [line.rstrip() for line in text.getvalue().splitlines()]
        if len(lines) > 1 and lines[1] and not set(lines[1]) - {RULE, " "}:  # as long as the longest text otherwise
            lines[1] = lines[1][: cell_len(lines[0])]
        console.file.write("".join(f"{line}\n" for line in lines))
        return
    # Records may hold what looks like markup, and identifiers what looks like the name of an emoji.
    plain = Console(file=console.file, width=console.width, markup=False, emoji=False)
    plain.print(made, crop=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """What has too much to say for columns: a line that is never broken, to be copied, and what is said below it."""

    heading: Text
    said: str


def show_entries(console: Console, entries: Iterable[Entry], as_rows: Table) -> None:
    """Prints entries one below the other on a terminal; a file or a pipe gets each as a row, whole."""
    if not console.is_terminal:
        show(console, as_rows)
        return
    for entry in entries:
        console.print(entry.heading, highlight=False, soft_wrap=True)
        if entry.said:
            said = Text(entry.said, overflow="fold")
            console.print(Padding(said, (0, 0, 0, INDENT)), highlight=False)


def say(console: Console, text: str = "") -> None:
    """Prints a line as it is: nothing in it is markup, coloured or cut off."""
    console.print(text, markup=False, highlight=False, emoji=False, soft_wrap=True)


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A day and time, and whose: 2026-11-21 03:12 Asia/Taipei."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M} {zone.key}"


def visible(text: str) -> str:
    """The text with its control characters written out: a record must not move the cursor or set colours."""
    return text.translate(_CONTROLS)
