"""The command line over members' own servers and a state folder: what it does, says and ends with."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest
from rich.cells import cell_len
from rich.console import Console

from fixtures.servers import running_consortium
from harvester.errors import HostUnknown
from harvester.raw_record import Quarantined
from harvester.store import FileEntry, RunOutcome, Store
from indexer.transmission import from_iso2709
from mappings.library import load_library
from search_api import cli
from search_api import terminal as terminal_tables
from search_api.commands import harvest as harvest_command
from tests.support.background import in_background
from tests.support.catalogue import HARVESTED, harvest_into, write_libraries
from tests.support.marc_bytes import iso2709

MEMBERS = ("fenggu", "haifeng", "ntl")


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    def row(self, first: str) -> list[str]:
        """The cells of the row of a table that begins with a word."""
        [found] = [line.split() for line in self.out.splitlines() if line.startswith(f"{first} ")]
        return found


@dataclass(frozen=True)
class Deployment:
    home: Path
    libraries: Path

    def run(self, *arguments: str, **environment: str) -> Ended:
        """`allshelves` with these arguments, as the console script runs it."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("ALLSHELVES_")}
        env |= {"ALLSHELVES_HOME": str(self.home), "ALLSHELVES_LIBRARIES": str(self.libraries), **environment}
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        with (
            patch.dict(os.environ, env, clear=True),
            patch.object(sys, "argv", ["allshelves", *arguments]),
            redirect_stdout(out),
            redirect_stderr(err),
            pytest.raises(SystemExit) as ended,
        ):
            cli.main()
        code = ended.value.code
        said, complained = (stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]
        return Ended(code if isinstance(code, int) else 0, said, complained)

    def store(self) -> Store:
        self.home.mkdir(parents=True, exist_ok=True)
        return Store.open(f"sqlite:///{self.home / 'catalogue.sqlite3'}")


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Deployment, Ended]]:
    """Three demo members, harvested by the command under test, their servers still there; and what it said."""
    folder = tmp_path_factory.mktemp("cli")
    with in_background(lambda: running_consortium(members=MEMBERS, editions_limit=60)) as consortium:
        deployment = Deployment(folder / "state", consortium.write_libraries(folder / "libraries"))
        yield deployment, deployment.run("harvest")


@pytest.fixture
def small(tmp_path: Path) -> Deployment:
    """Four members without servers, and no records yet."""
    return Deployment(tmp_path / "state", write_libraries(tmp_path / "libraries"))


def test_harvest_says_what_each_member_gave_and_the_counts_add_up(harvested: tuple[Deployment, Ended]) -> None:
    _, said = harvested
    assert said.code == 0
    for code in MEMBERS:
        _, run, status, *counts, seconds = said.row(code)
        assert (run, status) == ("full", "complete")
        seen, new, changed, same, deleted, unread = map(int, counts)
        assert new > 0
        assert seen == new + changed + same + deleted + unread
        assert float(seconds) >= 0


def test_harvest_shows_how_far_it_came(harvested: tuple[Deployment, Ended]) -> None:
    _, said = harvested
    seen = said.row("ntl")[3]
    assert f"{seen}/{seen} complete" in said.out


def test_a_second_harvest_of_one_member_asks_for_changes_only(harvested: tuple[Deployment, Ended]) -> None:
    deployment, _ = harvested
    said = deployment.run("harvest", "ntl")
    assert said.code == 0
    assert said.row("ntl")[1:4] == ["changes", "complete", "0"]
    assert "haifeng" not in said.out


