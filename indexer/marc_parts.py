"""The parts of a record taken apart, each of which can be taken away or changed, to see what becomes of its reading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from indexer.marc import Field, Marc

MAX_PARTS = 400
"""Fields that are parts of their own. Of a record with more, all fields of a tag are one part."""

LEADER = "LDR"
_BLANK_LEADER = " " * 24
_LINKS = "68"  # $6 and $8 say which field belongs to which, never what a value is
_FIXED_LENGTH = 100  # of the longest control field whose characters each have a meaning
_NO_CODE = "~"  # a character that is no letter, no digit, no blank: what stood there is not said any more
_LETTER = re.compile(r"[^\W_]")
_LAST_LETTER = re.compile(r"[^\W_](?=[\W_]*\Z)")

Piece = str | int
"""The code of a subfield, or the place of a character in a control field or the leader."""


class Part(NamedTuple):
    """The leader, a field, or all fields of a tag. Without fields it is the leader."""

    label: str
    control: tuple[int, ...] = ()  # places among the control fields
    data: tuple[int, ...] = ()

    @property
    def single(self) -> bool:
        return len(self.control) + len(self.data) <= 1


def parts(marc: Marc) -> list[Part]:
    """The leader and the fields, in the record's order.

    A field is called by its tag, an 880 with its occurrence (``880-01``); where several have that name, each with its
    number among them (``650[2]``).
    """
    if len(marc.control_fields) + len(marc.data_fields) > MAX_PARTS:
        return [Part(LEADER), *_by_tag(marc)]
    found = [Part(tag, control=(at,)) for at, (tag, _) in enumerate(marc.control_fields)]
    found += [Part(_name(field), data=(at,)) for at, field in enumerate(marc.data_fields)]
    times = Counter(part.label for part in found)
    numbers: Counter[str] = Counter()
    named = [Part(LEADER)]
    for part in found:
        name = part.label
        numbers[name] += 1
        named.append(part._replace(label=f"{name}[{numbers[name]}]") if times[name] > 1 else part)
    return named


def _name(field: Field) -> str:
    if field.tag != "880":
        return field.tag
    occurrence = re.match(r"\s*\w{3}-(\d+)", field.first("6"))
    return f"880-{occurrence.group(1).zfill(2)}" if occurrence else "880"


def _by_tag(marc: Marc) -> list[Part]:
    control: dict[str, list[int]] = {}
    data: dict[str, list[int]] = {}
    for at, (tag, _) in enumerate(marc.control_fields):
        control.setdefault(tag, []).append(at)
    for at, field in enumerate(marc.data_fields):
        data.setdefault(field.tag, []).append(at)
    return [
        *(Part(_counted(tag, len(at)), control=tuple(at)) for tag, at in control.items()),
        *(Part(_counted(tag, len(at)), data=tuple(at)) for tag, at in data.items()),
    ]


def _counted(tag: str, times: int) -> str:
    return f"{tag} ({times:,} fields)" if times > 1 else tag


def label(part: Part, pieces: Sequence[Piece]) -> str:
    """What a part is called when these pieces of it are meant: ``245$a$b``, ``008/07-10``; the whole when none are."""
    codes = "".join(f"${piece}" for piece in pieces if isinstance(piece, str))
    places = [piece for piece in pieces if isinstance(piece, int)]
    if not places:
        return part.label + codes
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return f"{part.label}/" + ",".join(f"{r[0]:02d}-{r[-1]:02d}" if len(r) > 1 else f"{r[0]:02d}" for r in runs)


def without(marc: Marc, part: Part) -> Marc:
    """The record less a part; less its leader, all blanks."""
    control, data = frozenset(part.control), frozenset(part.data)
    return Marc(
        marc.leader if control or data else _BLANK_LEADER,
        [field for at, field in enumerate(marc.control_fields) if at not in control],
        [field for at, field in enumerate(marc.data_fields) if at not in data],
        charset=marc.charset,
    )


def only(marc: Marc, kept: Iterable[Part], *, leader: bool = True) -> Marc:
    """The record with its leader and these parts alone."""
    kept = list(kept)
    return Marc(
        marc.leader if leader else _BLANK_LEADER,
        [marc.control_fields[at] for part in kept for at in part.control],
        [marc.data_fields[at] for part in kept for at in part.data],
        charset=marc.charset,
    )


def pieces(marc: Marc, part: Part) -> list[Piece]:
    """What can be changed inside a part of its own: codes of subfields, or places of characters that are no blanks."""
    if not part.single:
        return []
    if part.data:
        codes = (code for code, _ in marc.data_fields[part.data[0]].subfields)
        return [code for code in dict.fromkeys(codes) if code not in _LINKS]
    text = marc.control_fields[part.control[0]][1] if part.control else marc.leader
    return [at for at, character in enumerate(text) if character != " "] if len(text) <= _FIXED_LENGTH else []


def altered_first(marc: Marc, part: Part, piece: Piece) -> Marc:
    """The record with another first letter or digit at a piece, nonsense for a character."""
    return _edited(marc, part, piece, lambda text: _another(text, _LETTER.search(text)))


def altered_last(marc: Marc, part: Part, piece: Piece) -> Marc:
    """The record with another last letter or digit at a piece, nonsense for a character."""
    return _edited(marc, part, piece, lambda text: _another(text, _LAST_LETTER.search(text)))


def _another(text: str, found: re.Match[str] | None) -> str:
    """The text with a digit raised or a letter doubled: of the same script and kind, but another."""
    if found is None:
        return text
    letter = found.group()
    other = str((int(letter) + 1) % 10) if letter.isascii() and letter.isdigit() else letter * 2
    return text[: found.start()] + other + text[found.end() :]


def less(marc: Marc, part: Part, piece: Piece) -> Marc:
    """The record without a piece: the subfields of a code gone, nonsense for a character."""
    return _edited(marc, part, piece, None)


def _edited(marc: Marc, part: Part, piece: Piece, edit: Callable[[str], str] | None) -> Marc:
    leader, control, data = marc.leader, list(marc.control_fields), list(marc.data_fields)
    if isinstance(piece, str):
        [at] = part.data
        subfields = tuple(
            (code, text if code != piece or edit is None else edit(text))
            for code, text in data[at].subfields
            if code != piece or edit is not None
        )
        data[at] = data[at]._replace(subfields=subfields)
    elif part.control:
        [at] = part.control
        tag, text = control[at]
        control[at] = (tag, f"{text[:piece]}{_NO_CODE}{text[piece + 1 :]}")
    else:
        leader = f"{leader[:piece]}{_NO_CODE}{leader[piece + 1 :]}"
    return Marc(leader, control, data, charset=marc.charset)
