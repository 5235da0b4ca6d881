"""Whether a file ends where a record does, found out without reading any of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO, cast

from harvester.dump.archive import CHUNK_BYTES, Stream, is_spreadsheet, members
from harvester.errors import DumpUnusable
from harvester.file_kind import format_of, is_utf16
from harvester.marc_split import MarcXmlPieces, Piece, iso2709_pieces


def prove_ends(name: str, file: BinaryIO) -> None:
    """Reads a file to its end, all that is packed in it too; lists and tables have no end that could be missing.

    Raises: DumpUnusable when it cannot be unpacked or breaks off within a record.
    """
    for stream in members(name, file):
        if "/" not in stream.name.removeprefix(name):  # what else lies in an archive is for its harvest to say
            refuse_strangers(stream)
        for piece in _pieces(stream):
            if piece.cut_off:
                raise DumpUnusable(f"{stream.name}: {piece.refusal} (byte {piece.offset:,})")


def refuse_strangers(stream: Stream) -> None:
    """Makes sure that a file by its first bytes may be one of records, a list of numbers or a table.

    Raises: DumpUnusable when it is a page of HTML, a picture or the like.
    """
    head = stream.head()
    try:
        format_of(head)
    except DumpUnusable as exc:
        binary = b"\0" in head and not is_utf16(head) and not is_spreadsheet(head)
        if head.lstrip().startswith(b"<") or binary or head.startswith(b"%PDF") or not head.strip():
            kinds = "ISO 2709, MARCXML, a table or list as text or XLSX, or one of these packed"
            raise DumpUnusable(f"{stream.name}: {exc}; a file of records is {kinds}") from exc


def _pieces(stream: Stream) -> Iterable[Piece]:
    try:
        payload_format = format_of(stream.head())
    except DumpUnusable:  # no records: whether it may be there is for its harvest to say
        while stream.read(CHUNK_BYTES):
            pass
        return ()
    binary = cast(BinaryIO, stream)
    return iso2709_pieces(binary) if payload_format == "iso2709" else MarcXmlPieces(binary)
