"""OpenURL 1.0 (ANSI/NISO Z39.88-2004), key/value: a citation as an address, and an address as a citation.

Old addresses (version 0.1, keys without ``rft.``) are read as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from indexer.record import Format
from search_api.lending.request import Description
from search_api.lending.sought import SERIALS, Sought

MAX_VALUE = 500
"""Characters of a value that are read; no citation has longer ones."""


def keys(told: Description, format: Format) -> list[tuple[str, str]]:
    """The keys and values of a citation, those not stated left out."""
    journal = format in SERIALS
    kind = "journal" if journal else "dissertation" if format is Format.THESIS else "book"
    genre = ("article" if told.article or told.pages else "journal") if journal else "book"
    if kind == "book" and told.article:
        genre = "bookitem"
    own: list[tuple[str, str]] = [
        ("rft.genre", "" if kind == "dissertation" else genre),
        ("rft.atitle", told.article),
        ("rft.jtitle" if journal else "rft.title" if kind == "dissertation" else "rft.btitle", told.title),
        ("rft.au", told.article_author or ("" if journal else told.author)),
        ("rft.isbn", told.isbn),
        ("rft.issn", told.issn),
        ("rft.volume", told.volume),
        ("rft.issue", told.issue),
        ("rft.pages", told.pages),
        ("rft.date", told.year),
        ("rft.pub", told.publisher),
        ("rft.place", told.place),
        ("rft.edition", told.edition),
    ]
    first = [("url_ver", "Z39.88-2004"), ("ctx_ver", "Z39.88-2004"), ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{kind}")]
    return [*first, *(pair for pair in own if pair[1])]


def address(base: str, told: Description, format: Format) -> str:
    """The citation at a resolver."""
    return f"{base}{'&' if '?' in base else '?'}{urlencode(keys(told, format))}"


def read(pairs: Sequence[tuple[str, str]]) -> Sought:
    """The citation of an address; what it does not say is empty."""
    values: dict[str, str] = {}
    for key, value in pairs:
        values.setdefault(key.lower().removeprefix("rft."), value.strip()[:MAX_VALUE])
    ids = [value for key, value in pairs if key.lower() in ("rft_id", "id")]

    def first(*names: str) -> str:
        return next((values[name] for name in names if values.get(name)), "")

    article = first("atitle")
    pages = first("pages") or "-".join(filter(None, (first("spage"), first("epage"))))
    genre = first("genre")
    journal = genre in ("article", "journal", "issue") or "mtx:journal" in first("rft_val_fmt")
    return Sought(
        isbn=first("isbn") or _urn(ids, "isbn"),
        issn=first("issn", "eissn") or _urn(ids, "issn"),
        title=first("jtitle", "btitle", "title", "stitle") if not journal else first("jtitle", "title", "stitle"),
        creator="" if article else _name(values),
        author=_name(values) if article else "",
        year=first("date", "year")[:10],
        article=article,
        volume=first("volume"),
        issue=first("issue", "number"),
        pages=pages,
        service="copy" if article or pages or genre in ("article", "bookitem") else "loan",
    )


def _name(values: Mapping[str, str]) -> str:
    if values.get("au"):
        return values["au"]
    if values.get("aulast"):
        given = values.get("aufirst") or values.get("auinit", "")
        return f"{values['aulast']}, {given}".rstrip(", ")
    return values.get("aucorp", "")


def _urn(ids: Sequence[str], kind: str) -> str:
    """A number in a URN: ``urn:ISBN:978…``."""
    marker = f"urn:{kind}:"
    return next((one[len(marker) :].strip()[:MAX_VALUE] for one in ids if one.lower().startswith(marker)), "")
