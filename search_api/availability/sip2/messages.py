"""SIP2 messages: a code of two figures, a part of fixed length, fields of two letters, and a check of the sum."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

END: Final = b"\r"
VERSION: Final = "2.00"
LOGIN_ANSWER: Final = "94"
RESEND: Final = "96"  # the server asks for our last message again
ITEM_ANSWER: Final = "18"
STATUS_ANSWER: Final = "98"

_FIXED = {LOGIN_ANSWER: 1, RESEND: 0, ITEM_ANSWER: 24, STATUS_ANSWER: 34}
"""How many characters stand between the code and the fields, for the messages that a server may send us."""

_CHECK = re.compile(rb"(?:AY(\d))?AZ([0-9A-Fa-f]{4})\Z")
_ITEM_INFORMATION = 10  # its place in BX, the messages that a server supports
_UNWRITABLE = re.compile(r"[|\x00-\x1f\x7f]")


class Sip2Invalid(Exception):
    """What was received is no message of SIP2 that a server may send."""


class ChecksumWrong(Sip2Invalid):
    """A message was damaged on the way; it can be asked for again."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as received. Of a field that is repeated ``fields`` has the first that says something."""

    code: str
    fixed: str
    fields: Mapping[str, str]
    sequence: int | None = None  # None: the server does not number its messages
    repeated: Mapping[str, Sequence[str]] = field(default_factory=dict)  # what else was said in fields of a name

    def values(self, name: str) -> list[str]:
        """All that is said in fields of this name, in their order; none that is empty."""
        return [text for text in (self.fields.get(name, ""), *self.repeated.get(name, ())) if text]


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """What a server says of itself (98)."""

    online: bool
    tells_items: bool  # whether it supports item information; True when it does not say
    institution: str


def parsed(line: bytes, encoding: str) -> Message:
    """A message without its end. It is decoded before it is parted: in Big5 a letter may hold the byte of ``|``.

    Raises: ChecksumWrong, or Sip2Invalid when it is no message at all.
    """
    line = line.strip(b"\r\n\x00 ")
    check = _CHECK.search(line)
    sequence = None
    if check is not None:
        if checksum(line[: check.start(2)]) != check[2].decode().upper():
            raise ChecksumWrong("answered a message whose checksum is wrong")
        sequence = int(check[1]) if check[1] else None
        line = line[: check.start()]
    text = line.decode(encoding, "replace")
    code = text[:2]
    length = _FIXED.get(code)
    if length is None:
        raise Sip2Invalid("answered something that is not SIP2")
    fixed, rest = text[2 : 2 + length], text[2 + length :]
    if len(fixed) < length:
        raise Sip2Invalid(f"answered a message {code} that is cut short")
    fields: dict[str, str] = {}
    repeated: dict[str, list[str]] = {}
    for part in rest.split("|"):
        name, text = part[:2], part[2:].strip()
        if not fields.get(name):
            fields[name] = text
        elif text:
            repeated.setdefault(name, []).append(text)
    return Message(code, fixed, fields, sequence, repeated)


def written(body: str, encoding: str, sequence: int | None) -> bytes:
    """A message as it is sent; ``sequence`` None: without number and checksum.

    Raises: UnicodeEncodeError when the character set does not have a letter of it.
    """
    line = body.encode(encoding)
    if sequence is not None:
        line += f"AY{sequence}AZ".encode()
        line += checksum(line).encode()
    return line + END


def send_again() -> bytes:
    """Request ACS resend (97), which has a checksum and no number."""
    line = b"97AZ"
    return line + checksum(line).encode() + END


def checksum(line: bytes) -> str:
    """What added to the sum of the bytes gives zero, in 16 bits, as four hexadecimal figures."""
    return f"{-sum(line) & 0xFFFF:04X}"


def can_be_written(text: str, encoding: str) -> bool:
    """Whether a text can be the value of a field."""
    if _UNWRITABLE.search(text):
        return False
    try:
        return b"|" not in text.encode(encoding)
    except UnicodeEncodeError:
        return False


def login(user: str, password: str, location: str) -> str:
    """Login (93), neither name nor password encrypted."""
    return f"9300CN{user}|CO{password}|" + (f"CP{location}|" if location else "")


def status_request() -> str:
    """SC status (99): all is well here, lines of 30 letters."""
    return f"990030{VERSION}"


def item_request(institution: str, barcode: str, now: datetime) -> str:
    """Item information (17)."""
    return f"17{now:%Y%m%d    %H%M%S}AO{institution}|AB{barcode}|AC|"


def server_status(message: Message) -> ServerStatus:
    """What message 98 says."""
    supported = message.fields.get("BX", "")
    return ServerStatus(
        online=message.fixed[:1] != "N",
        tells_items=supported[_ITEM_INFORMATION : _ITEM_INFORMATION + 1] != "N",
        institution=message.fields.get("AO", ""),
    )
