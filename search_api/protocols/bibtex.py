"""BibTeX in UTF-8, for biber and bibtex8 alike; what TeX would take for itself is escaped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from indexer.text import has_cjk
from search_api.protocols.reference import Maker, Reference

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_"},
}
_LATIN_WORD = re.compile(r"[A-Za-z]+")


def bibtex(references: Iterable[Reference]) -> str:
    """The references, an entry each; keys are made of name, year and id, so that they last and never meet."""
    return "\n".join(map(_entry, references))


def _entry(one: Reference) -> str:
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(one) if value)
    return f"@{one.kind.bibtex}{{{_key(one)},\n{fields}}}\n"


def _key(one: Reference) -> str:
    """Harari2015-e1a2b3: ASCII alone, which is all that every BibTeX takes."""
    named = next((m.family or m.romanised or m.name for m in one.makers), "") or one.romanised or one.short_title
    plain = unicodedata.normalize("NFKD", named).encode("ascii", "ignore").decode()
    word = _LATIN_WORD.search(plain)
    return f"{word[0] if word else 'edition'}{one.year or ''}-{re.sub(r'[^A-Za-z0-9-]', '', one.id)}"


def _fields(one: Reference) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{_tex(one.title)}}}"  # braces within keep capitals as they are
    yield "author", _names(one.by("author"))
    yield "editor", _names(one.by("editor"))
    yield "translator", _names(one.by("translator"))
    yield ("school" if one.kind.bibtex == "phdthesis" else "publisher"), _tex(one.publisher)
    yield "address", _tex(one.place)
    yield "year", "" if one.year is None else str(one.year)
    yield "edition", _tex(one.edition)
    for title, number in one.series[:1]:
        yield "series", _tex(title)
        yield "number", _tex(number)
    yield "isbn", " ".join(one.isbns)
    yield "issn", " ".join(one.issns)
    yield "pagetotal", "" if one.pages is None else str(one.pages)
    yield "langid", one.lang if one.lang != "und" else ""
    yield "keywords", _tex(", ".join(subject.replace(",", " ") for subject in one.subjects))
    yield "abstract", _tex(one.summary)
    yield "note", _tex(one.kind.medium)
    yield "url", _address(one.url)


def _names(makers: Sequence[Maker]) -> str:
    """Names joined with ``and``; those not to be taken apart stand in braces."""
    return " and ".join(_name(maker) for maker in makers)


def _name(maker: Maker) -> str:
    if maker.family:
        return f"{_tex(maker.family)}, {_tex(maker.given)}"
    one_word = " " not in maker.name and "," not in maker.name
    return _tex(maker.name) if maker.person and one_word and has_cjk(maker.name) else f"{{{_tex(maker.name)}}}"


def _tex(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in " ".join(text.split()))


def _address(url: str) -> str:
    """An address is taken as it stands, but for what would end the field."""
    return url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
