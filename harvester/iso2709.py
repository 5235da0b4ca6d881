"""The fields of an ISO 2709 record by the lengths its directory states, for one that lacks terminators.

A terminator that got lost moves what follows by a byte, so that no address fits any more; the lengths still say where
each field ends. They count only where they use up the record to its last byte, so a record that was cut off is never
taken for one that lacks its end.
"""

from __future__ import annotations

import re
from collections import deque
from itertools import islice

LEADER_BYTES, ENTRY_BYTES = 24, 12
FIELD_END, RECORD_END, DELIMITER = b"\x1e", b"\x1d", b"\x1f"

MOST_STATED_BYTES = 99_999  # a length has five digits
BETWEEN_RECORDS = b"\r\n\x00\x1a"
MOST_TERMINATORS_WITHIN = 20
"""Of a record: looking further would cost hostile files squares of it."""

_DIRECTORY = re.compile(rb"(?:[0-9A-Za-z]{3}[0-9]{9})+")
_TAGS = re.compile(rb"(?:[0-9A-Za-z]{3}.{9})+", re.DOTALL)
_AFTER_RECORD = b" \t\r\n\x00\x1a" + RECORD_END


def names_fields(directory: bytes) -> bool:
    """Whether every entry begins with a tag of letters and digits, whatever addresses follow it."""
    return _TAGS.fullmatch(directory) is not None


def gives_places(directory: bytes) -> bool:
    """Whether every entry has a tag of letters and digits, a length and a place."""
    return _DIRECTORY.fullmatch(directory) is not None


def by_lengths(data: bytes) -> list[tuple[str, bytes]] | None:
    """The fields, as (tag, value without terminator), by the lengths in the directory; None where they do not fit.

    Terminators of the directory, of fields and of the record may be missing. The directory ends where one of its own
    says so, or before the base address of the leader.
    """
    ends = {data.find(FIELD_END, LEADER_BYTES)}
    if data[12:17].isdigit():
        ends.add(int(data[12:17]) - 1)
    for end in sorted(ends, reverse=True):
        directory = data[LEADER_BYTES : max(end, 0)]
        if _DIRECTORY.fullmatch(directory) and LEADER_BYTES + len(directory) == end:
            body = data[end + 1 :] if data[end : end + 1] == FIELD_END else data[end:]
            if (fields := _in_turn(directory, body)) is not None:
                return fields
    return None


def _in_turn(directory: bytes, body: bytes) -> list[tuple[str, bytes]] | None:
    fields: list[tuple[str, bytes]] = []
    at = place = 0
    for entry in range(0, len(directory), ENTRY_BYTES):
        tag = directory[entry : entry + 3].decode("ascii")
        size = int(directory[entry + 3 : entry + 7]) - 1
        if size < 0 or int(directory[entry + 7 : entry + ENTRY_BYTES]) != place:
            return None
        value = body[at : at + size]
        if len(value) < size or FIELD_END in value or RECORD_END in value:
            return None
        if not tag.startswith("00") and value[2:3] != DELIMITER:
            return None
        fields.append((tag, value))
        at += size
        at += body[at : at + 1] == FIELD_END
        place += size + 1
    return None if body[at:].strip(_AFTER_RECORD) else fields


def with_usual_numbers(data: bytes) -> bytes | None:
    """A record whose lengths and addresses were written with as many digits as they have, as pymarc does beyond what
    ISO 2709 allows, with those of the usual width, none above the largest; None where it is no such record.

    It is one where every number of the directory is the true one of the field that stands there in turn.
    """
    end = data.find(FIELD_END)
    if end < LEADER_BYTES or not (data[5:6].isdigit() or (end - LEADER_BYTES) % ENTRY_BYTES):
        return None
    if (leader := _MORE_DIGITS.match(data)) is None:
        return None
    sizes = [len(value) + 1 for value in data[end + 1 :].removesuffix(RECORD_END).split(FIELD_END)]
    if sizes.pop() != 1:
        return None
    for width in _WIDTHS:  # a digit after the base address may be the level of encoding
        begins = leader.end() + width + 7
        base = data[leader.end() : leader.end() + width]
        if base.isdigit() and int(base) in (end + 1, end + 1 - begins + LEADER_BYTES):
            entries = _with_usual_entries(data[begins:end], sizes)
            if entries is not None:
                start = b"%05d" % min(LEADER_BYTES + len(entries) + 1, MOST_STATED_BYTES)
                whole = leader["other"] + start + data[begins - 7 : begins] + entries + data[end:]
                return b"%05d" % min(5 + len(whole), MOST_STATED_BYTES) + whole
    return None


_MORE_DIGITS = re.compile(rb"[0-9]{5,8}(?P<other>[^0-9].{6})", re.DOTALL)
_WIDTHS = range(5, 9)


def _with_usual_entries(directory: bytes, sizes: list[int]) -> bytes | None:
    """The entries of a directory for fields of these sizes, cut to the usual width; None where they are not theirs."""
    entries: list[bytes] = []
    at = place = 0
    for size in sizes:
        numbers = b"%04d%05d" % (size, place)
        if directory[at + 3 : at + 3 + len(numbers)] != numbers:
            return None
        entries.append(directory[at : at + 3] + b"%04d%05d" % (min(size, 9_999), min(place, MOST_STATED_BYTES)))
        at += 3 + len(numbers)
        place += size
    return b"".join(entries) if at == len(directory) else None


def is_whole(data: bytes) -> bool:
    """Whether all fields that the directory names are there, in a piece that may lack its record terminator."""
    if with_usual_numbers(data) is not None:
        return True
    end = data.find(FIELD_END, LEADER_BYTES)
    rest = data.rstrip(_AFTER_RECORD)
    if end >= 0 and end + 1 < len(rest) and rest.endswith(FIELD_END):
        directory = data[LEADER_BYTES:end]
        if names_fields(directory) and len(directory) == rest.count(FIELD_END, end + 1) * ENTRY_BYTES:
            return True
    return by_lengths(data) is not None


def terminators_within(data: bytes) -> bool:
    """Whether record terminators in these bytes stand within fields: all of them are one record by its length, its last
    field ends where it does, and no other one does at a terminator."""
    inner = data[:-1]
    return (
        data[:5].isdigit()
        and int(data[:5]) == len(data)
        and data.endswith(FIELD_END + RECORD_END)
        and RECORD_END in inner
        and FIELD_END + RECORD_END not in inner
    )


def with_terminators_within(part: bytes, following: deque[bytes]) -> bytes:
    """A record whose first field with a terminator in it ends here, with the rest of it, taken from what follows; as it
    is where its own length does not say so."""
    data = part.lstrip(BETWEEN_RECORDS)
    stated = data[:5]
    if data.endswith(FIELD_END) or not stated.isdigit() or int(stated) <= len(data) + 1 or not following:
        return part
    whole = data
    for count, more in enumerate(islice(following, MOST_TERMINATORS_WITHIN), 1):
        whole += RECORD_END + more
        if len(whole) + 1 >= int(stated):
            if not terminators_within(whole + RECORD_END):
                return part
            for _ in range(count):
                following.popleft()
            return part[: len(part) - len(data)] + whole
    return part
