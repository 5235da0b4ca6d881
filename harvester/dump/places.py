"""Where files lie: on disk, behind HTTP, behind SFTP; what is there, and one of them brought here."""

from __future__ import annotations

import asyncio
import glob
import hashlib
import os
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BufferedReader
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import BinaryIO, cast
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree, html

from harvester.access import Access, beside
from harvester.dump.sftp import SftpFiles
from harvester.errors import DumpUnusable
from harvester.http import Answer, Patience, PatientSession, address
from mappings.access import without_keys
from mappings.library import Library

MAX_FILE_BYTES = 64 * 1024**3  # of one file, as fetched
WILDCARDS = "*?["


@dataclass(frozen=True, slots=True)
class FileAt:
    """A file where it lies, as far as it can be told without fetching it."""

    address: str  # path or URL
    size: int | None = None
    modified: str = ""  # as the place states it; an instant in ISO 8601 where it is known
    etag: str = ""

    @property
    def name(self) -> str:
        path = urlsplit(self.address).path if is_url(self.address) else self.address
        return PurePosixPath(unquote(path) if is_url(self.address) else path).name

    @property
    def known_as(self) -> str:
        """Its name in the ledger: its address, with a digest of it in place of what looks like a key there."""
        bare = without_keys(self.address) if is_url(self.address) else self.address
        if bare == self.address:
            return self.address
        digest = hashlib.blake2b(self.address.encode(), digest_size=6).hexdigest()  # two keys may open two files
        return f"{bare}#{digest}"

    def is_as(self, other: FileAt) -> bool:
        """Whether nothing says that it differs from what it was."""
        return (self.size, self.modified, self.etag) == (other.size, other.modified, other.etag)

    @property
    def modified_at(self) -> datetime | None:
        """When it was last changed, absent when the place does not say."""
        for read in (datetime.fromisoformat, parsedate_to_datetime):
            try:
                found = read(self.modified)
            except ValueError:
                continue
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        return None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file brought here: what it is called, its bytes, and what tells whether it has changed next time."""

    at: FileAt
    stream: BinaryIO
    sha256: str


def is_url(address: str) -> bool:
    return address.startswith(("http://", "https://", "sftp://"))


class Places:
    """Looks for the files of one library and brings them; what was opened is closed at the end."""

    def __init__(self, library: Library, http: PatientSession) -> None:
        self._library = library
        self._http = http
        self._access = Access.of(library)
        self._sftp = SftpFiles(library)
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Places:
        await self._open.enter_async_context(self._sftp)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    async def look(self, where: str) -> list[FileAt]:
        """The files at a path, a pattern of paths or a URL, by name; a URL that ends in ``/`` is a folder.

        Raises: DumpUnusable when there is none, and whatever the connections raise.
        """
        if where.startswith("sftp://"):
            found = [FileAt(*one) for one in await self._sftp.look(where)]
        elif not is_url(where):
            found = await asyncio.to_thread(self._on_disk, where)
        elif urlsplit(where).path.endswith("/"):
            found = await self._linked(where)
        else:
            return [FileAt(where)]
        return sorted(found, key=lambda file: file.address)

    async def fetch(self, file: FileAt, known: FileAt | None = None) -> Fetched | None:
        """Brings a file here; absent when the server says that it is still the ``known`` one.

        Raises: DumpUnusable when it cannot be read, and whatever the connections raise.
        """
        if not is_url(file.address):
            return await asyncio.to_thread(self._opened, file)
        into = self._open.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        if file.address.startswith("sftp://"):
            await self._sftp.fetch(file.address, into, MAX_FILE_BYTES)
            at = file
        else:
            patience = replace(Patience.of(self._library.harvest), max_bytes=MAX_FILE_BYTES)
            etag, modified = (known.etag, known.modified) if known else ("", "")
            got = await self._http.download(
                address(file.address), patience, into, etag=etag, last_modified=modified, access=self._access
            )
            if not got.modified:
                into.close()
                return None
            at = FileAt(file.address, None, got.last_modified, got.etag)
        size = into.seek(0, os.SEEK_END)
        if file.size not in {None, size}:
            raise DumpUnusable(f"{file.name}: it has {size:,} bytes and should have {file.size:,}: it is still growing")
        digest = await asyncio.to_thread(_sha256, into)
        return Fetched(replace(at, size=size), cast(BinaryIO, into), digest)

    def _on_disk(self, where: str) -> list[FileAt]:
        path = beside(self._library, where)
        if any(sign in where for sign in WILDCARDS):
            paths = [Path(found) for found in glob.glob(str(path), recursive=True)]  # noqa: PTH207 (absolute patterns)
            paths = [found for found in paths if found.is_file()]
        elif path.is_dir():
            paths = [found for found in path.iterdir() if found.is_file()]
            return [self._file(found) for found in paths]
        else:
            paths = [path]
        if not paths:
            raise DumpUnusable(f"{path}: there is no such file")
        return [self._file(found) for found in paths]

    def _file(self, path: Path) -> FileAt:
        try:
            about = path.stat()
        except OSError as exc:
            raise DumpUnusable(f"{path}: {exc.strerror}") from exc
        return FileAt(str(path), about.st_size, datetime.fromtimestamp(about.st_mtime, UTC).isoformat())

    def _opened(self, file: FileAt) -> Fetched:
        try:
            stream = self._open.enter_context(Path(file.address).open("rb"))  # noqa: SIM115
            return Fetched(file, stream, _sha256(stream))
        except OSError as exc:
            raise DumpUnusable(f"{file.address}: {exc.strerror}") from exc

    async def _linked(self, where: str) -> list[FileAt]:
        """What a page links to directly below itself: the listing of a folder as web servers write it."""

        def read(answer: Answer) -> list[FileAt]:
            return [FileAt(link) for link in links(answer.body, answer.url)]

        patience = Patience.of(self._library.harvest)
        return (await self._http.ask(address(where), patience, read, access=self._access)).value


def links(page: bytes, url: str) -> list[str]:
    """The addresses of files right below ``url`` that a page of HTML links to.

    Raises: DumpUnusable when it is no HTML.
    """
    base = url.partition("?")[0].partition("#")[0]
    base = base[: base.rindex("/") + 1]
    try:
        hrefs = html.document_fromstring(page).xpath("//a/@href")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as exc:
        raise DumpUnusable(f"{url}: it is no page that lists files: {exc}") from exc
    found = [urljoin(base, str(href).partition("#")[0].partition("?")[0]) for href in hrefs]
    names = {link: link.removeprefix(base) for link in found if link.startswith(base)}
    return [link for link, name in names.items() if name and "/" not in name]


def _sha256(stream: BinaryIO) -> str:
    stream.seek(0)
    digest = hashlib.file_digest(cast(BufferedReader, stream), "sha256").hexdigest()
    stream.seek(0)
    return digest
