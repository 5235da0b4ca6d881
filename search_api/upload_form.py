"""A file out of a form (multipart/form-data, RFC 7578), as browsers and `curl -F` send it, while it arrives."""

from __future__ import annotations

from collections.abc import AsyncIterator

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from search_api.errors import InvalidRequest

FORM = "multipart/form-data"
MOST_BESIDE = 64 * 1024
"""Bytes of a form that are not the file: its other fields, what stands before and after them."""


def is_form(content_type: str) -> bool:
    """Whether a body is a form, by the header of its type."""
    return content_type.partition(";")[0].strip().lower() == FORM


class FormFile:
    """The one file of a form. First ``name``, then ``pieces``; no more of it is in memory than has just come."""

    def __init__(self, content_type: str, chunks: AsyncIterator[bytes]) -> None:
        """Raises: InvalidRequest when the header names no boundary."""
        boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
        if not boundary:
            raise InvalidRequest("The form's Content-Type names no boundary.")
        self._chunks = chunks
        self._name: str | None = None
        self._inside = False  # the part that is the file
        self._header: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self._disposition = b""
        self._came = bytearray()
        self._beside = 0
        self._files = 0
        self._whole = False
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._part_begins,
                    "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                    "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                    "on_header_end": self._header_ends,
                    "on_headers_finished": self._content_begins,
                    "on_part_data": self._content,
                    "on_part_end": self._part_ends,
                    "on_end": self._ends,
                },
            )
        except FormParserError as exc:
            raise InvalidRequest("The form's boundary cannot be used.") from exc

    async def name(self) -> str:
        """What the file is called where it comes from, without folders.

        Raises: InvalidRequest when the form holds no file or is none.
        """
        while self._name is None:
            if not await self._more():
                raise InvalidRequest("The form holds no file: curl -F file=@records.mrc sends one.")
        return self._name

    async def pieces(self) -> AsyncIterator[bytes]:
        """The file, as it comes.

        Raises: InvalidRequest when the form breaks off, is none, or holds another file.
        """
        more = True
        while more:
            if self._came:
                yield bytes(self._came)
                self._came.clear()
            more = await self._more()
        if not self._whole:
            raise InvalidRequest("The file broke off.")

    async def _more(self) -> bool:
        chunk = await anext(self._chunks, None)
        if chunk is None:
            return False
        before = len(self._came)
        try:
            self._parser.write(chunk)
        except FormParserError as exc:
            raise InvalidRequest(f"The form cannot be read: {exc}.") from exc
        self._beside += len(chunk) - (len(self._came) - before)
        if self._beside > MOST_BESIDE:
            raise InvalidRequest("The form holds more than a file.")
        return True

    def _part_begins(self) -> None:
        self._disposition = b""

    def _header_ends(self) -> None:
        field, value = self._header
        if bytes(field).lower() == b"content-disposition":
            self._disposition = bytes(value)
        field.clear()
        value.clear()

    def _content_begins(self) -> None:
        stated = parse_options_header(self._disposition)[1].get(b"filename")
        self._inside = stated is not None
        if stated is None:
            return
        self._files += 1
        if self._files > 1:
            raise InvalidRequest("The form holds several files: send one at a time.")
        self._name = stated.decode("utf-8", "replace").replace("\\", "/").rpartition("/")[2]

    def _content(self, data: bytes, start: int, end: int) -> None:
        if self._inside:
            self._came += data[start:end]

    def _part_ends(self) -> None:
        self._inside = False

    def _ends(self) -> None:
        self._whole = True