def test_index_then_status_then_rebuild(harvested: tuple[Deployment, Ended]) -> None:
    deployment, first = harvested
    new = sum(int(first.row(code)[4]) for code in MEMBERS)
    said = deployment.run("index")
    assert said.code == 0
    assert int(said.row("read")[1]) + int(said.row("authorities")[1]) == new
    assert said.row("unreadable")[1] == "0"
    editions = said.row("changed")[-1]

    members = deployment.run("status")
    assert members.code == 0
    assert members.row("ntl")[1:5] == ["fresh", first.row("ntl")[4], "Up", "to"], "state, records, words"
    assert all(line == line.rstrip() for line in members.out.splitlines()), "nothing pads a pipe"
    assert "National" in members.out
    inside = deployment.run("status", "ntl", ALLSHELVES_LANGUAGE="zh-Hant")
    assert "國立典藏圖書館" in inside.out
    assert "最近一次確認完整的擷取" in inside.out

    nothing = deployment.run("rebuild", "--back")
    assert (nothing.code, "no index to go back to" in nothing.err) == (2, True)
    rebuilt = deployment.run("rebuild")
    assert rebuilt.code == 0
    assert rebuilt.row("changed")[-1] == editions
    back = deployment.run("rebuild", "--back")
    assert back.code == 0
    assert f"in use again, with {editions} editions" in back.out


def test_a_member_never_harvested_is_listed_as_such(small: Deployment) -> None:
    said = small.run("status")
    assert said.code == 0
    assert said.row("delta")[1:] == ["never", "0", *["Not", "harvested", "yet.", "Next", "harvest:", "now."]]


def test_a_refused_file_is_trouble_until_it_is_skipped(small: Deployment) -> None:
    store = small.store()
    harvest_into(store, "alpha", HARVESTED["alpha"])
    run = store.begin_run("alpha", "full", "src")
    store.commit_page(run, [], None, files=[FileEntry("/in/may.mrc", 1, state="refused", reason="it breaks off")])
    store.finish_run(run, "complete")
    store.close()
    told = small.run("status", "alpha")
    assert told.code == 1
    assert "allshelves skip alpha may.mrc" in " ".join(told.out.split())
    assert small.run("skip", "alpha", "june.mrc", "--yes").code == 1
    said = small.run("skip", "alpha", "may.mrc", "--yes")
    assert (said.code, "may.mrc is passed over" in said.out) == (0, True)
    assert small.run("status", "alpha").code == 0


def test_status_tells_programs_what_the_api_tells(small: Deployment) -> None:
    store = small.store()
    harvest_into(store, "alpha", HARVESTED["alpha"])
    store.close()
    said = small.run("status", "--json", "alpha")
    assert said.code == 0
    [alpha] = json.loads(said.out)["libraries"]
    assert (alpha["code"], alpha["freshness"], alpha["records"], alpha["last_run"]["new"]) == ("alpha", "fresh", 2, 2)
    assert "Up to date" in alpha["in_words"]["en"]


def test_what_a_record_was_before_its_identifier_was_given_to_another_is_shown(small: Deployment) -> None:
    store = small.store()
    (name, before), (_, another) = HARVESTED["alpha"]
    for payload in (before, another):
        harvest_into(store, "alpha", [(name, payload)])
    store.close()
    assert f"1 identifier was given to quite another record ({name})" in " ".join(small.run("status").out.split())
    assert json.loads(small.run("status", "--json", "alpha").out)["libraries"][0]["reused"] == 1
    now, was = small.run("show", "alpha", name), small.run("show", "alpha", name, "--former")
    assert "it was quite another record: --former shows it" in now.out
    assert re.search(r"quite another record until [\d-]{10} \d\d:\d\d Asia/Taipei", was.out)
    assert ("Sapiens" in now.out, "Sapiens" in was.out) == (True, False)
    assert "紅樓夢校注" in small.run("show", "alpha", name, "--former", "--as", "raw").out
    (beside, _) = HARVESTED["beta"][0]
    missing = small.run("show", "beta", beside, "--former")
    assert (missing.code, "was no other record" in missing.err) == (2, True)


def test_a_record_is_shown_with_where_its_copies_stand(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path / "state", write_libraries(tmp_path / "libraries"))
    text = (deployment.libraries / "alpha.toml").read_text(encoding="utf-8")
    for key in ("delta", "beta", "gamma"):
        (deployment.libraries / f"{key}.toml").unlink()
    files = 'protocol = "marc-dump"\nfiles = ["a.mrc", "items.csv"]\nitems = { control_number = "bib", barcode = "no" }'
    old = 'protocol = "oai-pmh"\nurl = "http://127.0.0.1:9/oai"'
    assert old in text
    (deployment.libraries / "alpha.toml").write_text(text.replace(old, files), encoding="utf-8")
    (deployment.libraries / "a.mrc").write_bytes(iso2709("1") + iso2709("2"))
    (deployment.libraries / "items.csv").write_text("bib,no\n1,B001\n1,B002\n", encoding="utf-8")
    assert (deployment.run("harvest").code, deployment.run("index").code) == (0, 0)
    said = deployment.run("show", "alpha", "1")
    assert "Copies of it stand in items:1: allshelves show alpha items:1" in said.out
    assert ["items[1].barcode", "B002"] in [line.split()[:2] for line in said.out.splitlines()]
    assert "B002" in deployment.run("show", "alpha", "items:1").out
    without = deployment.run("show", "alpha", "2").out
    assert ("Copies of it" in without, "barcode" in without) == (False, False)


