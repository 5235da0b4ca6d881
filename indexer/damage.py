"""How much of what a record is known by is gone, although something of it could be read."""

from __future__ import annotations

import re
from enum import IntEnum

from indexer.eacc import REPLACEMENT
from indexer.garbled import GARBLED
from indexer.record import Record


class Damage(IntEnum):
    """How much of what a record is known by is gone, from nothing to all."""

    NONE = 0
    SUSPECT = 1
    LOSSY = 2
    GARBAGE = 3
    UNTITLED = 4


_FEW, _ONE_IN, _MANY = 2, 10, 20
"""Characters lost: in a title these many, or one in so many; in a whole record more than the damage of one field."""
_GARBLED_TITLE = re.compile(rf"(?:245|200|880): {GARBLED}")


def damage(record: Record) -> Damage:
    """What is the matter with a record that was read; one of a kind that has no title is UNTITLED too."""
    title = next((title for title in record.titles if title.kind == "proper"), None)
    if title is None or not title.proper:
        return Damage.UNTITLED
    if not any(map(str.isalnum, title.proper)):
        return Damage.GARBAGE
    if record.replacements:
        lost = title.proper.count(REPLACEMENT)
        if lost >= _FEW or (lost and len(title.proper) <= _ONE_IN) or record.replacements >= _MANY:
            return Damage.LOSSY
    return Damage.SUSPECT if any(map(_GARBLED_TITLE.match, record.repairs)) else Damage.NONE
