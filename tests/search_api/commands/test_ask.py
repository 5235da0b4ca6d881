"""`allshelves ask`: how a librarian sees what a library's own system is sent, answers and is understood to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.search_api.test_cli import Deployment
from tests.support.background import in_background
from tests.support.status import LENT, ON_SHELF, answering, daia, serving


def deployed(folder: Path, url: str = "", auth: str = "") -> Deployment:
    """A deployment with one library, that has never harvested anything."""
    libraries = folder / "libraries"
    libraries.mkdir()
    service = f'protocol = "daia"\nurl = "{url}"' if url else 'protocol = "none"'
    (libraries / "lib.toml").write_text(
        'code = "lib"\nname.en = "Lib"\nregion = "north"\nkind = "city"\n'
        '[harvest]\nprotocol = "oai-pmh"\nurl = "http://127.0.0.1:9/oai"\n'
        f"[availability]\n{service}\n{auth}\n"
    )
    return Deployment(folder / "state", libraries)


def test_it_prints_what_went_to_and_fro_and_what_was_understood(tmp_path: Path) -> None:
    odd = {"available": [{"service": "teleportation"}]}
    with in_background(lambda: serving(daia({"7": [ON_SHELF, LENT, odd]}))) as server:
        auth = '[availability.auth]\nkind = "api-key"\nkey_env = "LIB_KEY"\nparameter = "access_token"'
        said = deployed(tmp_path, server.url, auth).run("ask", "lib", "7", "--barcode", "B1", LIB_KEY="s3cret")
    assert said.code == 0, said.err
    assert "barcodes B1" in said.err
    assert f"→ GET {server.url}?id=7&format=json&access_token=…" in said.out
    assert '"requested": "7"' in said.out
    assert "7: ok, 3 copies" in said.out
    assert [
        line.split()[0] for line in said.out.splitlines() if line.startswith(("available", "on_loan", "unknown "))
    ] == [
        "available",
        "on_loan",
        "unknown",
    ]
    assert "unknown word: teleportation" in said.out
    assert "s3cret" not in said.out + said.err


def test_a_secret_that_the_system_writes_back_is_seen_nowhere(tmp_path: Path) -> None:
    key = "k3y-of-the-library"
    echo = {
        "id": f"x:{key}",
        "label": f"A {key}",
        "about": f"key {key}",
        "storage": {"content": key},
        "department": {"content": f"Main {key}"},
        "available": [{"service": key}, {"service": "loan", "href": f"https://lib.example/?k={key}"}],
    }
    with in_background(lambda: serving(daia({"7": [echo]}))) as server:
        auth = '[availability.auth]\nkind = "api-key"\nkey_env = "LIB_KEY"\nparameter = "access_token"'
        said = deployed(tmp_path, server.url, auth).run("ask", "lib", "7", "--whole", LIB_KEY=key)
    assert said.code == 0, said.err
    assert key not in said.out + said.err
    assert "unknown word: …" in said.out
    assert "7: ok, 1 copy\n" in said.out
    assert "A …" in said.out


def test_a_system_that_cannot_be_asked_ends_with_one_and_the_reason(tmp_path: Path) -> None:
    with in_background(lambda: serving(answering("maintenance", status=503))) as server:
        said = deployed(tmp_path, server.url).run("ask", "lib", "7")
    assert said.code == 1
    assert "lib: could not be asked: answered HTTP 503" in said.err
    assert f"→ GET {server.url}?id=7&format=json" in said.out, "what was asked is shown all the same"


def test_a_library_without_live_status_has_nothing_to_ask(tmp_path: Path) -> None:
    said = deployed(tmp_path).run("ask", "lib", "7")
    assert said.code == 2
    assert "availability.protocol is none" in said.err


@pytest.mark.parametrize(("arguments", "whole"), [((), False), (("--whole",), True)])
def test_a_long_answer_is_cut_unless_all_of_it_is_wanted(
    tmp_path: Path, arguments: tuple[str, ...], whole: bool
) -> None:
    with in_background(lambda: serving(daia({"7": [ON_SHELF] * 60}))) as server:
        said = deployed(tmp_path, server.url).run("ask", "lib", "7", *arguments)
    assert ("--whole prints them all" in said.out) is not whole
    assert "7: ok, 60 copies" in said.out
