"""The call numbers of an edition: each with the scheme whose order it stands in, and its place there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, get_args

from indexer.record import Edition
from indexer.shelf_order import Scheme, class_in, is_lc_class, shared, shelf_place

SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
"""In the order in which editions are sorted by them."""

EAST_ASIAN = frozenset({"chi", "jpn", "kor"})
"""Languages whose books stand by 中文圖書分類法 in a library that says nothing of its scheme."""


class Shelved(NamedTuple):
    """A call number without what tells volumes and copies apart."""

    scheme: Scheme
    place: str
    text: str


def shelved(edition: Edition) -> Iterator[Shelved]:
    """The call numbers an edition stands under, each once."""
    classes: dict[str, str] = {}
    for holding in edition.holdings:
        classes.setdefault(holding.call_number, holding.classification)
        for item in holding.items:
            text = shared(item.call_number, item.volume, item.copy) if item.volume or item.copy else item.call_number
            if not classes.get(text):
                classes[text] = item.classification
    classes.pop("", None)
    for text, classification in classes.items():
        scheme = scheme_of(edition, classification or class_in(text))
        yield Shelved(scheme, shelf_place(text, scheme), text)


def scheme_of(edition: Edition, classification: str) -> Scheme:
    """The scheme a class on the shelf is of: that of a class the records state which it shortens or is, else what a
    class so written is taken for."""
    if not classification:
        return "other"
    if is_lc_class(classification):
        return "lcc"
    stated = {one.value.scheme for one in edition.classifications if _is_of(one.value.number, classification)}
    schemes = stated or {one.value.scheme for one in edition.classifications if one.value.scheme not in ("lcc", "clc")}
    if len(schemes) == 1:
        (scheme,) = schemes
        return scheme if scheme in ("ncsclt", "ddc") else "other"  # type: ignore[return-value]
    if "ncsclt" in schemes or "ddc" in schemes or not schemes:
        return "ncsclt" if not EAST_ASIAN.isdisjoint(edition.languages[:1]) else "ddc"
    return "other"


def _is_of(stated: str, classification: str) -> bool:
    plain = stated.replace("/", "").strip()
    return plain.startswith(classification) or classification.startswith(plain or " ")
