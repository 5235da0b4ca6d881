"""MARC21's titles and statement of responsibility: one function per field."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.marc import Field, Marc
from indexer.record import Title
from indexer.text import is_romanised, trim_isbd

TAGS = (
    *("245", "130", "240", "765", "534", "500", "246", "740", "730", "700", "710", "711", "242", "222", "210"),
    *("247", "780", "785", "773", "505"),
)
_VARIANT_KINDS = {"0": "part", "1": "parallel", "4": "cover"}  # 246 second indicator
_SAID_KINDS = (  # 246 $i, where the second indicator says nothing
    (
        re.compile(r"譯自|译自|原題名|原题名|原書名|原书名|原作名|translation of|original title", re.IGNORECASE),
        "uniform",
    ),
    (re.compile(r"[並并]列[題题]名|[英日法德韓韩]文[題题]名|parallel", re.IGNORECASE), "parallel"),
    (re.compile(r"封面|cover", re.IGNORECASE), "cover"),
)
_TRANSLATED_FROM = re.compile(r"^\s*[譯译]自\s*[:：]\s*(?P<title>[^;；。]+)")
_READ = 500  # characters of a note


def titles(marc: Marc) -> tuple[Title, ...]:
    """Every title, the title proper first, those of other things last.

    Of the thing itself: 245 and its parallel titles, 130/240, original titles (765, 534, notes that begin 譯自), 246,
    740, 730, 242, 222, 210. Of others: its parts (740, 700–711 $t, 505 $t), former and later titles (247, 780, 785),
    what it is in (773). A record without a 245 gives its uniform title first; one that has no title of its own gives
    none, because the first would stand for it.
    """
    own: list[Title] = []
    for field, romanised in marc.pairs("245"):
        own.append(_title(field, "proper" if not own else "variant", romanised))
        own.extend(_parallel_titles(field))
    for field, romanised in marc.pairs("130", "240", "765"):
        own.append(_title(field, "uniform", romanised, proper="at"))
    own.extend(_original_titles(marc))
    for field, romanised in marc.pairs("246"):
        own.append(_title(field, _VARIANT_KINDS.get(field.ind2) or kind_said(field.first("i")), romanised))
    for field, romanised in marc.pairs("740", "730"):
        own.append(_title(field, "part" if field.ind2 == "2" else "variant", romanised))
    for field, romanised in marc.pairs("242", "222", "210"):
        own.append(_title(field, "variant", romanised))
    if not any(title.proper for title in own):
        return ()
    return tuple(dict.fromkeys(title for title in (*own, *_related_titles(marc)) if title.proper))


def _related_titles(marc: Marc) -> Iterator[Title]:
    for field, romanised in marc.pairs("700", "710", "711"):
        if field.ind2 == "2":
            yield _title(field, "part", romanised, proper="t")
    for field, romanised in marc.pairs("247", "780"):
        yield _title(field, "former", romanised, proper="at" if field.tag == "247" else "st")
    for field, romanised in marc.pairs("785"):
        yield _title(field, "later", romanised, proper="st")
    for field, romanised in marc.pairs("773"):
        yield Title(related_name(field), romanised=_romanised_title(romanised, "t") if romanised else "", kind="host")
    for field, _ in marc.pairs("505"):
        yield from (Title(trim_isbd(text.rstrip(" -")), kind="contents") for text in field.all("t"))


def related_name(field: Field) -> str:
    """The title of a linking entry: $t, else the uniform title $s, else its heading when that stands alone."""
    return trim_isbd(field.first("t") or field.first("s") or ("" if field.first("w") else field.first("a")))


def kind_said(label: str) -> str:
    """What kind of title a label of the cataloguer's announces (譯自:, 封面題名:); variant when it says nothing."""
    return next((kind for pattern, kind in _SAID_KINDS if pattern.search(label)), "variant")


def title_translated(note: str) -> str:
    """The original title that a note gives after 譯自, else ""."""
    match = _TRANSLATED_FROM.match(note[:_READ])
    return trim_isbd(match.group("title").strip()) if match else ""


def _original_titles(marc: Marc) -> Iterator[Title]:
    for field, _ in marc.pairs("534"):
        yield Title(trim_isbd(field.first("t")), kind="uniform")
    for field, _ in marc.pairs("500"):
        yield Title(title_translated(field.first("a")), kind="uniform")


def _title(field: Field, kind: str, romanised: Field | None = None, proper: str = "a") -> Title:
    name = field.joined(proper)
    other = field.joined("b") if proper == "a" else ""
    if name.rstrip().endswith("="):
        # ISBD: what follows "=" is the title in another language, not other title information.
        other = other.partition(" : ")[2] if " : " in other else ""
    return Title(
        proper=trim_isbd(name),
        other=trim_isbd(other),
        part_number=trim_isbd(field.joined("n")),
        part_name=trim_isbd(field.joined("p")),
        romanised=_romanised_title(romanised, proper) if romanised else "",
        kind=kind,
    )


def _romanised_title(field: Field, proper: str) -> str:
    parts = [trim_isbd(part) for part in field.all(proper + "bnp")]
    text = " ".join(filter(None, parts))
    return text if is_romanised(text) else ""


def _parallel_titles(field: Field) -> Iterator[Title]:
    if field.first("a").endswith("="):
        for text in field.first("b").split(" = "):
            if parallel := trim_isbd(text.partition(" : ")[0]):
                yield Title(parallel, kind="parallel")


def responsibility(marc: Marc) -> str:
    """The statement of responsibility of 245 $c, as it stands on the title page."""
    return next((trim_isbd(field.joined("c")) for field, _ in marc.pairs("245")), "")
