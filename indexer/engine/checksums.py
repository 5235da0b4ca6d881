"""Whether the files of an embedded index are what was written: tantivy finds out about some of what breaks, not all.

Each file of a segment ends with a note in JSON that has the CRC-32 of all before it, and with the note's length and a
magic number, four bytes each.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import orjson

META = "meta.json"
KINDS = ("fast", "fieldnorm", "idx", "pos", "store", "term")
"""What every segment has a file of."""

MAGIC = 1337
LONGEST_NOTE = 10_000
AT_ONCE = 1 << 20


class Damaged(Exception):
    """A file of an index is missing, cut off or not as it was written; the message names it."""


def check(folder: Path) -> None:
    """Reads every file of the last commit through; about a second for a gigabyte.

    Raises: Damaged; OSError for what cannot be read.
    """
    content = _meta(folder)
    while True:
        try:
            for name in _files(content):
                _check(folder / name)
            return
        except FileNotFoundError as exc:
            before, content = content, _meta(folder)
            if content == before:  # else another process has merged it away meanwhile
                raise Damaged(f"{exc.filename} is missing") from exc


def _meta(folder: Path) -> bytes:
    try:
        return (folder / META).read_bytes()
    except FileNotFoundError as exc:
        raise Damaged(f"{folder / META} is missing") from exc


def _files(meta: bytes) -> Iterator[str]:
    """The files of the segments that a commit is made of."""
    try:
        for segment in orjson.loads(meta)["segments"]:
            name = str(segment["segment_id"]).replace("-", "")
            yield from (f"{name}.{kind}" for kind in KINDS)
            if segment["deletes"]:
                yield f"{name}.{segment['deletes']['opstamp']}.del"
    except (ValueError, KeyError, TypeError) as exc:
        raise Damaged(f"{META} is cut off or changed") from exc


def _check(file: Path) -> None:
    with file.open("rb") as opened:
        size = opened.seek(0, 2)
        opened.seek(max(0, size - 8))
        ending = opened.read()
        length, magic = struct.unpack("<II", ending) if len(ending) == 8 else (0, 0)
        rest = size - 8 - length
        if magic != MAGIC or length > LONGEST_NOTE or rest < 0:
            raise Damaged(f"{file} is cut off or changed")
        opened.seek(rest)
        try:
            expected = orjson.loads(opened.read(length))["crc"]
        except (ValueError, KeyError, TypeError) as exc:
            raise Damaged(f"{file} is changed") from exc
        opened.seek(0)
        crc = 0
        while rest:
            part = opened.read(min(rest, AT_ONCE))
            if not part:
                raise Damaged(f"{file} is cut off")
            crc, rest = zlib.crc32(part, crc), rest - len(part)
    if crc != expected:
        raise Damaged(f"{file} is changed: its checksum is another")
