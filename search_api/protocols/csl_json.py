"""CSL-JSON 1.0.2, what citation processors take: https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from search_api.protocols.reference import Maker, Part, Reference

_VARIABLES: dict[Part, str] = {
    "author": "author",
    "editor": "editor",
    "translator": "translator",
    "illustrator": "illustrator",
    "director": "director",
    "performer": "performer",
    "contributor": "contributor",
}


def csl_json(references: Iterable[Reference]) -> bytes:
    """A JSON array of items."""
    return orjson.dumps([csl_item(one) for one in references], option=orjson.OPT_INDENT_2)


def csl_item(one: Reference) -> dict[str, Any]:
    """A reference as an item of CSL; what is not stated is left out."""
    item: dict[str, Any] = {
        "id": one.id,
        "type": one.kind.csl,
        "title": one.title,
        "title-short": one.short_title if one.short_title != one.title else "",
        "edition": one.edition,
        "publisher": one.publisher,
        "publisher-place": one.place,
        "issued": _issued(one),
        "number-of-pages": "" if one.pages is None else str(one.pages),
        "ISBN": " ".join(one.isbns),
        "ISSN": " ".join(one.issns),
        "language": "" if one.lang == "und" else one.lang,
        "call-number": one.call_number,
        "abstract": one.summary,
        "keyword": "; ".join(one.subjects),
        "note": "; ".join(one.notes),
        "medium": one.kind.medium,
        "URL": one.links[0] if one.links else one.url,
    }
    for title, number in one.series[:1]:
        item |= {"collection-title": title, "collection-number": number}
    for maker in one.makers:
        item.setdefault(_VARIABLES[maker.part], []).append(csl_name(maker))
    return {name: value for name, value in item.items() if value}


def csl_name(maker: Maker) -> dict[str, str]:
    """Family and given name where both are known; else the name as it stands, which no style turns round or cuts."""
    if maker.family:
        return {"family": maker.family, "given": maker.given}
    return {"literal": maker.name}


def _issued(one: Reference) -> dict[str, Any]:
    if one.year is None:
        return {}
    parts = [[one.year]]
    if one.end_year:
        parts.append([one.end_year])
    return {"date-parts": parts}
