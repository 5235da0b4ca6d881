"""Holdings statements a reader understands, from captions and numbers: 853–855 and 863–865 → ``v.1-12 (1999-2010)``.

MARC 21 Format for Holdings Data, "Captions and Pattern" and "Enumeration and Chronology"; the way of writing follows
ANSI/NISO Z39.71. Months are written in figures, for readers of every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.marc import Field
from indexer.text import has_han

ENUMERATION, ALTERNATIVE, CHRONOLOGY = "abcdef", "gh", "ijklm"
MAX_STATEMENTS = 200
"""Runs of one record that are written out; what follows is told by an ellipsis."""

_SEASONS = {"21": "Spring", "22": "Summer", "23": "Autumn", "24": "Winter"}
_HAN_SEASONS = {"21": "春", "22": "夏", "23": "秋", "24": "冬"}
_ERAS = ("民國", "昭和", "平成", "令和", "大正", "明治")
_AROUND = re.compile(r"(?P<before>[總总]?第|[總总])[\s.…·_()（）-]*(?P<after>.+)")
"""Captions that stand around their number: 第冊, 第…卷, 總期."""

Levels = tuple[tuple[str, str], ...]
"""(subfield code, number) of an issue, from the highest level down; empty ones left out."""


@dataclass(frozen=True, slots=True)
class _Run:
    """From one issue to another, both included. ``end`` None: a single one; open: no end is known."""

    start: Levels
    end: Levels | None = None
    open: bool = False


def link(field: Field) -> tuple[str, int]:
    """The parts of $8: what ties fields together, and the number in order (``1``, 2 of ``1.2\\p``)."""
    group, _, number = field.first("8").partition("\\")[0].partition(".")
    return group, int(number) if number.isdecimal() and len(number) < 10 else 0


def statements(captions: Iterable[Field], numbers: Sequence[Field]) -> Iterator[str]:
    """One statement for each run of issues, in the order of $8; captions are found by the same $8.

    Numbers without captions are written bare. Items not published (second indicator 4) are not there.
    """
    patterns = {link(field)[0]: dict(field.subfields) for field in captions}
    groups: dict[str, list[Field]] = {}
    for field in numbers:
        if field.ind2 != "4":
            groups.setdefault(link(field)[0], []).append(field)
    written = 0
    for group, fields in groups.items():
        for run in _joined(map(_run, sorted(fields, key=lambda field: link(field)[1]))):
            if not run.start:
                continue
            written += 1
            if written > MAX_STATEMENTS:
                yield "…"
                return
            yield _text(run, patterns.get(group, {}))


def _run(field: Field) -> _Run:
    """A field as a run: each number may be one (``12``), a range (``1-12``) or the beginning of one (``1-``)."""
    start: list[tuple[str, str]] = []
    end: list[tuple[str, str]] = []
    ranged = is_open = False
    for code in ENUMERATION + ALTERNATIVE + CHRONOLOGY:
        if not (number := field.first(code).strip(" <>[]()")):
            continue
        first, hyphen, last = (part.strip(" <>") for part in number.partition("-"))
        start.append((code, first))
        end.append((code, last if hyphen else first))
        ranged |= bool(hyphen)
        is_open |= bool(hyphen and not last)
    if not ranged:
        return _Run(tuple(start))
    return _Run(tuple(start), tuple((code, number) for code, number in end if number), is_open)


def _joined(runs: Iterable[_Run]) -> Iterator[_Run]:
    """Runs with single issues that follow one another made one: no.1, no.2, no.3 → no.1–3."""
    current: _Run | None = None
    for run in runs:
        if current and run.end is None and not current.open and _follows(current.end or current.start, run.start):
            current = _Run(current.start, run.start)
            continue
        if current:
            yield current
        current = run
    if current:
        yield current


def _follows(one: Levels, other: Levels) -> bool:
    """Whether an issue is the next: the lowest number one higher, those above it the same."""
    a, b = _enumeration(one), _enumeration(other)
    if not a or [code for code, _ in a] != [code for code, _ in b] or a[:-1] != b[:-1]:
        return False
    last, following = a[-1][1], b[-1][1]
    return last.isdecimal() and following.isdecimal() and len(last) < 10 and int(following) == int(last) + 1


def _enumeration(levels: Levels) -> Levels:
    return tuple(level for level in levels if level[0] in ENUMERATION)


def _text(run: _Run, captions: Mapping[str, str]) -> str:
    first, last = _enumeration(run.start), _enumeration(run.end or ())
    first_date, last_date = _date(run.start, captions), _date(run.end or (), captions)
    if len(first) <= 1 or run.end is None or (not run.open and first[:-1] == last[:-1] and len(first) == len(last)):
        numbers = _numbered(first, captions, run, last)
    elif run.open or not last:
        numbers = f"{_numbered(first, captions)}-"
    else:
        numbers = f"{_numbered(first, captions)}-{_numbered(last, captions)}"
    other = "".join(
        f" = {_captioned(captions.get(code, ''), number)}" for code, number in run.start if code in ALTERNATIVE
    )
    dates = first_date
    if first_date and run.end is not None and (run.open or last_date != first_date):
        dash = "-" if first_date.isdecimal() else "–"
        dates = f"{first_date}{dash}{'' if run.open else last_date}"
    if dates[:1].isdecimal():
        dates = next((era for era in _ERAS if era in captions.get("i", "")), "") + dates
    numbers += other
    if not numbers:
        return dates
    return f"{numbers} ({dates})" if dates else numbers


def _numbered(levels: Levels, captions: Mapping[str, str], run: _Run | None = None, last: Levels = ()) -> str:
    """Levels with their captions: ``v.12:no.3``, 12卷3期. With a run, the lowest level is a range: ``v.12:no.1-3``."""
    parts: list[str] = []
    for at, (code, number) in enumerate(levels):
        if run and run.end is not None and at == len(levels) - 1:
            upper = last[at][1] if at < len(last) and not run.open else ""
            whole = f"{number}-{upper}" if upper and upper != number else number
            parts.append(_captioned(captions.get(code, ""), whole) + ("" if upper else "-"))
        else:
            parts.append(_captioned(captions.get(code, ""), number))
    return ("" if any(map(has_han, parts)) else ":").join(parts)


def _captioned(caption: str, number: str) -> str:
    """A number with its caption; captions in brackets are for the order of things, not for readers."""
    caption = caption.strip()
    if not caption or caption.startswith("(") or caption == "*":
        return number
    if has_han(caption):
        around = _AROUND.fullmatch(caption)
        return f"{around['before']}{number}{around['after']}" if around else f"{number}{caption}"
    return f"{caption}{number}" if caption.endswith((".", "-")) else f"{caption} {number}"


def _date(levels: Levels, captions: Mapping[str, str]) -> str:
    """The chronology of an issue: ``2016``, ``2016-01``, ``2016-01-15``, ``2016 Spring``, in Chinese 2016 春."""
    numbers = [number for code, number in levels if code in CHRONOLOGY]
    seasons = _HAN_SEASONS if any(map(has_han, captions.values())) else _SEASONS
    text = ""
    for at, number in enumerate(numbers):
        if at == 1 and number in seasons:
            text += f" {seasons[number]}"
        elif at:
            text += f"-{number}" if number[:1].isdecimal() else f" {number}"
        else:
            text += number
    return text
