"""A member's records from files of ISO 2709 or MARCXML, gzip or not, on disk or by URL.

Together the files are a full statement: what they do not hold, the library does not have. A record is named by its
control number (001). When several records of one statement share it, the first has it plain and the others have
``#2``, ``#3`` … after it; a record without one is ``#n``, the n-th of those without. Leader/05 = d is a deletion.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import tempfile
import zlib
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from harvester.compression import GZIP_MAGIC
from harvester.errors import DumpUnusable
from harvester.http import Download, Patience, PatientSession, address
from harvester.marc_split import (
    Cut,
    MarcXmlPieces,
    Piece,
    PieceRefused,
    format_of,
    iso2709_pieces,
    iso2709_record,
    likely_control_number,
    marcxml_record,
)
from harvester.page import End, Page
from harvester.store import PayloadFormat, Quarantined, RawRecord, utc_now
from mappings.library import Library

PAGE_RECORDS = 500
HEAD_BYTES = 64 * 1024
MAX_DUMP_BYTES = 64 * 1024**3  # of one file, as fetched

Validators = dict[str, tuple[str, str]]  # URL → (ETag, Last-Modified)


def source_of(library: Library) -> str:
    """What the run is bound to: other files are another source."""
    return "marc-dump " + " ".join(library.harvest.files)


def is_url(file: str) -> bool:
    return file.startswith(("http://", "https://"))


async def pages(
    library: Library, http: PatientSession, *, since: str = "", now: Callable[[], datetime] = utc_now
) -> AsyncGenerator[Page, None]:
    """The pages of all the library's files, in order; none at all when every file is unchanged ``since`` a watermark.

    Raises: DumpUnusable when a file cannot be opened, is not MARC or breaks off within its compression, and for
    URLs whatever the session raises. The pages before are good.
    """
    known: Validators = {url: (etag, modified) for url, (etag, modified) in json.loads(since or "{}").items()}
    with ExitStack() as open_files:
        streams, validators, modified = [], Validators(), False
        for file in library.harvest.files:
            if is_url(file):
                stream, got = await _downloaded(library, http, file, known.get(file, ("", "")), open_files)
                validators[file] = (got.etag, got.last_modified)
                modified = modified or got.modified
            else:
                stream = await asyncio.to_thread(_opened, library, file, open_files)
                modified = True
            streams.append((file, stream))
        if not modified:
            yield Page((), end=End(True, since, nothing_new=True))
            return
        reading = _Reading(library.code, now)
        for file, stream in streams:
            if stream is None:  # unchanged, but another file is not, and only all of them are a statement
                stream, _ = await _downloaded(library, http, file, ("", ""), open_files)  # noqa: PLW2901
            file_pages = reading.pages(_name(file), cast(BinaryIO, stream))
            while (page := await asyncio.to_thread(next, file_pages, None)) is not None:
                yield page
        doubt = "; ".join(reading.cut_off)
        yield Page((), end=End(not doubt, _watermark(validators), doubt, reading.nameless))


def _watermark(validators: Validators) -> str:
    usable = {url: pair for url, pair in validators.items() if any(pair)}
    return json.dumps(usable, sort_keys=True)


async def _downloaded(
    library: Library, http: PatientSession, url: str, known: tuple[str, str], open_files: ExitStack
) -> tuple[BinaryIO | None, Download]:
    """The file in a temporary one that goes with ``open_files``; absent when it is not modified."""
    patience = replace(Patience.of(library.harvest), max_bytes=MAX_DUMP_BYTES)
    into = open_files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    got = await http.download(address(url), patience, into, etag=known[0], last_modified=known[1])
    return (into if got.modified else None), got


def _opened(library: Library, file: str, open_files: ExitStack) -> BinaryIO:
    path = Path(file)
    if not path.is_absolute() and library.file is not None:
        path = library.file.parent / path
    try:
        return open_files.enter_context(path.open("rb"))
    except OSError as exc:
        raise DumpUnusable(f"{path}: {exc.strerror}") from exc


def _name(file: str) -> str:
    return PurePosixPath(urlsplit(file).path).name if is_url(file) else Path(file).name


@dataclass(slots=True)
class _Reading:
    """What has to be remembered over all files of one statement."""

    library: str
    now: Callable[[], datetime]
    times: dict[str, int] = field(default_factory=dict)  # how often a control number has come
    unnumbered: int = 0
    nameless: int = 0  # pieces that could not be read and do not say which record they are
    cut_off: list[str] = field(default_factory=list)  # why the statement is not whole

    def pages(self, name: str, stream: BinaryIO) -> Iterator[Page]:
        """The pages of one file.

        Raises: DumpUnusable.
        """
        try:
            yield from self._pages(name, _plain(stream))
        except (OSError, EOFError, zlib.error) as exc:
            raise DumpUnusable(f"{name}: the file cannot be read to its end: {exc}") from exc
        except DumpUnusable as exc:
            raise DumpUnusable(f"{name}: {exc}") from exc

    def _pages(self, name: str, stream: BinaryIO) -> Iterator[Page]:
        head = stream.read(HEAD_BYTES)
        stream.seek(0)
        payload_format = format_of(head)
        records: list[RawRecord] = []
        refused: list[Quarantined] = []
        repairs = 0
        for piece, cut in _cuts(payload_format, stream):
            if isinstance(cut, Cut):
                records.append(self._record(payload_format, cut))
                repairs += cut.repairs
            else:
                self.cut_off += [f"{name}: {cut}"] if piece.cut_off else []
                if not piece.data:
                    continue  # the end is missing, not a record
                number = likely_control_number(piece.data)
                self.nameless += not number
                refused.append(self._refusal(number or f"{name}@{piece.offset}", piece, cut))
            if len(records) + len(refused) >= PAGE_RECORDS:
                yield Page(tuple(records), tuple(refused), repairs)
                records, refused, repairs = [], [], 0
        if records or refused:
            yield Page(tuple(records), tuple(refused), repairs)

    def _record(self, payload_format: PayloadFormat, cut: Cut) -> RawRecord:
        identifier = cut.control_number
        if cut.deleted and identifier:
            return RawRecord(self.library, identifier, payload_format, b"", deleted=True)
        if not identifier:
            self.unnumbered += 1
            identifier = f"#{self.unnumbered}"
        else:
            times = self.times.get(identifier, 0) + 1
            self.times[identifier] = times
            identifier = identifier if times == 1 else f"{identifier}#{times}"
        return RawRecord(self.library, identifier, payload_format, b"" if cut.deleted else cut.payload, cut.deleted)

    def _refusal(self, identifier: str, piece: Piece, reason: str) -> Quarantined:
        place = f"byte {piece.offset}"
        return Quarantined(self.library, identifier, "harvest", place, reason, self.now(), piece.data)


def _plain(stream: BinaryIO) -> BinaryIO:
    stream.seek(0)
    magic = stream.read(len(GZIP_MAGIC))
    stream.seek(0)
    return cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if magic == GZIP_MAGIC else stream


def _cuts(payload_format: PayloadFormat, stream: BinaryIO) -> Iterator[tuple[Piece, Cut | str]]:
    """Every piece with what it is, or in words why it is no record."""
    pieces: Iterator[Piece] | MarcXmlPieces
    if payload_format == "marcxml":
        pieces = xml = MarcXmlPieces(stream)

        def read(piece: Piece) -> Cut:
            return marcxml_record(xml.wrapped(piece.data))
    else:
        pieces = iso2709_pieces(stream)

        def read(piece: Piece) -> Cut:
            return iso2709_record(piece.data)

    for piece in pieces:
        if piece.refusal:
            yield piece, piece.refusal
            continue
        try:
            yield piece, read(piece)
        except PieceRefused as exc:
            yield piece, str(exc)