def test_status_ends_with_code_one_when_a_member_is_in_trouble(small: Deployment) -> None:
    store = small.store()
    why = HostUnknown("alpha.example: nobody knows a host of this name")
    store.finish_run(store.begin_run("alpha", "full", "x"), "failed", error=str(why), failure=why)
    store.close()
    said = small.run("status")
    assert said.code == 1
    assert said.out.splitlines()[2].split()[:4] == ["alpha", "alarm", "0", "Alarm:"], "trouble comes first"
    assert "nobody knows a host of this name" in " ".join(said.out.split())
    assert small.run("status", "beta").code == 0


def test_a_member_that_fails_ends_with_code_one_and_its_reason(
    harvested: tuple[Deployment, Ended], tmp_path: Path
) -> None:
    deployment, _ = harvested
    broken = Deployment(tmp_path / "state", tmp_path / "libraries")
    broken.libraries.mkdir()
    for code in ("fenggu", "ntl"):
        text = (deployment.libraries / f"{code}.toml").read_text(encoding="utf-8")
        (broken.libraries / f"{code}.toml").write_text(text.replace("records.mrc", "nosuch.mrc"), encoding="utf-8")
    said = broken.run("harvest")
    assert said.code == 1
    assert said.row("ntl")[2] == "complete", "one failing stops no other"
    assert said.row("fenggu")[2] == "failed"
    [reason] = [line for line in said.out.splitlines() if line.startswith("fenggu: ")]
    assert "404" in reason


def test_probe_prints_a_file_and_says_elsewhere_what_it_does(harvested: tuple[Deployment, Ended]) -> None:
    deployment, _ = harvested
    url = load_library(deployment.libraries / "haifeng.toml").harvest.url
    said = deployment.run("probe", url)
    assert said.code == 0
    table = tomllib.loads(said.out)
    assert (table["harvest"]["url"], table["records"]["holdings"]) == (url, "koha-952")
    assert "… what it says of itself (Identify)" in said.err
    assert "questions asked" in said.err
    assert tomllib.loads(deployment.run("probe", "haifeng").out)["code"] == "haifeng"


BESIDE = [
    ("", "the shell has made the file that the draft goes to"),
    ("code = 'x", "a slip in another library's file"),
    (None, "the first library of all: the folder is empty"),
]


@pytest.mark.parametrize(("beside", "why"), BESIDE)
def test_probe_needs_no_other_librarys_file(tmp_path: Path, beside: str | None, why: str) -> None:
    deployment = Deployment(tmp_path / "state", tmp_path / "libraries")
    deployment.libraries.mkdir()
    if beside is not None:
        (deployment.libraries / "x.toml").write_text(beside, encoding="utf-8")
    (tmp_path / "records").write_bytes(iso2709("1"))
    said = deployment.run("probe", str(tmp_path / "records"))
    assert (said.code, "Traceback" in said.err) == (0, False), why
    assert tomllib.loads(said.out)["harvest"]["files"] == [str(tmp_path / "records")]


def test_a_librarys_own_file_that_the_shell_has_emptied_is_told(small: Deployment) -> None:
    (small.libraries / "alpha.toml").write_text("", encoding="utf-8")
    said = small.run("probe", "alpha")
    assert said.code == 2
    assert "alpha.toml is empty" in said.err


UNPROBED = [
    ("haifneg", 2, "no library 'haifneg', nor an address or a file; there are"),
    ("http://127.0.0.1:9/oai", 1, "http://127.0.0.1:9/oai: "),
    ("nosuch.mrc", 1, "nosuch.mrc"),
]


