"""Compressed answers that no header announces: known by their first bytes, unfolded within a cap."""

from __future__ import annotations

import zlib

import zstandard

GZIP_MAGIC = b"\x1f\x8b"
DEFLATE = "deflate"
ZSTANDARD_MAGIC = b"\x28\xb5\x2f\xfd"


class CompressionBroken(Exception):
    """The bytes begin as compressed ones do and cannot be unfolded to their end."""


class CompressionTooLarge(Exception):
    """Unfolded, the bytes would be more than the cap."""


def unfolded(body: bytes, max_bytes: int, encoding: str = "") -> tuple[bytes, bytes]:
    """The body, decompressed when its first bytes say gzip or Zstandard, every member of it; and what stands behind
    the end of its compression and belongs to none, without padding.

    Deflate shows itself in no first bytes: it is unfolded where ``encoding``, the header, names it, with the frame of
    zlib or without, and left alone where the body is plain all the same.

    Raises: CompressionBroken, CompressionTooLarge.
    """
    if body.startswith(GZIP_MAGIC):
        return _gunzipped(body, max_bytes)
    if body.startswith(ZSTANDARD_MAGIC):
        try:
            with zstandard.ZstdDecompressor().stream_reader(body, read_across_frames=True) as reader:
                plain: bytes = reader.read(max_bytes + 1)
        except zstandard.ZstdError as exc:
            raise CompressionBroken(f"broken Zstandard: {exc}") from exc
        return _within(plain, max_bytes), b""
    if DEFLATE in encoding.lower() and not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _inflated(body, max_bytes), b""
    return body, b""


def _inflated(body: bytes, max_bytes: int) -> bytes:
    for wbits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):  # RFC 9110 wants the frame of zlib; many servers leave it out
        inflate = zlib.decompressobj(wbits=wbits)
        try:
            plain = inflate.decompress(body, max_bytes + 1)
        except zlib.error:
            continue
        _within(plain, max_bytes)
        if not inflate.eof:
            raise CompressionBroken("the deflate stream is cut off")
        return plain
    raise CompressionBroken("broken deflate")


def _gunzipped(body: bytes, max_bytes: int) -> tuple[bytes, bytes]:
    plain = bytearray()
    while body.startswith(GZIP_MAGIC):
        unzip = zlib.decompressobj(wbits=31)
        try:
            plain += unzip.decompress(body, max_bytes + 1 - len(plain))
        except zlib.error as exc:
            raise CompressionBroken(f"broken gzip: {exc}") from exc
        _within(plain, max_bytes)
        if not unzip.eof:
            raise CompressionBroken("the gzip stream is cut off")
        body = unzip.unused_data
    return bytes(plain), body.strip(b"\0")


def _within(plain: bytes | bytearray, max_bytes: int) -> bytes:
    if len(plain) > max_bytes:
        raise CompressionTooLarge(f"unfolded it is larger than {max_bytes:,} bytes")
    return bytes(plain)
