"""The languages that can be read in, by the name their readers give them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from indexer.engine import FacetValue
from mappings.table import load_table
from search_api.cldr_names import codes_of, html_code, own_name
from search_api.labels import Labels
from search_api.texts import LANGUAGES, OWN_NAMES

HERE = "chi"
"""The language of most readers here: it stands last, and nobody looks for it."""

_NONE = frozenset({"und", "mul", "zxx", "mis", ""})
"""Codes that name no language."""

_ONE_LANGUAGE: Mapping[str, str] = {"tgl": "fil"}
"""MARC codes that cataloguers use one for the other: Filipino is Tagalog as it is taught."""

_CALLED: Mapping[str, str] = {"ind": OWN_NAMES["id"], "may": "Bahasa Melayu"}
"""What libraries of a country write over the shelf, where CLDR has the bare word."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language to read in. ``codes`` are the MARC codes that records use for it, the one of its page first."""

    codes: tuple[str, ...]
    own: str  # its own name
    label: str  # in the language of the page, "" when that is the same
    lang: str  # as in ``lang``
    count: int
    url: str  # of its page, in its own interface language where there is one


def tongue_of(code: str) -> str:
    """The MARC code of the language that a MARC or ISO code names; the code itself when it is of none we know."""
    code = code.lower().partition("-")[0]
    marc = next((one for one in load_table("languages") if code in codes_of(one)), code)
    return _ONE_LANGUAGE.get(marc, marc)


def codes_together(code: str) -> tuple[str, ...]:
    """The MARC codes of one language, its own first."""
    return (code, *(other for other, one in _ONE_LANGUAGE.items() if one == code))


def tongues(counted: Iterable[FacetValue], labels: Labels, link: Callable[[str], str]) -> list[Tongue]:
    """The languages of a catalogue by how much there is in them, the most first and the readers' own last."""
    counts: dict[str, int] = {}
    for value in counted:
        if value.value not in _NONE:
            code = _ONE_LANGUAGE.get(value.value, value.value)
            counts[code] = counts.get(code, 0) + value.count
    order = sorted(counts, key=lambda code: (code == HERE, -counts[code], code))
    return [tongue(code, counts[code], labels, link) for code in order]


def tongue(code: str, count: int, labels: Labels, link: Callable[[str], str]) -> Tongue:
    """One language; ``code`` is the one of its page."""
    lang = html_code(code)
    label = labels.language(code)
    own = _CALLED.get(code) or own_name(code) or label
    return Tongue(codes_together(code), own, "" if own == label else label, lang, count, page_of(code, lang, link))


def page_of(code: str, lang: str, link: Callable[[str], str]) -> str:
    """The address of a language's page: in that language where the interface speaks it."""
    path = f"languages/{code}"
    if lang == LANGUAGES[0]:
        return f"/{path}"
    return f"/{lang}/{path}" if lang in LANGUAGES else link(path)


def live_filter(codes: Iterable[str], link: Callable[[str], str], **more: str) -> str:
    """The search that keeps a language."""
    return link("search?" + urlencode([*(("language", code) for code in codes), *more.items()]))
