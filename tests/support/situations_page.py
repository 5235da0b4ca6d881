"""`make docs-availability`: every connector in every situation, and what is shown then, as the table of its page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path

from benchmarks.generated_part import GeneratedPart
from search_api.availability.words import WORDS
from tests.support.plays import PLAYS
from tests.support.situations import SITUATIONS, Outcome, Play, outcome

PAGE = Path(__file__).parents[2] / "docs" / "availability" / "README.md"
PART = GeneratedPart(PAGE, "make docs-availability")
WORDS_PART = GeneratedPart(PAGE, "make docs-availability: words", "<!-- end of words -->")


def cell(came: Outcome | None) -> str:
    """What is shown, without its note; None where a protocol has no word for the situation."""
    return "–" if came is None else came.shown.replace("|", "/")


def table(cells: Mapping[tuple[str, str], str]) -> str:
    """The table as Markdown, a row for each situation; ``cells``: (protocol, situation) → what is shown."""
    notes: dict[str, int] = {}
    rows = [("the system says …", *PLAYS), ("---",) * (len(PLAYS) + 1)]
    for situation in SITUATIONS:
        row = [situation.says]
        for protocol, plays in PLAYS.items():
            note = plays[situation.name].because
            mark = f" [note {notes.setdefault(note, len(notes) + 1)}]" if note else ""
            row.append(cells[protocol, situation.name] + mark)
        rows.append(tuple(row))
    lines = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return lines + "\n" + "".join(f"Note {number}: {note}.  \n" for note, number in notes.items())


def words_table() -> str:
    """The usual status words by state, as Markdown."""
    states = dict.fromkeys(WORDS.values())
    rows = ((state, "、".join(word for word, its in WORDS.items() if its is state)) for state in states)
    return "| State | Words |\n|---|---|\n" + "".join(f"| `{state}` | {words} |\n" for state, words in rows)


async def every_cell() -> dict[tuple[str, str], str]:
    """Every situation played by every protocol."""
    cells = {}
    for protocol, plays in PLAYS.items():
        for situation in SITUATIONS:
            play = plays[situation.name]
            cells[protocol, situation.name] = cell(await outcome(situation, play) if isinstance(play, Play) else None)
    return cells


if __name__ == "__main__":
    logging.disable()  # most situations are faults, and each of them is logged
    WORDS_PART.write(words_table())
    PART.write(table(asyncio.run(every_cell())))
