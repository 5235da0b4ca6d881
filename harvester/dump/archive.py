"""A file as it was sent → the files within, unpacked as they are read and never written to disk.

gzip, bzip2, xz, zstandard, zip and tar, one within another. Each is known by its first bytes. What would fill a disk or
write outside of it is refused before it is read.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, cast

import zstandard

from harvester.errors import DumpUnusable

CHUNK_BYTES = 1024 * 1024
HEAD_BYTES = 64 * 1024
MAX_DEPTH = 3  # .tar.gz is two, .mrc.gz within a .zip too
MAX_MEMBERS = 100_000
MAX_UNPACKED_BYTES = 256 * 1024**3  # of one file
MAX_EXPANSION = 250  # MARCXML shrinks to a thirtieth at best
NEVER_TOO_EXPANDED = 64 * 1024 * 1024
ZSTD_PIECE_BYTES = 1024  # one of these makes 32 MiB at worst

ZIP_MAGIC = b"PK\x03\x04"
EMPTY_ZIP_MAGIC = b"PK\x05\x06"
SPREADSHEET_PARTS = (b"[Content_Types].xml", b"docProps/", b"xl/workbook.xml")
TAR_MAGIC, TAR_MAGIC_AT = b"ustar", 257
TAR_BLOCK = 512
NOT_FILES = ("__MACOSX", ".DS_Store", "._")  # what desktop computers add to archives

UNPACKING_ERRORS = (
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zstandard.ZstdError,
    zipfile.BadZipFile,
    tarfile.TarError,
    NotImplementedError,  # a way of compressing that zipfile does not know
)


class Stream:
    """Bytes to be read once, from the front, with a look ahead and a limit."""

    def __init__(self, name: str, raw: BinaryIO, most: Callable[[], int] | int = MAX_UNPACKED_BYTES) -> None:
        self.name = name
        self.count = 0  # bytes read, those of the look ahead included
        self._raw = raw
        self._ahead = b""
        self._most = most

    def head(self) -> bytes:
        """The first bytes, still to be read."""
        while len(self._ahead) < HEAD_BYTES and (chunk := self._taken(HEAD_BYTES - len(self._ahead))):
            self._ahead += chunk
        return self._ahead

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes, all that are left when it is negative; empty at the end.

        Raises: DumpUnusable when there are more than the limit, or they cannot be unpacked.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(CHUNK_BYTES), b""))
        if self._ahead:
            taken, self._ahead = self._ahead[:size], self._ahead[size:]
            return taken
        return self._taken(size)

    def _taken(self, size: int) -> bytes:
        try:
            chunk = self._raw.read(size)
        except UNPACKING_ERRORS as exc:
            raise DumpUnusable(f"{self.name}: it breaks off or is damaged: {exc or type(exc).__name__}") from exc
        self.count += len(chunk)
        most = self._most if isinstance(self._most, int) else self._most()
        if self.count > most:
            raise DumpUnusable(f"{self.name}: it unpacks to more than {most:,} bytes, which no file of records does")
        return chunk


@dataclass(slots=True)
class _Budget:
    """How much one file may unpack to, over all that is packed in it."""

    packed: int
    used: int = 0

    def most(self) -> int:
        whole = min(MAX_UNPACKED_BYTES, max(NEVER_TOO_EXPANDED, self.packed * MAX_EXPANSION))
        return max(0, whole - self.used)


def members(name: str, file: BinaryIO) -> Iterator[Stream]:
    """The files in a file, in the order in which they are packed; the file itself when it is no archive.

    Each is to be read before the next is asked for.

    Raises: DumpUnusable when it cannot be unpacked, would unpack to too much, or names a place outside of itself.
    """
    budget = _Budget(file.seek(0, io.SEEK_END))
    file.seek(0)
    try:
        yield from _members(name, Stream(name, file), file, budget, 0)
    except UNPACKING_ERRORS as exc:
        raise DumpUnusable(f"{name}: it breaks off or is damaged: {exc or type(exc).__name__}") from exc


def prove(name: str, file: BinaryIO) -> int:
    """Unpacks a file to its end for its checksums alone; how many bytes it holds.

    A plain file has no checksum and is not read.

    Raises: DumpUnusable, as ``members``.
    """
    file.seek(0)
    if not is_packed(file.read(HEAD_BYTES)):
        return file.seek(0, io.SEEK_END)
    size = 0
    for stream in members(name, file):
        while stream.read(CHUNK_BYTES):
            pass
        size += stream.count
    return size


def is_packed(head: bytes) -> bool:
    """Whether these first bytes are those of something compressed, or of an archive."""
    return _opener(head) is not None or head.startswith((ZIP_MAGIC, EMPTY_ZIP_MAGIC)) or _is_tar(head)


def is_spreadsheet(head: bytes) -> bool:
    """Whether these first bytes are those of an XLSX file: a zip that is not an archive of files."""
    return head.startswith(ZIP_MAGIC) and any(part in head for part in SPREADSHEET_PARTS)


def _is_tar(head: bytes) -> bool:
    return head[TAR_MAGIC_AT : TAR_MAGIC_AT + len(TAR_MAGIC)] == TAR_MAGIC


def _members(name: str, stream: Stream, seekable: BinaryIO | None, budget: _Budget, depth: int) -> Iterator[Stream]:
    head = stream.head()
    opener = _opener(head)
    if not is_packed(head) or is_spreadsheet(head):
        yield stream
        budget.used += stream.count if depth else 0
        return
    if depth >= MAX_DEPTH:
        raise DumpUnusable(f"{name}: archives within archives, more than {MAX_DEPTH} deep")
    if opener is not None:
        inner = Stream(_without_suffix(name), opener(cast(BinaryIO, stream)), budget.most)
        yield from _members(inner.name, inner, None, budget, depth + 1)
    elif _is_tar(head):
        yield from _tar_members(name, stream, budget, depth)
    else:
        if seekable is None:
            raise DumpUnusable(f"{name}: a zip file within an archive cannot be read; send it by itself")
        yield from _zip_members(name, seekable, budget, depth)


def _opener(head: bytes) -> Callable[[BinaryIO], BinaryIO] | None:
    for magic, opener in _OPENERS:
        if head.startswith(magic):
            return opener
    return None


def _zip_members(name: str, file: BinaryIO, budget: _Budget, depth: int) -> Iterator[Stream]:
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        _refuse_crowds(name, len(entries))
        for entry in entries:
            _refuse_outside(name, entry.filename)
            if entry.flag_bits & 1:
                raise DumpUnusable(f"{name}: {entry.filename} is encrypted; send it without a password")
        for entry in entries:
            if _is_file(entry.filename):
                inside = f"{name}/{entry.filename}"
                with archive.open(entry) as raw:
                    member = Stream(inside, cast(BinaryIO, raw), budget.most)
                    yield from _members(inside, member, None, budget, depth + 1)


def _tar_members(name: str, stream: Stream, budget: _Budget, depth: int) -> Iterator[Stream]:
    packed = _WithTail(stream)
    with tarfile.open(fileobj=cast(BinaryIO, packed), mode="r|") as archive:
        count = 0
        for entry in archive:
            count += 1
            _refuse_crowds(name, count)
            _refuse_outside(name, entry.name)
            if entry.isdir() or not _is_file(entry.name):
                continue
            if not entry.isreg():
                raise DumpUnusable(f"{name}: {entry.name} is a link or a device, not a file")
            raw = archive.extractfile(entry)
            if raw is None:
                raise DumpUnusable(f"{name}: {entry.name} cannot be read")
            inside = f"{name}/{entry.name}"
            member = Stream(inside, cast(BinaryIO, raw), budget.most)
            yield from _members(inside, member, None, budget, depth + 1)
    while packed.read(CHUNK_BYTES):  # what is around it has a checksum at its end
        pass
    if packed.tail.strip(b"\0") or len(packed.tail) < TAR_BLOCK:  # tarfile takes any end for the end of the archive
        raise DumpUnusable(f"{name}: the archive breaks off")


class _WithTail:
    """A stream whose last block is remembered."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.tail = b""

    def read(self, size: int) -> bytes:
        chunk = self._stream.read(size)
        if chunk:
            self.tail = (self.tail + chunk)[-TAR_BLOCK:]
        return chunk