@pytest.mark.parametrize(("target", "code", "words"), UNPROBED)
def test_what_cannot_be_probed_is_said_in_one_line(small: Deployment, target: str, code: int, words: str) -> None:
    said = small.run("probe", target)
    assert said.code == code
    assert words in said.err.splitlines()[-1]
    assert said.out == ""


@pytest.mark.parametrize("command", ["harvest", "quarantine", "report", "show 1", "status"])
def test_an_unknown_library_is_named_beside_those_there_are(small: Deployment, command: str) -> None:
    name, *rest = command.split()
    said = small.run(name, "alhpa", *rest)
    assert said.code == 2
    words = " ".join(said.err.replace("│", " ").split())
    assert "no library 'alhpa'; there are alpha, beta, delta, gamma" in words
    assert not small.home.exists(), "nothing was begun"


MENDABLE = [
    ({"ALLSHELVES_PROT": "8001"}, "ALLSHELVES_PROT = '8001': no such setting", "a misspelling would be ignored"),
    ({"ALLSHELVES_PORT": "many"}, "ALLSHELVES_PORT = 'many': must be a whole number", "a value of the wrong kind"),
    ({"ALLSHELVES_LIBRARIES": "/nosuch"}, "/nosuch: no such folder", "a folder that is not there"),
    ({"ALLSHELVES_LIBRARIES": "nosuch"}, str(Path.cwd() / "nosuch"), "a relative one: it must be said where"),
    ({"ALLSHELVES_DATABASE": "nosuch://x"}, "nosuch", "a database of a kind there is not"),
]


@pytest.mark.parametrize(("environment", "words", "why"), MENDABLE)
def test_what_an_operator_can_mend_is_said_in_one_line(
    small: Deployment, environment: dict[str, str], words: str, why: str
) -> None:
    said = small.run("status", **environment)
    assert said.code == 2, why
    [line] = said.err.splitlines()
    assert line.startswith("allshelves: "), why
    assert words in line, why


def test_quarantine_lists_what_could_not_be_read_and_why(small: Deployment) -> None:
    assert small.run("quarantine", "alpha").out == "alpha: nothing in quarantine\n"
    store = small.store()
    store.quarantine_record("alpha", "oai:alpha:9", "no title [brackets] are no markup", field="245")
    store.close()
    said = small.run("quarantine", "alpha")
    assert said.code == 0
    row = said.row("alpha:oai:alpha:9")
    assert row[1:3] == ["read", "245"]
    assert "no title [brackets] are no markup" in said.out


def test_what_is_in_quarantine_can_be_had_as_it_came_and_is_counted_by_reason(
    small: Deployment, tmp_path: Path
) -> None:
    store = small.store()
    harvest_into(store, "alpha", HARVESTED["alpha"])
    store.quarantine_record("alpha", "oai:alpha:100", "truncated: 7 bytes of 99")
    store.quarantine_record("alpha", "oai:alpha:gone", "truncated: 8 bytes of 99")
    now = datetime.now(UTC)
    cut = Quarantined("alpha", "../dump.mrc@17\x1b", "harvest", "byte 17", "it breaks off", now, b"00026\xff\x00")
    store.quarantine_records([cut])
    whole = store.raw("alpha", "oai:alpha:100")
    store.close()
    said = small.run("quarantine", "alpha", "--raw", str(tmp_path / "refused"))
    assert said.code == 0
    assert "\x1b" not in said.out
    assert ["read", "truncated:", "…", "bytes", "of", "…", "2"] in [line.split() for line in said.out.splitlines()]
    assert "2 of 3 written to" in said.out, "one was never stored"
    assert whole is not None
    files = {file.name: file.read_bytes() for file in (tmp_path / "refused").iterdir()}
    assert files == {"1-dump.mrc_17.mrc": b"00026\xff\x00", "2-oai_alpha_100.xml": whole.raw.payload}
    assert sorted(file.name for file in tmp_path.iterdir()) == ["libraries", "refused", "state"], (
        "no name leads outside"
    )


