"""A library uploads a file of records: it lands in its drop folder in one step, and its next harvest takes it in."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import re
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi import Path as InPath
from pydantic import Field
from starlette.requests import ClientDisconnect

from harvester.access import beside
from harvester.dump.framing import prove_ends
from harvester.dump.plan import DONE, SIDECARS, UNFINISHED, fits, role_of
from harvester.dump.reading import Reading
from harvester.errors import DumpUnusable
from harvester.ledger import FileState
from harvester.store import utc_now
from mappings.folder import Folder
from mappings.library import Library
from search_api import schemas
from search_api.errors import Forbidden, InvalidRequest, NotFound, TooLarge, Unauthorised
from search_api.may_fail import may_fail
from search_api.services import Services
from search_api.staff.access import Action, Actor, Role, staff_of
from search_api.staff.secrets import TOKEN_PREFIX, same
from search_api.upload_form import FORM, MOST_BESIDE, FormFile, is_form

BUFFER_BYTES = 1024 * 1024
NAME = re.compile(r"[\w](?:[\w.+() -]{0,179}[\w)])?")  # browsers call a second download of it "delta (1).mrc"

router = APIRouter(prefix="/api/libraries/{code}/records", tags=["libraries"])

Code = Annotated[str, InPath(max_length=64, description="A library's code.")]
FileName = Annotated[str, InPath(max_length=200, description="What the file is called.")]
NewName = Annotated[
    str,
    Query(
        max_length=200,
        description="What to call the file; the library's settings say what names mean. A form's file has a name of its"
        " own, which counts when this is left out.",
    ),
]
Sha256 = Annotated[
    str, Query(pattern="^([0-9a-fA-F]{64})?$", description="The SHA-256 of the file, to be sure that it came whole.")
]


State = Literal["waiting", "taken_in", "refused", "skipped"]
STATES: Mapping[FileState, State] = {
    "done": "taken_in",
    "refused": "refused",
    "gone": "refused",
    "skipped": "skipped",
    "waiting": "waiting",
}


class UploadBody(schemas.Schema):
    """A file that was uploaded, and what has become of it."""

    library: str
    name: str
    bytes: int
    sha256: str | None = Field(None, description="Of what was stored; absent when it was taken in long ago.")
    state: State = Field(
        description="`waiting`: the next harvest takes it in, unless it waits for another file. `taken_in`: it has"
        " been. `refused`: it could not be read whole, `reason` says why; send it again. `skipped`: it was refused, and"
        " the catalogue's staff let the next ones pass it."
    )
    reason: str = Field(default="", description="Why it was refused.")
    waits_for: str | None = Field(
        default=None, description="The refused file that has to be sent again, or skipped, before."
    )
    status_url: str


@router.post(
    "",
    summary="Upload a file of records",
    status_code=202,
    responses=may_fail(401, 404, 413),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
                FORM: {"schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}},
            },
        }
    },
)
async def upload(request: Request, code: Code, name: NewName = "", sha256: Sha256 = "") -> UploadBody:
    """The body is the file itself, or a form that holds it: ISO 2709, MARCXML, a list of deletions or a table of
    copies, packed or not.

    It needs the library's own token (`Authorization: Bearer …`), or one of its cataloguers'. Nothing of a file that
    breaks off is kept. Uploading a name again puts the new file in place of the one before.
    """
    library, folder, place, by = await _admitted(request, code)
    most = library.harvest.max_upload_bytes
    content: AsyncIterator[bytes] = request.stream()
    _refuse_what_is_stated_too_large(request, most)
    try:
        if is_form(kind := request.headers.get("content-type", "")):
            form = FormFile(kind, content)
            name, content = name or await form.name(), form.pieces()
    except ClientDisconnect as exc:
        raise InvalidRequest("The file broke off.") from exc
    _check_name(name, folder)
    waiting = place / f".{name}.{uuid.uuid4().hex}.part"  # a name that no harvest takes
    try:
        size, digest = await _stored(content, waiting, most)
        if sha256 and not hmac.compare_digest(sha256.lower(), digest):
            raise InvalidRequest(f"The file that came has the SHA-256 {digest}, not the one stated.", field="sha256")
        await asyncio.to_thread(_prove, name, waiting, library, folder)
        await asyncio.to_thread(_place, waiting, place / name, done=folder.ready == "done")
    finally:
        with suppress(FileNotFoundError):
            waiting.unlink()
    noted = f"{code}: {name}, {size} bytes"
    await asyncio.to_thread(staff_of(request).audit.note, Action.UPLOADED, noted, by=by, library=code)
    return UploadBody(
        library=code, name=name, bytes=size, sha256=digest, state="waiting", status_url=_status_url(code, name)
    )


@router.get("/{name}", summary="What became of an uploaded file", responses=may_fail(401, 404))
async def uploaded(request: Request, code: Code, name: FileName) -> UploadBody:
    """Whether a file waits for the next harvest or was taken in. It needs the same token as uploading."""
    _, folder, place, _ = await _admitted(request, code)
    _check_name(name, folder)
    services: Services = request.app.state.services
    path = place / name
    entries = await asyncio.to_thread(services.store.file_ledger, code)
    entry = entries.get(str(path))
    there = await asyncio.to_thread(_digest, path)
    if there is None and entry is None:
        raise NotFound(f"The library {code} has uploaded no file called {name}.")
    size, digest = there or (entry.size if entry else 0, entry.sha256 if entry else "")
    body = UploadBody(
        library=code, name=name, bytes=size, sha256=digest or None, state="waiting", status_url=_status_url(code, name)
    )
    if entry is None:
        return body
    if entry.sha256 == digest:
        return body.model_copy(update={"state": STATES[entry.state], "reason": entry.reason})
    before = entries.get(entry.reason) if entry.state == "waiting" else None
    if before is None or before.state != "refused":
        return body
    return body.model_copy(update={"waits_for": before.label})


def _status_url(code: str, name: str) -> str:
    return f"/api/libraries/{code}/records/{quote(name)}"


async def _admitted(request: Request, code: str) -> tuple[Library, Folder, Path, Actor | str]:
    """The library that may upload here, its folder and where that is, and who does.

    Raises: NotFound when the library takes no uploads, Unauthorised without a token, Forbidden for staff of another
    library or another role.
    """
    services: Services = request.app.state.services
    library = services.libraries.get(code)
    variable = library.harvest.upload_token_env if library else None
    if library is None or library.harvest.folder is None or variable is None:
        raise NotFound(f"There is no library {code} that uploads files.")
    expected = os.environ.get(variable, "")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    given = token.strip() if scheme.lower() == "bearer" else ""
    place = beside(library, library.harvest.folder.path)
    actor = await asyncio.to_thread(staff_of(request).tokens.actor, given) if given.startswith(TOKEN_PREFIX) else None
    if actor is not None:
        if not actor.may(Role.CATALOGUER) or actor.library not in ("", code):
            raise Forbidden(f"Cataloguers of {code} upload its records.")
        return library, library.harvest.folder, place, actor
    if not same(given, expected):
        raise Unauthorised("This needs the library's own token, as Authorization: Bearer …")
    return library, library.harvest.folder, place, f"{code} (its own token)"


def _check_name(name: str, folder: Folder) -> None:
    if not name:
        raise InvalidRequest("The file needs a name: ?name=records.mrc.", field="name")
    if not NAME.fullmatch(name) or fits(name, (*UNFINISHED, *SIDECARS)):
        raise InvalidRequest(
            "A file's name has letters, digits, points, hyphens, spaces, round brackets, at most 180.", field="name"
        )
    if not fits(name, folder.take):
        raise InvalidRequest(f"Files of this library are called {', '.join(folder.take)}.", field="name")


def _refuse_what_is_stated_too_large(request: Request, most: int) -> None:
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated) > most + MOST_BESIDE:
        raise _too_large(most)


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"A file must not exceed {most:,} bytes.")


async def _stored(content: AsyncIterator[bytes], file: Path, most: int) -> tuple[int, str]:
    """Writes what comes to a file; its size and its SHA-256.

    Raises: TooLarge; InvalidRequest when there is nothing, or it broke off.
    """
    digest, size = hashlib.sha256(), 0
    await asyncio.to_thread(file.parent.mkdir, parents=True, exist_ok=True)
    with await asyncio.to_thread(file.open, "xb") as stream:
        try:
            async for piece in _pieces(content):
                size += len(piece)
                if size > most:
                    raise _too_large(most)
                digest.update(piece)
                await asyncio.to_thread(stream.write, piece)
        except ClientDisconnect as exc:
            raise InvalidRequest("The file broke off.") from exc
        await asyncio.to_thread(stream.flush)
        await asyncio.to_thread(os.fsync, stream.fileno())
    if not size:
        raise InvalidRequest("The file is empty.")
    return size, digest.hexdigest()


async def _pieces(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces worth a write each."""
    buffer = bytearray()
    async for chunk in chunks:
        buffer += chunk
        if len(buffer) >= BUFFER_BYTES:
            yield bytes(buffer)
            buffer.clear()
    if buffer:
        yield bytes(buffer)


def _prove(name: str, file: Path, library: Library, folder: Folder) -> None:
    """Raises: InvalidRequest for what breaks off, and for what no harvest could read: it would keep others waiting."""
    reading = Reading(library, utc_now)
    try:
        with file.open("rb") as stream:
            prove_ends(name, stream)
            stream.seek(0)
            reading.refuse(name, stream, role_of(name, folder))
    except DumpUnusable as exc:
        raise InvalidRequest(f"The file cannot be used: {exc}.") from exc
    finally:
        reading.seen.close()


def _place(waiting: Path, file: Path, *, done: bool) -> None:
    """Gives a whole file its name, and lets that outlast a power cut."""
    waiting.replace(file)
    if done:
        file.with_name(file.name + DONE).touch()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _digest(file: Path) -> tuple[int, str] | None:
    try:
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            return stream.tell(), digest
    except FileNotFoundError:
        return None
