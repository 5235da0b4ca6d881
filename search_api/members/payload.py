"""A record that could not be read, for whoever has to see why."""

from __future__ import annotations

from harvester.raw_record import Quarantined
from harvester.store import Store

MOST_SHOWN = 30_000
_FIELD_END, _SUBFIELD = "\x1e", "\x1f"


def quarantined_payload(store: Store, refused: Quarantined) -> bytes:
    """What could not be read; b"" where it never came."""
    if refused.payload:
        return refused.payload
    stored = store.raw(refused.library, refused.identifier)
    return stored.raw.payload if stored else b""


def is_xml(payload: bytes) -> bool:
    return payload.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def as_text(payload: bytes) -> str:
    """A record's bytes as somebody can look at them: a line a field, and what is no text as its bytes."""
    text = payload[:MOST_SHOWN].decode("utf-8", "backslashreplace")
    if not is_xml(payload):
        text = text.replace(_FIELD_END, "\n").replace(_SUBFIELD, "‡")
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in text)
