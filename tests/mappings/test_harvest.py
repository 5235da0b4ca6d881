"""The ways records come in, as a library's file says them: what the guide shows, and what is refused in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mappings.access import masked
from mappings.library import LibraryInvalid, load_library

GUIDE = Path(__file__).parents[2] / "docs" / "adding-a-library.md"
HEAD = 'code = "haven"\nname = { en = "Haven" }\nregion = "north"\nkind = "city"\n'
SECTION = GUIDE.read_text(encoding="utf-8").partition("## Other ways in")[2]
EXAMPLES = re.findall(r"### (.+?)\n\n```toml\n(.+?)```", SECTION, re.DOTALL)


def file_of(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "haven.toml"
    file.write_text(HEAD + text, encoding="utf-8")
    return file


def test_the_guide_shows_every_way() -> None:
    assert len(EXAMPLES) == 5


@pytest.mark.parametrize(("way", "text"), EXAMPLES, ids=[way for way, _ in EXAMPLES])
def test_every_example_of_the_guide_can_be_used(tmp_path: Path, way: str, text: str) -> None:
    assert load_library(file_of(tmp_path, text)).harvest.protocol in ("marc-dump", "sru")


DUMP = '[harvest]\nprotocol = "marc-dump"\n'
SRU = '[harvest]\nprotocol = "sru"\nurl = "https://lib.example.org/sru"\n'
FOLDER = "[harvest.folder]\npath = '/srv/inbox'\n"

REFUSED = [
    (DUMP, "harvest.files is required for marc-dump, or harvest.folder"),
    (DUMP + "files = ['a.mrc']\n" + FOLDER, "and not both"),
    (DUMP + "[harvest.folder]\npath = ''\n", "harvest.folder.path"),
    (DUMP + FOLDER + "fulls = '*'\n", "harvest.folder.fulls = '*': no such key; allowed are deletions, full, items"),
    (DUMP + FOLDER + "ready = 'soon'\n", "harvest.folder.ready"),
    (DUMP + "upload_token_env = 'TOKEN'\nfiles = ['a.mrc']\n", "harvest.upload_token_env needs harvest.folder"),
    (DUMP + "files = ['ftp://x/a.mrc']\n", "'ftp://x/a.mrc': must be a path, or an address with http://"),
    (DUMP + "upload_token_env = 'TOKEN'\n[harvest.folder]\npath = 'sftp://u@h/in/'\n", "a path on this machine"),
    (DUMP + "upload_token_env = 'se cret'\n" + FOLDER, "harvest.upload_token_env"),
    (DUMP + "files = ['a']\n[harvest.items]\nbarcode = 'b'\n", "harvest.items.control_number: is required"),
    (DUMP + "files = ['a']\nurl = 'https://a'\n", "harvest.url means nothing for marc-dump"),
    ('[harvest]\nprotocol = "sru"\n', "harvest.url is required for sru"),
    (SRU + "[harvest.sru]\npart = 'id=1'\n", "must hold {prefix}, or both {low} and {high}"),
    (SRU + "[harvest.sru]\npart = 'id>={low} and id<={high}'\n", "harvest.sru.low and harvest.sru.high are required"),
    (
        SRU + "[harvest.sru]\npart = 'id>={low} and id<={high}'\nlow = 1\nhigh = 2024-01-01\n",
        "two whole numbers or two",
    ),
    (SRU + "[harvest.sru]\npart = 'id>={low} and id<={high}'\nlow = 9\nhigh = 1\n", "is above"),
    (SRU + "[harvest.sru]\neverything = ''\n", "harvest.sru.part or harvest.sru.everything is required"),
    (SRU + "files = ['a']\n", "harvest.files means nothing for sru"),
]


@pytest.mark.parametrize(("text", "says"), REFUSED, ids=[says for _, says in REFUSED])
def test_a_mistaken_way_is_refused_with_what_is_allowed(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(LibraryInvalid, match=r"haven\.toml") as raised:
        load_library(file_of(tmp_path, text))
    assert says in str(raised.value)


def test_dates_of_a_file_are_the_bounds_of_parts(tmp_path: Path) -> None:
    text = SRU + "[harvest.sru]\npart = 'date>={low} and date<={high}'\nlow = 1990-01-01\nhigh = 2024-12-31\n"
    sru = load_library(file_of(tmp_path, text)).harvest.sru
    assert (str(sru.low), str(sru.high)) == ("1990-01-01", "2024-12-31")


TELLING = [
    (SRU.replace("//lib", "//reader:s3cret@lib"), "harvest.auth", "the server's own address"),
    (SRU.replace("//lib", "//s3cret@lib"), "harvest.auth", "a token in the place of a name"),
    (DUMP + "files = ['a.mrc', 'https://reader:s3cret@h/a.mrc']\n", "harvest.auth", "one of several files"),
    (DUMP + "files = ['sftp://reader:s3cret@h/in/']\n", "harvest.sftp.password_env", "a file over SFTP"),
    (
        DUMP + "[harvest.folder]\npath = 'sftp://reader:s3cret@h/in/'\n",
        "harvest.sftp.password_env",
        "a folder over SFTP",
    ),
    ("homepage = 'https://reader:s3cret@h/'\n" + SRU, "no user or password", "an address that patrons see"),
]


@pytest.mark.parametrize(("text", "words", "why"), TELLING, ids=[why for *_, why in TELLING])
def test_a_password_in_an_address_stops_the_start_up_and_is_not_repeated(
    tmp_path: Path, text: str, words: str, why: str
) -> None:
    with pytest.raises(LibraryInvalid, match=re.escape(words)) as refused:
        load_library(file_of(tmp_path, text))
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [DUMP + "files = ['sftp://reader@h/in/']\n", SRU.replace("/sru", "/sru?a=b@c"), DUMP + "files = ['a@b:c']\n"],
)
def test_what_only_looks_like_a_password_is_none(tmp_path: Path, text: str) -> None:
    load_library(file_of(tmp_path, text))


def test_a_key_in_an_address_is_not_repeated_when_the_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "testlib.toml"
    key = "?verb=x&apikey=s3cret&set=a"
    file.write_text(f"code = 'testlib'\n[harvest]\nprotocol = 'oai-pmh'\nurl = 'http://u:pw@h/oai{key}'\n")
    with pytest.raises(LibraryInvalid) as caught:
        load_library(file)
    assert "http://…@h/oai?verb=x&apikey=…&set=a" in str(caught.value)
    assert not [word for word in ("s3cret", "pw@") if word in str(caught.value)]
    assert masked("http://h/?resumptionToken=t&page=2") == "http://h/?resumptionToken=t&page=2"


def test_another_fault_in_the_file_repeats_no_password_either(tmp_path: Path) -> None:
    text = DUMP + "files = ['ftp://reader:s3cret@h/a.mrc']\n"
    with pytest.raises(LibraryInvalid) as refused:
        load_library(file_of(tmp_path, text))
    assert "s3cret" not in str(refused.value)
