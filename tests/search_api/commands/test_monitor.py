"""`allshelves monitor`: one known record asked of every library now and then, and kept for staff; what `ask` knows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from search_api.availability.history import History
from tests.search_api.test_cli import Deployment
from tests.support.background import in_background
from tests.support.catalogue import fill, write_libraries
from tests.support.status import ON_SHELF, Served, answering, daia, serving


@dataclass(frozen=True)
class Known:
    """A filled catalogue, where alpha answers and beta is down."""

    deployment: Deployment
    alpha: Served


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    home = tmp_path_factory.mktemp("monitor")
    settings = asyncio.run(fill(home))
    with (
        in_background(lambda: serving(daia({"100": [ON_SHELF]}))) as alpha,
        in_background(lambda: serving(answering("", status=503))) as beta,
    ):
        write_libraries(settings.libraries, {"alpha": alpha.url, "beta": beta.url})
        yield Known(Deployment(home, settings.libraries), alpha)


def rows(out: str) -> dict[str, list[str]]:
    return {line.split()[0]: line.split()[1:] for line in out.splitlines() if line.startswith(("alpha", "beta"))}


def test_each_library_with_a_service_is_asked_about_a_record_of_its_own(known: Known) -> None:
    said = known.deployment.run("monitor")
    assert said.code == 1, "one did not answer"
    found = rows(said.out)
    assert found["alpha"][:2] == ["100", "yes"]
    assert found["beta"][:2] == ["200", "no"]
    assert found["beta"][3:] == ["answered", "HTTP", "503"]
    assert "gamma" not in said.out, "it has no live status"


def test_what_came_is_kept_and_told_by_status(known: Known) -> None:
    deployment = known.deployment
    deployment.run("monitor")
    store = deployment.store()
    past = History(store).of(["alpha", "beta"])
    store.close()
    alpha, beta = (past[code].together("monitor") for code in ("alpha", "beta"))
    assert alpha is not None
    assert beta is not None
    assert (alpha.answered == alpha.asked, beta.answered, beta.last_failure) == (True, 0, "answered HTTP 503")
    told = json.loads(deployment.run("status", "--json").out)
    live = {one["code"]: one["live_past"] for one in told["libraries"]}
    assert live["alpha"]["monitor"]["answered"] == alpha.answered
    assert live["beta"]["monitor"]["last_failure"] == "answered HTTP 503"
    assert (live["gamma"]["monitor"], live["alpha"]["patrons"]) == (None, None)
    said = " ".join(deployment.run("status").out.split())
    assert f"Monitor: {alpha.asked} of {alpha.asked} look" in said
    assert "not answered (answered HTTP 503)" in said or "looks answered in 7 days (answered HTTP 503)" in said


@pytest.mark.parametrize(
    ("local_id", "answered", "why"),
    [("100", "yes", ""), ("nosuch", "no", "does not know record nosuch")],
)
def test_the_library_s_file_may_name_the_record(known: Known, local_id: str, answered: str, why: str) -> None:
    file = known.deployment.libraries / "alpha.toml"
    before = file.read_text(encoding="utf-8")
    file.write_text(before.replace("[availability]", f'[availability]\nmonitor = "{local_id}"'), encoding="utf-8")
    try:
        said = known.deployment.run("monitor", "alpha")
    finally:
        file.write_text(before, encoding="utf-8")
    found = rows(said.out)["alpha"]
    assert (said.code, found[:2], " ".join(found[3:])) == (int(answered == "no"), [local_id, answered], why)


def test_a_library_without_records_is_said_not_to_be_asked(tmp_path: Path) -> None:
    libraries = write_libraries(tmp_path / "libraries", {"alpha": "http://127.0.0.1:9/"})
    said = Deployment(tmp_path / "state", libraries).run("monitor")
    assert said.code == 0
    assert "alpha: not asked" in said.err


def test_ask_knows_of_a_record_what_the_catalogue_does(known: Known) -> None:
    said = known.deployment.run("ask", "alpha", "100", "--barcode", "new1")
    assert said.code == 0
    assert "record 100; barcodes A100, A101, new1; ISBN 9789570835878; title 紅樓夢校注" in said.err


def test_ask_takes_a_record_that_the_catalogue_does_not_know(known: Known) -> None:
    said = known.deployment.run("ask", "alpha", "999")
    assert "record 999\n" in said.err
    assert "999: not_found" in said.out
