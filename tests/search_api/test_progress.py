"""Progress on the terminal: every member and every stage has a bar that ends where it is."""

from __future__ import annotations

import io

from rich.console import Console

from harvester.run import Progress
from indexer.run import IndexProgress
from search_api.progress import harvest_progress, index_progress


def console() -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, width=100), out


def test_a_harvest_shows_each_member_with_its_records_and_how_it_ended() -> None:
    terminal, out = console()
    with harvest_progress(terminal) as show:
        show(Progress("ntl", 100, 400, "harvesting"))
        show(Progress("haifeng", 10, None, "harvesting"))
        show(Progress("ntl", 390, 400, "complete"))
        show(Progress("haifeng", 10, None, "failed"))
    ntl, haifeng = out.getvalue().splitlines()
    assert ntl.split()[1] == "ntl"
    assert "390/390 complete" in ntl, "what a server expects may be wrong; the end is what came"
    assert "10/10" in haifeng
    assert "failed" in haifeng
    assert (ntl.split()[0], haifeng.split()[0]) == ("✓", "✗"), "what failed is not ticked off"


def test_a_member_whose_size_is_not_known_shows_what_came() -> None:
    terminal, out = console()
    with harvest_progress(terminal) as show:
        show(Progress("ntl", 100, None, "harvesting"))
    assert "100/?" in out.getvalue()


def test_indexing_shows_its_stages() -> None:
    terminal, out = console()
    with index_progress(terminal) as show:
        show(IndexProgress("records", 0, 50))
        show(IndexProgress("records", 50, 50))
        show(IndexProgress("editions", 20, 20))
    assert [line.split()[1] for line in out.getvalue().splitlines()] == ["records", "editions"]
    assert "50/50" in out.getvalue()


def test_nothing_to_do_shows_nothing() -> None:
    terminal, out = console()
    with index_progress(terminal):
        pass
    assert out.getvalue().strip() == ""
