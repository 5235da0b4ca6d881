"""What carries a thing by MARC21's codes: 007, form of item, carrier type."""

from __future__ import annotations

from indexer.marc import Marc
from indexer.record import Carrier

FORM_OF_ITEM = {
    "a": Carrier.MICROFORM,
    "b": Carrier.MICROFORM,
    "c": Carrier.MICROFORM,
    "d": Carrier.LARGE_PRINT,
    "f": Carrier.BRAILLE,
    "o": Carrier.ONLINE,
    "q": Carrier.DISC,
    "r": Carrier.PRINT,
}
"""008/23 or 29, and 006/06."""
_CARRIER_TYPES = {  # 338 $b, by its first letter and whole
    "cr": Carrier.ONLINE,
    "cd": Carrier.DISC,
    "sd": Carrier.DISC,
    "vd": Carrier.DISC,
    "nc": Carrier.PRINT,
    "nb": Carrier.PRINT,
    "no": Carrier.PRINT,
    "h": Carrier.MICROFORM,
}


def of_physical_description(physical: str) -> Carrier | None:
    """What 007/00-01 says, None where it says nothing about the carrier."""
    material, specific = physical[:1], physical[1:2]
    if material == "c":
        return Carrier.ONLINE if specific == "r" else Carrier.DISC if specific in ("o", "j", "d") else None
    if material == "h":
        return Carrier.MICROFORM
    if material == "f":
        return Carrier.BRAILLE if specific == "b" else None
    if material == "t":
        return {"a": Carrier.PRINT, "b": Carrier.LARGE_PRINT, "c": Carrier.BRAILLE}.get(specific)
    if (material, specific) in (("s", "d"), ("v", "d")):
        return Carrier.DISC
    return Carrier.ONLINE if (material, specific) in (("s", "r"), ("v", "r")) else None


def of_carrier_type(marc: Marc, *, paper: bool) -> Carrier | None:
    """What 338 says, and the content type: tactile text alone is braille. None where they say nothing.

    ``paper``: a volume may come with a disc, whose type stands beside its own.
    """
    types = [code for field in marc.fields("338") if (code := field.first("b"))]
    found = [carrier for code in types if (carrier := _CARRIER_TYPES.get(code) or _CARRIER_TYPES.get(code[:1]))]
    carrier = next(iter(found), None)
    if paper and carrier is Carrier.DISC and Carrier.PRINT in found:
        carrier = Carrier.PRINT
    if carrier in (Carrier.PRINT, None) and paper and _is_tactile_text(marc):
        return Carrier.BRAILLE
    return carrier


_TACTILE_TEXT = frozenset({"tct", "tactile text", "觸覺式文字", "触觉式文字", "觸覺文字", "触知文字", "触知テキスト"})


def _is_tactile_text(marc: Marc) -> bool:
    """Whether every content type (336 $b, else $a) is that of text to be felt."""
    types = [field.all("b") or field.all("a") for field in marc.fields("336")]
    return any(types) and all(text.strip(" .").lower() in _TACTILE_TEXT for texts in types for text in texts)