def _refuse_crowds(name: str, count: int) -> None:
    if count > MAX_MEMBERS:
        raise DumpUnusable(f"{name}: it holds more than {MAX_MEMBERS:,} files")


def _refuse_outside(name: str, path: str) -> None:
    parts = PurePosixPath(path.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or path[1:2] == ":":
        raise DumpUnusable(f"{name}: it names a file outside of itself: {path!r}")


def _is_file(path: str) -> bool:
    return not any(part.startswith(NOT_FILES) for part in PurePosixPath(path).parts)


def _without_suffix(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    return {"tgz": f"{stem}.tar", "tbz": f"{stem}.tar", "txz": f"{stem}.tar"}.get(suffix, stem) if dot else name


class _Zstandard(io.RawIOBase):
    """A zstandard stream that says when it breaks off, which the library's own reader does not."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._ready = b""
        self._within = False  # a frame has begun and has not ended

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while not self._ready:
            piece = self._packed.read(ZSTD_PIECE_BYTES)
            if not piece:
                if self._within:
                    raise EOFError("the compressed data ends before its end-of-stream marker was reached")
                return b""
            self._unpack(piece)
        taken, self._ready = (self._ready[:size], self._ready[size:]) if size >= 0 else (self._ready, b"")
        return taken

    def _unpack(self, piece: bytes) -> None:
        while piece:
            self._within = True
            self._ready += self._frame.decompress(piece)
            if not self._frame.eof:
                return
            piece, self._within = self._frame.unused_data, False
            self._frame = zstandard.ZstdDecompressor().decompressobj()


_OPENERS: tuple[tuple[bytes, Callable[[BinaryIO], BinaryIO]], ...] = (
    (b"\x1f\x8b", lambda packed: cast(BinaryIO, gzip.GzipFile(fileobj=packed))),
    (b"BZh", lambda packed: cast(BinaryIO, bz2.BZ2File(packed))),
    (b"\xfd7zXZ\x00", lambda packed: cast(BinaryIO, lzma.LZMAFile(packed))),  # noqa: SIM115
    (b"\x28\xb5\x2f\xfd", lambda packed: cast(BinaryIO, _Zstandard(packed))),
)
"""By their first bytes: what is compressed as a whole."""
