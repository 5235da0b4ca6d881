"""Fields of UNIMARC that say one thing in two scripts: repeated, and joined by the number in $6 (``$6a01``).

MARC21 keeps the other script in 880, UNIMARC repeats the field and may name the script in $7. Records that hold 880
nevertheless are read as MARC21's are.
"""

from __future__ import annotations

from indexer.marc import Field, Marc
from indexer.text import is_romanised


def pairs(marc: Marc, *tags: str) -> list[tuple[Field, Field | None]]:
    """The fields of these tags, each with its other form: (vernacular, romanised or None), as `Marc.pairs` gives them.

    Two fields of a tag are one where $6 gives them the same number and one of them is in Latin letters.
    """
    found = list(marc.pairs(*tags))
    if len(found) < 2 or not any(code == "6" for field, _ in found for code, _ in field.subfields):
        return found
    result: list[tuple[Field, Field | None]] = []
    places: dict[tuple[str, str], int] = {}
    for field, romanised in found:
        number = _number(field)
        place = places.setdefault((field.tag, number), len(result)) if number and romanised is None else len(result)
        first, other = result[place] if place < len(result) else (field, None)
        if first is field or other is not None or _in_latin(first) == _in_latin(field):
            result.append((field, romanised))
        else:
            result[place] = (field, first) if _in_latin(first) else (first, field)
    return result


def _number(field: Field) -> str:
    """The number by which a field is joined to another: ``01`` of ``a01``; "" when it is not."""
    link = field.first("6")
    return link[1:3] if link[:1] in ("a", "z") and link[1:3].isdecimal() else ""


def _in_latin(field: Field) -> bool:
    return is_romanised(" ".join(value for code, value in field.subfields if code.isalpha()))
