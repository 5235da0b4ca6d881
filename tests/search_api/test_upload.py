"""Uploading files of records: what lands in the drop folder, and what never does."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from harvester.http import PatientSession
from harvester.run import harvest
from mappings.library import load_library
from search_api.app import create_app
from search_api.services import Services, open_services
from search_api.settings import Settings
from search_api.staff.audit import Action, Audit
from search_api.staff.roles import Role
from tests.support.marc_bytes import collection, iso2709, marcxml
from tests.support.staff import person

TOKEN = "a token nobody guesses"
ALLOWED = {"Authorization": f"Bearer {TOKEN}"}
URL = "/api/libraries/alpha/records"


def zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, content)
    return packed.getvalue()


ALPHA = """
code = "alpha"
name = {{ en = "Alpha" }}
region = "north"
kind = "city"

[harvest]
protocol = "marc-dump"
upload_token_env = "ALPHA_TOKEN"
max_upload_bytes = 100_000

[harvest.folder]
path = "inbox"
take = "*.mrc*"
ready = "{ready}"
"""
BETA = ALPHA.replace("alpha", "beta").replace('upload_token_env = "ALPHA_TOKEN"\n', "")


class Deployment:
    def __init__(self, home: Path, services: Services, client: httpx.AsyncClient) -> None:
        self.libraries, self.inbox = home / "libraries", home / "libraries" / "inbox"
        self.services, self.client = services, client

    async def send(self, content: object, name: str = "new.mrc", **more: str) -> httpx.Response:
        return await self.client.post(URL, params={"name": name, **more}, content=content, headers=ALLOWED)  # type: ignore[arg-type]

    def lying(self) -> list[str]:
        return sorted(file.name for file in self.inbox.iterdir()) if self.inbox.is_dir() else []


@pytest.fixture
async def small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> AsyncIterator[Deployment]:
    ready = getattr(request, "param", "settled")
    monkeypatch.setenv("ALPHA_TOKEN", TOKEN)
    (tmp_path / "libraries").mkdir()
    (tmp_path / "libraries" / "alpha.toml").write_text(ALPHA.format(ready=ready))
    (tmp_path / "libraries" / "beta.toml").write_text(BETA.format(ready=ready))
    services = await open_services(Settings(home=tmp_path / "state", libraries=tmp_path / "libraries"))
    transport = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
        yield Deployment(tmp_path, services, client)
    await services.close()


NEVER_READ = [
    ("deleted.mrc.txt", b"1001\n1002\n", "a list of deletions when harvest.folder.deletions names the file"),
    ("page.mrc", b"<html>Please log in</html>", "not a MARCXML collection"),
    ("notes.mrc.zip", zipped("README.txt", b"nothing"), "none of the files in it is one of records"),
    ("list.mrc.zip", zipped("list.mrc", b"1001\n"), "list.mrc: it is neither ISO 2709 nor MARCXML"),
]


@pytest.mark.parametrize(("name", "content", "why"), NEVER_READ, ids=[row[0] for row in NEVER_READ])
async def test_what_no_harvest_could_read_is_refused_at_once(
    small: Deployment, name: str, content: bytes, why: str
) -> None:
    answer = await small.send(content, name)
    assert (answer.status_code, small.lying()) == (422, [])
    assert why in answer.text


async def test_a_list_of_deletions_is_taken_where_the_library_has_them(
    small: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    alpha = small.services.libraries["alpha"]
    folder = alpha.harvest.folder.model_copy(update={"deletions": ("deleted*",)})  # type: ignore[union-attr]
    known = alpha.model_copy(update={"harvest": alpha.harvest.model_copy(update={"folder": folder})})
    monkeypatch.setitem(small.services.libraries, "alpha", known)  # type: ignore[arg-type]
    assert (await small.send(b"1001\n1002\n", "deleted.mrc.txt")).status_code == 202
    assert (await small.send(b"1001\n1002\n", "other.mrc.txt")).status_code == 422


async def test_an_uploaded_file_lands_whole_and_the_next_harvest_takes_it_in(small: Deployment) -> None:
    content = gzip.compress(iso2709("1") + iso2709("2"))
    answer = await small.send(content, "new.mrc.gz")
    assert answer.status_code == 202
    told = answer.json()
    assert (told["bytes"], told["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert (told["state"], small.lying()) == ("waiting", ["new.mrc.gz"])

    async def sleep(_: float) -> None: ...

    async with PatientSession(sleep=sleep) as session:
        alpha = load_library(small.libraries / "alpha.toml")
        (outcome,) = await harvest([alpha], small.services.store, session=session)
    assert (outcome.status, outcome.new) == ("unverified", 2)  # changes, and nothing yet that they change
    state = (await small.client.get(told["status_url"], headers=ALLOWED)).json()
    assert (state["state"], state["sha256"]) == ("taken_in", told["sha256"])

    again = await small.send(iso2709("3"), "new.mrc.gz")
    assert again.json()["state"] == "waiting"
    assert (await small.client.get(told["status_url"], headers=ALLOWED)).json()["state"] == "waiting"


@pytest.mark.parametrize("small", ["done"], indirect=True)
async def test_where_files_wait_for_a_second_one_it_is_laid_beside(small: Deployment) -> None:
    await small.send(iso2709("1"))
    assert small.lying() == ["new.mrc", "new.mrc.done"]


TOKENS = [
    ({}, "none"),
    ({"Authorization": "Bearer wrong"}, "another"),
    ({"Authorization": TOKEN}, "no scheme"),
    ({"Authorization": f"Basic {TOKEN}"}, "another scheme"),
    ({"Authorization": "Bearer "}, "an empty one"),
    ({"Authorization": "Bearer 密碼".encode()}, "one that is not ASCII"),
]


@pytest.mark.parametrize(("headers", "which"), TOKENS, ids=[which for _, which in TOKENS])
async def test_without_the_librarys_token_nothing_is_taken(
    small: Deployment, headers: dict[str, str], which: str
) -> None:
    for answer in (
        await small.client.post(URL, params={"name": "new.mrc"}, content=iso2709("1"), headers=headers),
        await small.client.get(f"{URL}/new.mrc", headers=headers),
    ):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.json()["error"]["code"] == "unauthorised"
        assert TOKEN not in answer.text
    assert small.lying() == []


async def test_a_token_that_is_not_set_lets_nobody_in(small: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALPHA_TOKEN", "")
    answer = await small.client.post(URL, params={"name": "a.mrc"}, content=b"x", headers={"Authorization": "Bearer "})
    assert answer.status_code == 401


@pytest.mark.parametrize("code", ["beta", "nosuch"])
async def test_a_library_without_uploads_is_not_found(small: Deployment, code: str) -> None:
    answer = await small.client.post(f"/api/libraries/{code}/records?name=a.mrc", content=b"x", headers=ALLOWED)
    assert answer.status_code == 404


async def too_much() -> AsyncIterator[bytes]:
    for _ in range(20):
        yield b"x" * 10_000


REFUSED: list[tuple[object, dict[str, str], int, str]] = [
    (b"", {}, 422, "empty"),
    (b"x" * 100_001, {}, 413, "must not exceed 100,000 bytes"),
    (gzip.compress(iso2709("1") * 500)[:-9], {}, 422, "breaks off"),
    (iso2709("1") + iso2709("2")[:-7], {}, 422, "ends in the middle of this record (byte"),
    (gzip.compress(iso2709("1")[:-7]), {"name": "x.mrc.gz"}, 422, "ends in the middle"),
    (collection(marcxml("1"))[:-9], {}, 422, "ends before its root element does"),
    (b"<!DOCTYPE html><html>Please log in</html>", {}, 422, "HTML pages"),
    (gzip.compress(b"<html>Please log in</html>"), {"name": "x.mrc.gz"}, 422, "not a MARCXML collection"),
    (b"%PDF-1.7 \x00\x01", {}, 422, "a file of records is ISO 2709"),
    (b"\x89PNG\r\n\x00\x00", {}, 422, "a file of records is ISO 2709"),
    (iso2709("1"), {"sha256": "0" * 64}, 422, "not the one stated"),
    (iso2709("1"), {"sha256": "abc"}, 422, "pattern"),
    (iso2709("1"), {"name": "../evil.mrc"}, 422, "name has letters"),
    (iso2709("1"), {"name": ".hidden.mrc"}, 422, "name has letters"),
    (iso2709("1"), {"name": "half.mrc.part"}, 422, "name has letters"),
    (iso2709("1"), {"name": "all.zip"}, 422, "are called *.mrc*"),
    (iso2709("1"), {"name": "x" * 190 + ".mrc"}, 422, "name has letters"),
]


@pytest.mark.parametrize(("content", "more", "status", "words"), REFUSED, ids=[row[3] for row in REFUSED])
async def test_what_cannot_be_used_is_refused_in_words_and_nothing_of_it_stays(
    small: Deployment, content: object, more: dict[str, str], status: int, words: str
) -> None:
    answer = await small.send(content, **more)
    assert answer.status_code == status
    assert words in answer.json()["error"]["message"]
    assert small.lying() == []


async def test_a_browsers_name_for_a_second_download_is_a_name(small: Deployment) -> None:
    answer = await small.send(iso2709("1"), "delta (1).mrc")
    assert answer.status_code == 202
    told = await small.client.get(answer.json()["status_url"], headers=ALLOWED)
    assert told.json()["name"] == "delta (1).mrc"


async def test_an_uploaded_file_that_is_refused_says_so_and_why_and_so_do_those_behind_it(small: Deployment) -> None:
    async def sleep(_: float) -> None: ...

    async def harvested() -> None:
        library = load_library(small.libraries / "alpha.toml")
        async with PatientSession(sleep=sleep) as session:
            await harvest([library], small.services.store, session=session)

    async def told(name: str) -> dict[str, object]:
        answer: dict[str, object] = (await small.client.get(f"{URL}/{name}", headers=ALLOWED)).json()
        return answer

    small.inbox.mkdir()
    (small.inbox / "20240501.mrc").write_bytes(b"Please log in again.\n")  # put there otherwise: it would be refused
    await small.send(iso2709("2"), "20240502.mrc")
    await harvested()
    first, second = await told("20240501.mrc"), await told("20240502.mrc")
    assert first["state"] == "refused"
    assert "neither ISO 2709 nor MARCXML" in str(first["reason"])
    assert (second["state"], second["waits_for"]) == ("waiting", "20240501.mrc")
    alpha = (await small.client.get("/api/libraries/alpha")).json()
    assert alpha["refused_files"] == [{"name": "20240501.mrc", "reason": first["reason"], "waiting": ["20240502.mrc"]}]
    assert "allshelves skip alpha 20240501.mrc" in alpha["in_words"]["en"]

    await small.send(iso2709("1"), "20240501.mrc")
    assert (await told("20240501.mrc"))["state"] == "waiting"
    await harvested()
    assert [(await told(name))["state"] for name in ("20240501.mrc", "20240502.mrc")] == ["taken_in", "taken_in"]
    assert (await small.client.get("/api/libraries/alpha")).json()["refused_files"] == []


async def test_a_file_of_unknown_length_is_measured_while_it_comes(small: Deployment) -> None:
    assert (await small.send(too_much())).status_code == 413
    assert small.lying() == []


async def test_an_upload_that_breaks_off_leaves_nothing(small: Deployment) -> None:
    messages = [{"type": "http.request", "body": iso2709("1"), "more_body": True}, {"type": "http.disconnect"}]
    lying: list[list[str]] = []

    async def receive() -> dict[str, object]:
        lying.append(small.lying())
        return messages.pop(0)

    async def send(message: dict[str, object]) -> None: ...

    scope = {
        "type": "http",
        "method": "POST",
        "path": URL,
        "query_string": b"name=new.mrc",
        "headers": [(b"authorization", ALLOWED["Authorization"].encode())],
    }
    await create_app(small.services)(scope, receive, send)  # type: ignore[arg-type]
    assert [len(names) for names in lying] == [1, 1]  # under a name that no harvest takes
    assert all(name.startswith(".") for names in lying for name in names)
    assert (small.lying(), messages) == ([], [])


async def test_a_file_that_never_came_is_not_found(small: Deployment) -> None:
    assert (await small.client.get(f"{URL}/never.mrc", headers=ALLOWED)).status_code == 404


def form(content: bytes, filename: str = "new.mrc", before: str = "", after: str = "", end: str = "--x--\r\n") -> bytes:
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n'
    return f"{before}{head}".encode() + content + f"\r\n{after}{end}".encode()


TYPE = {"Content-Type": "multipart/form-data; boundary=x"}
FIELD = '--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'
RECORDS = iso2709("1") + iso2709("2")


async def test_a_form_holds_the_file_and_its_name(small: Deployment) -> None:
    answer = await small.client.post(URL, files={"file": ("new.mrc", RECORDS)}, headers=ALLOWED)
    assert answer.status_code == 202
    assert answer.json()["sha256"] == hashlib.sha256(RECORDS).hexdigest(), "of the file, not of the form"
    assert (small.inbox / "new.mrc").read_bytes() == RECORDS
    again = await small.client.post(URL, params={"name": "b.mrc"}, files={"f": ("C:\\x.mrc", RECORDS)}, headers=ALLOWED)
    assert again.json()["name"] == "b.mrc", "the address has the last word"


@pytest.mark.parametrize("size", [1, 7, 4096])
async def test_a_form_may_come_in_pieces_of_any_size(small: Deployment, size: int) -> None:
    body = form(RECORDS, "C:\\exports\\new.mrc", before=FIELD, after=FIELD)

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(body), size):
            yield body[at : at + size]

    answer = await small.client.post(URL, content=pieces(), headers=ALLOWED | TYPE)
    assert answer.status_code == 202, answer.text
    assert (small.inbox / "new.mrc").read_bytes() == RECORDS


FORMS = [
    (FIELD.encode() + b"--x--\r\n", 422, "holds no file", "other fields alone"),
    (form(RECORDS, end=""), 422, "broke off", "no end"),
    (form(RECORDS)[:-30], 422, "broke off", "within the file"),
    (form(RECORDS, after=form(RECORDS, "b.mrc", end="").decode("latin-1")), 422, "several files", "two files"),
    (form(RECORDS, before=FIELD.replace("hello", "h" * 70_000)), 422, "more than a file", "a field without end"),
    (b"no form at all", 422, "cannot be read", "something else"),
    (form(b""), 422, "empty", "an empty file"),
    (form(b"x" * 100_001), 413, "must not exceed 100,000 bytes", "too large, beside what a form adds"),
    (form(RECORDS, "../../etc/passwd"), 422, "Files of this library are called *.mrc*", "a name that is a path"),
    (form(RECORDS, ".mrc"), 422, "A file's name has letters", "a hidden file"),
    (form(RECORDS, ""), 422, "needs a name", "no name"),
    (form(RECORDS[:-5]), 422, "cannot be used", "a file that was cut off before it was sent"),
]


@pytest.mark.parametrize(("body", "status", "words", "why"), FORMS, ids=[row[3] for row in FORMS])
async def test_nothing_of_a_form_that_is_not_right_is_kept(
    small: Deployment, body: bytes, status: int, words: str, why: str
) -> None:
    answer = await small.client.post(URL, content=body, headers=ALLOWED | TYPE)
    assert (answer.status_code, words in answer.text) == (status, True), (why, answer.text)
    assert small.lying() == []


async def test_a_form_without_the_token_or_a_boundary_is_not_read(small: Deployment) -> None:
    assert (await small.client.post(URL, files={"file": ("new.mrc", RECORDS)})).status_code == 401
    bare = {"Content-Type": "multipart/form-data"}
    assert "boundary" in (await small.client.post(URL, content=form(RECORDS), headers=ALLOWED | bare)).text


BY_STAFF = [
    ((Role.CATALOGUER,), "alpha", 202, "a cataloguer of the library"),
    ((Role.CATALOGUER,), "", 202, "a cataloguer of the consortium"),
    ((Role.ADMIN,), "", 202, "an admin"),
    ((Role.CATALOGUER,), "beta", 403, "a cataloguer of another library"),
    ((Role.SELECTOR,), "alpha", 403, "another role"),
]


@pytest.mark.parametrize(("roles", "library", "status", "why"), BY_STAFF, ids=[row[3] for row in BY_STAFF])
async def test_staff_upload_for_their_library_with_a_token_of_their_own(
    small: Deployment, roles: tuple[Role, ...], library: str, status: int, why: str
) -> None:
    somebody = person(small.services.store, *roles, library=library)
    sent = await small.client.post(URL, params={"name": "new.mrc"}, content=RECORDS, headers=somebody.program)
    assert sent.status_code == status, why


async def test_who_uploaded_is_noted(small: Deployment) -> None:
    somebody = person(small.services.store, Role.CATALOGUER, library="alpha", name="wang")
    await small.client.post(URL, params={"name": "1.mrc"}, content=RECORDS, headers=somebody.program)
    await small.send(RECORDS, "2.mrc")
    noted = [(one.action, one.who, one.library, one.what) for one in Audit(small.services.store).entries()]
    assert noted == [
        (Action.UPLOADED, "alpha (its own token)", "alpha", f"alpha: 2.mrc, {len(RECORDS)} bytes"),
        (Action.UPLOADED, "wang", "alpha", f"alpha: 1.mrc, {len(RECORDS)} bytes"),
    ]
