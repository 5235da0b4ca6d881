"""Progress of long work on the terminal: what is being done, how far it is and how long it will take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from harvester.run import Progress as HarvestProgress
from indexer.run import IndexProgress

MARKS: Mapping[str, Text] = {"unverified": Text("?", "yellow"), "failed": Text("✗", "red")}
"""What stands before a harvest that has ended without being proven."""


class _Mark(SpinnerColumn):
    """Turns while work goes on; then whether it went well."""

    def render(self, task: Task) -> RenderableType:
        return MARKS.get(str(task.fields.get("phase", "")), super().render(task))


@contextmanager
def _bars(console: Console, *, transient: bool = False) -> Iterator[Progress]:
    columns = (
        _Mark(finished_text="[green]✓"),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[phase]}", markup=False),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, refresh_per_second=5, transient=transient) as progress:
        yield progress


@contextmanager
def harvest_progress(console: Console) -> Iterator[Callable[[HarvestProgress], None]]:
    """A bar for every member, with the records seen and those expected."""
    with _bars(console) as bars:
        tasks: dict[str, TaskID] = {}

        def show(state: HarvestProgress) -> None:
            if state.library not in tasks:
                tasks[state.library] = bars.add_task(state.library, total=state.expected, phase="")
            ended = state.phase in ("complete", "unverified", "failed")
            bars.update(
                tasks[state.library],
                completed=state.records,
                total=state.records if ended else state.expected,
                phase=state.phase,
            )

        yield show


@contextmanager
def index_progress(console: Console) -> Iterator[Callable[[IndexProgress], None]]:
    """A bar for every stage of indexing."""
    with _bars(console) as bars:
        tasks: dict[str, TaskID] = {}

        def show(state: IndexProgress) -> None:
            if state.stage not in tasks:
                tasks[state.stage] = bars.add_task(state.stage, total=state.total, phase="")
            bars.update(tasks[state.stage], completed=state.done, total=state.total)

        yield show


@contextmanager
def counting(console: Console, what: str, total: int) -> Iterator[Callable[[int], None]]:
    """One bar for something that is counted through; it goes when it is done."""
    with _bars(console, transient=True) as bars:
        task = bars.add_task(what, total=total, phase="")
        yield lambda done: bars.update(task, completed=done)


@contextmanager
def checking(console: Console, what: str) -> Iterator[Callable[[int, int | None], None]]:
    """One bar for something of which it is found out on the way how much it is; it goes when it is done."""
    with _bars(console, transient=True) as bars:
        task = bars.add_task(what, total=None, phase="")
        yield lambda done, total: bars.update(task, completed=done, total=total)
