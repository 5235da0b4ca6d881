"""`allshelves judge`, `judgements` and `explain EDITION`: what they do and say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.search_api.test_cli import Deployment
from tests.support.catalogue import harvest_into, write_libraries

DREAM = """
=001  {number}
=008  040101s{year}    ch            000 0 chi d
=100  1\\$a曹雪芹,$e著.
=245  10$a紅樓夢.
=260  \\\\$a臺北市 :$b{house},$c{year}.
=300  \\\\$a{pages}面
"""
A, B, C = "alpha:1", "beta:2", "gamma:3"


@pytest.fixture
def deployed(tmp_path: Path) -> Deployment:
    """Two records of one edition, and one of a reprint by another house."""
    deployment = Deployment(tmp_path, write_libraries(tmp_path / "libraries"))
    store = deployment.store()
    harvest_into(store, "alpha", [("1", DREAM.format(number=1, year=1984, house="里仁書局", pages=1285))])
    harvest_into(store, "beta", [("2", DREAM.format(number=2, year=1984, house="里仁書局", pages=1285))])
    harvest_into(store, "gamma", [("3", DREAM.format(number=3, year=1999, house="桂冠圖書", pages=700))])
    store.close()
    assert deployment.run("index").code == 0
    return deployment


def _explained(deployed: Deployment, name: str) -> str:
    said = deployed.run("explain", name)
    assert said.code == 0, said.err
    return said.out


def test_judging_joins_at_once_says_so_and_is_found_by_searching(deployed: Deployment) -> None:
    said = deployed.run("judge", A, C, "same", "--because", "the same plates", "--by", "Chen")
    assert said.code == 0, said.err
    first, second = said.out.splitlines()
    assert first.startswith(f"1  {A} and {C}: same  (Chen, ")
    assert first.endswith(": the same plates)")
    assert second.startswith("Both are in edition ")
    status = json.loads(deployed.run("explain", A, "--json").out)
    assert [one["record"] for one in status["records"]] == [A, B, C]


def test_judgements_are_listed_and_withdrawn_and_kept(deployed: Deployment) -> None:
    assert deployed.run("judgements").out == "Nobody has judged anything.\n"
    deployed.run("judge", A, B, "different", "--because", "another setting", "--by", "Chen")
    assert "another setting" in deployed.run("judgements").out
    again = deployed.run("judge", A, B, "different", "--because", "once more", "--by", "Lin")
    assert again.out.startswith("It holds already: 1 ")
    taken = deployed.run("judge", A, B, "--withdraw", "--because", "I erred", "--by", "Chen")
    assert taken.code == 0, taken.err
    assert "Both are in edition" in taken.out
    assert deployed.run("judgements").out == "Nobody has judged anything.\n"
    assert "withdrawn (Chen" in deployed.run("judgements", "--withdrawn").out
    [kept] = json.loads(deployed.run("judgements", "--withdrawn", "--json").out)["judgements"]
    assert kept["withdrawn"]["because"] == "I erred"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((A, "beta:99", "same", "--because", "x"), "the catalogue holds no record beta:99"),
        ((A, B, "same"), "a judgement says why"),
        ((A, A, "same", "--because", "x"), "is one record"),
        ((A, B), "say same or different, or --withdraw"),
        ((A, B, "same", "--withdraw", "--because", "x"), "say same or different, or --withdraw"),
        ((A, B, "--withdraw", "--because", "x"), f"nobody has judged {A} and {B}"),
        ((A, "nothing", "same", "--because", "x"), "'nothing'"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_words(
    deployed: Deployment, arguments: tuple[str, ...], words: str
) -> None:
    said = deployed.run("judge", *arguments)
    assert said.code == 2
    assert words in " ".join(said.err.replace("│", " ").split())


def test_a_contradiction_names_what_it_contradicts(deployed: Deployment) -> None:
    deployed.run("judge", A, B, "same", "--because", "one book", "--by", "Chen")
    deployed.run("judge", B, C, "same", "--because", "one book", "--by", "Chen")
    said = deployed.run("judge", A, C, "different", "--because", "two books", "--by", "Lin")
    assert said.code == 2
    assert f"{A} and {C} were judged the same" in said.err
    assert "judgement 2, Chen" in said.err


def test_explain_draws_an_edition_by_its_id_or_any_record(deployed: Deployment) -> None:
    out = _explained(deployed, A)
    assert out == _explained(deployed, out.split()[1])
    first, *rest = out.splitlines()
    assert first.startswith("edition ")
    assert " of work w" in first
    assert any(line.startswith("1 alpha:1") and "里仁書局" in line and line.endswith("1984") for line in rest)
    assert any(line.startswith("  1 ─ 2  +") and "titles equal" in line for line in rest)


def test_explain_tells_what_was_vetoed_at_the_border_and_inside(deployed: Deployment) -> None:
    deployed.run("judge", A, C, "same", "--because", "the same plates", "--by", "Chen")
    out = _explained(deployed, A)
    assert "also found as" in out
    assert f"  1  {A} and {C}: same" in out
    assert "  3  only by what people judged" in out
    _, inside = out.split("Vetoed, and together through others or by people\n")
    assert "1 ┄ 3" in inside
    assert "veto: " in inside


def test_explain_of_two_records_tells_what_a_person_judged(deployed: Deployment) -> None:
    deployed.run("judge", A, C, "same", "--because", "the same plates", "--by", "Chen")
    assert "A person judged: 1  alpha:1 and gamma:3: same" in deployed.run("explain", A, C).out


def test_explain_says_which_edition_there_is_not(deployed: Deployment) -> None:
    said = deployed.run("explain", "nothing")
    assert said.code == 2
    assert "there is no edition nothing" in said.err
    assert deployed.run("explain", A, B, "--json").code == 2


def test_a_judgement_without_an_engine_says_when_searches_show_it(deployed: Deployment) -> None:
    said = deployed.run("judge", A, C, "same", "--because", "x", "--by", "y", ALLSHELVES_ENGINE="http://127.0.0.1:9")
    assert said.code == 0, said.err
    assert "searches when the next index has run" in said.out
