"""Whether a file ends where a record does, found out without reading any of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO, cast

from harvester.dump.archive import CHUNK_BYTES, Stream, members
from harvester.errors import DumpUnusable
from harvester.marc_split import MarcXmlPieces, Piece, format_of, iso2709_pieces


def prove_ends(name: str, file: BinaryIO) -> None:
    """Reads a file to its end, all that is packed in it too; lists and tables have no end that could be missing.

    Raises: DumpUnusable when it cannot be unpacked or breaks off within a record.
    """
    for stream in members(name, file):
        for piece in _pieces(stream):
            if piece.cut_off:
                raise DumpUnusable(f"{stream.name}: {piece.refusal} (byte {piece.offset:,})")


def _pieces(stream: Stream) -> Iterable[Piece]:
    try:
        payload_format = format_of(stream.head())
    except DumpUnusable:  # no records: whether it may be there is for its harvest to say
        while stream.read(CHUNK_BYTES):
            pass
        return ()
    binary = cast(BinaryIO, stream)
    return iso2709_pieces(binary) if payload_format == "iso2709" else MarcXmlPieces(binary)
