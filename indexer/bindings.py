"""Bindings: an edition sold hard and soft has an ISBN for each, which then speak for it and not against it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from indexer.record import Identifier

_SOFT = re.compile(
    r"平[裝装]|軟精|並製|반양장|페이퍼백|無線装|\b(?:pbk|paper(?:back|bound)?|soft(?:back|cover|bound)|broch|br|kart)\b",
    re.I,
)
_HARD = re.compile(
    r"精[裝装]|上製|양장|布面|\b(?:hbk|hard(?:back|cover|bound)?|cloth|hc|geb|rel|lib(?:rary)? bdg)\b", re.I
)


def bindings(identifiers: Iterable[Identifier]) -> frozenset[str]:
    """``hard`` and ``soft``, as the valid ISBNs of a record are qualified; empty when none is."""
    found = set()
    for identifier in identifiers:
        if identifier.kind == "isbn" and identifier.valid and identifier.qualifier:
            if _SOFT.search(identifier.qualifier):
                found.add("soft")
            elif _HARD.search(identifier.qualifier):
                found.add("hard")
    return frozenset(found)