def test_a_record_is_written_as_it_came_or_as_it_was_read(small: Deployment) -> None:
    store = small.store()
    harvest_into(store, "alpha", HARVESTED["alpha"])
    whole = store.raw("alpha", "oai:alpha:100")
    assert whole is not None
    store.close()
    assert small.run("show", "alpha", "oai:alpha:100", "--as", "raw").out.encode() == whole.raw.payload
    marc21 = small.run("show", "alpha", "oai:alpha:100", "--as", "marc21")
    assert from_iso2709(marc21.out.encode()).value("250$a") == "初版"
    xml = small.run("show", "alpha", "oai:alpha:100", "--as", "marcxml").out
    assert '<subfield code="a">初版</subfield>' in xml
    assert small.run("show", "alpha", "oai:alpha:100", "--as", "bibframe").code == 2


def test_show_prints_a_record_beside_its_reading(small: Deployment) -> None:
    store = small.store()
    harvest_into(store, "alpha", HARVESTED["alpha"])
    store.close()
    said = small.run("show", "alpha", "oai:alpha:100")
    assert said.code == 0
    assert "=250  \\\\$a初版" in said.out
    assert said.row("edition")[1:] == ["初版", "250$a"]
    assert small.run("index").code == 0
    assert small.run("show", "alpha", "100").row("edition") == said.row("edition"), "by what the library calls it"


def test_show_tells_why_a_record_cannot_be_read_and_which_there_is_not(small: Deployment) -> None:
    store = small.store()
    store.quarantine_record("alpha", "dump.mrc@17", "it breaks off", stage="harvest", field="byte 17")
    store.close()
    refused = small.run("show", "alpha", "dump.mrc@17")
    assert refused.code == 1
    assert "byte 17: it breaks off" in refused.out
    absent = small.run("show", "alpha", "999")
    assert absent.code == 2
    assert "no record alpha:999 was harvested" in absent.err


def test_show_of_a_record_whose_newest_version_is_refused_shows_the_one_before(small: Deployment) -> None:
    store = small.store()
    (name, before), _ = HARVESTED["alpha"]
    harvest_into(store, "alpha", [(name, before)])
    store.close()
    assert small.run("index").code == 0
    good = small.run("show", "alpha", name)
    assert (good.code, "in quarantine" in good.out) == (0, False), "the twin"
    store = small.store()
    harvest_into(store, "alpha", [(name, before.replace("紅樓夢校注", "?????????"))])
    store.close()
    assert small.run("index").code == 0
    said = small.run("show", "alpha", name)
    assert said.code == 1
    assert re.match(rf"alpha:{name}  in quarantine since [\d-]{{10}} \d\d:\d\d", said.out)
    assert "the version before, which is better, stays" in " ".join(said.out.split())
    assert "The version before is in the catalogue and shown" in said.out
    assert said.row("titles[0].proper")[1:] == good.row("titles[0].proper")[1:2], "its values, without their fields"
    assert "=245  10$a?????????" in said.out, "what came stands below"
    assert "quite another record" not in said.out
    assert small.run("show", "alpha", name, "--former").code == 2


def test_report_counts_what_the_catalogue_holds_of_a_library(small: Deployment) -> None:
    store = small.store()
    harvest_into(store, "alpha", HARVESTED["alpha"])
    store.close()
    assert "run allshelves harvest and allshelves index" in small.run("report", "alpha").out
    assert small.run("index").code == 0
    said = small.run("report", "alpha")
    assert said.code == 0
    assert said.out.startswith("alpha  甲圖書館  2 records, 0 in quarantine\n")
    stated, lacking = [line.split() for line in said.out.splitlines() if line.startswith("edition ")]
    assert stated[1:3] == ["1", "50.0"]
    assert lacking[1:] == ["alpha:oai:alpha:101"]  # a record to open and mend


WITH_NUMBER = """
=001  1
=008  040101nuuuuuuuuch            000 0 chi d
=035  \\\\$a(OCoLC)15789012
=245  10$a紅樓夢校注.
"""
WITH_BOTH = """
=001  2
=008  040101s1984    ch            000 0 chi d
=020  \\\\$a9789570835878
=035  \\\\$a(OCoLC)15789012
=245  10$a紅樓夢校注.
=260  \\\\$c1984.
"""
WITH_ISBN = """
=001  3
=008  040101s1984    ch            000 0 chi d
=020  \\\\$a9789570835878
=245  10$a紅樓夢校注.
=260  \\\\$c1984.
"""


@pytest.fixture
def explained(small: Deployment) -> Deployment:
    """Three records of one edition, the second of which joins the others, and one of another edition."""
    store = small.store()
    harvest_into(store, "alpha", [("1", WITH_NUMBER), HARVESTED["alpha"][1]])
    harvest_into(store, "beta", [("2", WITH_BOTH)])
    harvest_into(store, "gamma", [("3", WITH_ISBN)])
    store.close()
    assert small.run("index").code == 0
    return small


def test_explain_tells_why_two_records_are_one_edition(explained: Deployment) -> None:
    said = explained.run("explain", "beta:2", "gamma:3")
    assert said.code == 0
    first, second, *_ = said.out.splitlines()
    assert first.startswith("beta:2  edition ")
    assert second.startswith("gamma:3  edition ")
    assert first.split()[2] == second.split()[2]
    assert "isbn shared" in said.out
    assert said.out.splitlines()[-1] == "One edition."


def test_explain_tells_through_which_records_two_are_one_edition(explained: Deployment) -> None:
    said = explained.run("explain", "alpha:1", "gamma:3")
    assert said.code == 0
    _, path = said.out.split("One edition, through other records:\n")
    assert [line.split()[:3] for line in path.splitlines()] == [
        ["alpha:1", "–", "beta:2"],
        ["beta:2", "–", "gamma:3"],
    ]


def test_explain_takes_an_edition_for_its_first_record(explained: Deployment) -> None:
    edition = explained.run("explain", "beta:2", "gamma:3").out.split()[2]
    said = explained.run("explain", edition, "gamma:3")
    assert said.code == 0
    assert said.out.split()[2] == edition
    assert explained.run("explain", "nosuchedition", "gamma:3").code == 2


def test_explain_tells_why_two_records_are_two_editions(explained: Deployment) -> None:
    other = f"alpha:{HARVESTED['alpha'][1][0]}"
    said = explained.run("explain", "beta:2", other)
    assert said.code == 0
    assert "Sapiens" in said.out
    assert said.out.splitlines()[-1] == "Two editions."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("alpha:1", "alpha:999"), "the catalogue holds no record alpha:999"), (("alpha:1", "999"), "'999'")],
)
def test_explain_says_which_record_there_is_not(explained: Deployment, arguments: tuple[str, str], words: str) -> None:
    said = explained.run("explain", *arguments)
    assert said.code == 2
    assert words in " ".join(said.err.replace("│", " ").split())


def lines(width: int, terminal: bool, outcomes: list[RunOutcome]) -> list[str]:
    """The table of a harvest as a console of a width shows it."""
    out = io.StringIO()
    shown = Console(file=out, width=width, force_terminal=terminal, color_system=None)
    terminal_tables.show(shown, harvest_command.outcomes_table(outcomes))
    return out.getvalue().splitlines()


def outcome(library: str, records: int) -> RunOutcome:
    from datetime import UTC, datetime

    return RunOutcome(
        library=library,
        kind="incremental",
        status="complete",
        started_at=datetime(2026, 11, 21, tzinfo=UTC),
        seconds=12.3,
        seen=records,
        new=records,
        changed=0,
        unchanged=0,
        deleted=0,
        unreadable=0,
    )


def test_tables_fit_a_terminal_of_eighty_columns_and_lose_nothing() -> None:
    shown = lines(80, True, [outcome("riverside", 123_456), outcome("shancheng", 9)])
    assert max(cell_len(line) for line in shown) <= 80
    assert not any("…" in line for line in shown)
    assert shown[-2].split() == ["riverside", "changes", "complete", "123,456", "123,456", "0", "0", "0", "0", "12.3"]


def test_a_pipe_gets_every_row_whole() -> None:
    name = "a-library-with-a-code-longer-than-any-terminal-is-wide-" * 2
    shown = lines(80, False, [outcome(name, 1)])
    assert shown[-1].startswith(name)
