"""MARC21's titles and statement of responsibility: one function per field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from indexer.marc import Field, Marc
from indexer.record import Title
from indexer.text import has_cjk, is_romanised, trim_isbd
from indexer.title_fields import parted, without_parallel

TAGS = (
    *("245", "130", "240", "765", "534", "500", "246", "740", "730", "700", "710", "711", "242", "222", "210"),
    *("247", "780", "785", "773", "774", "767", "770", "772", "775", "777", "787", "505"),
)
_VARIANT_KINDS = {"1": "parallel", "4": "cover"}  # 246 second indicator; a portion of the title (0) names the book
_SAID_KINDS = (  # 246 $i, where the second indicator says nothing
    (
        re.compile(
            r"譯自|译自|原題名|原题名|原書名|原书名|原作名|原文|translation of|traduction de|originaltitel"
            r"|original title",
            re.IGNORECASE,
        ),
        "uniform",
    ),
    (re.compile(r"[並并]列[題题書书]名|[英日法德韓韩]文[題题書书]名|parallel", re.IGNORECASE), "parallel"),
    (re.compile(r"封面|cover", re.IGNORECASE), "cover"),
)
_TITLE_IN_NOTE = re.compile(
    r"^\s*(?P<label>[譯译]自|translation of|traduction de|originaltitel|[^:：\s]{0,6}?[題题書书]名(?:[原][文名])?)"
    r"\s*[:：]\s*(?P<title>[^;；。]+)",
    re.IGNORECASE,
)
_BESIDE_245 = frozenset(TAGS) - {"245"}
_READ = 500  # characters of a note
_UNIFORM = "akmr"  # selections, medium and key of music belong to a uniform title; its language does not
_OF_MAKER = "tkmr"  # the same in 700–711, behind a name
_LINKED_KINDS = {
    "780": "former",
    "785": "later",
    "773": "host",
    "774": "part",
    **dict.fromkeys(("767", "770", "772", "775", "777", "787"), "related"),
}
_CONTAINS = re.compile(r"contain|contenu|includes?\b|enth[aä]l|[內内]含|包含|收[錄录]", re.IGNORECASE)


def titles(marc: Marc) -> tuple[Title, ...]:
    """Every title, the title proper first, those of other things last.

    Of the thing itself: 245 and its parallel titles, 130/240, original titles (765, 534, notes that begin 譯自,
    700–730 that say so in $i), 246, 740, 730, 242, 222, 210. Of others: its parts (740, 700–711 $t, 774, 505 $t),
    what it is based on, follows or goes with (700–730 $t and $i, 767–787), former and later titles (247, 780, 785),
    what it is in (773). A record without a 245 gives its uniform title first; one that has no title of its own gives
    none, because the first would stand for it.
    """
    own: list[Title] = []
    for whole, romanised in _title_fields(marc):
        field, parallel = without_parallel(whole)
        other_form = without_parallel(romanised)[0] if romanised else None
        own.append(_title(field, "proper" if not own else "variant", other_form))
        own.extend(_titles_beside(field))
        if parallel:
            own.append(_title(parallel, "parallel"))
    if not marc.has_any(_BESIDE_245):
        found = [title for title in own if title.proper]
        return tuple(dict.fromkeys(found) if len(found) > 1 else found)
    for field, romanised in marc.pairs("130", "240"):
        own.append(_title(field, "uniform", romanised, proper=_UNIFORM + "t"))
    for field, romanised in marc.pairs("765"):
        beside = _romanised_title(romanised, "t") if romanised else ""
        own.append(Title(related_name(field), romanised=beside, kind="uniform"))
    own.extend(Title(trim_isbd(field.first("t")), kind="uniform") for field, _ in marc.pairs("534"))
    own.extend(title for field, _ in marc.pairs("500") if (title := title_in_note(field.first("a"))))
    for field, romanised in marc.pairs("246"):
        own.append(_title(field, _VARIANT_KINDS.get(field.ind2) or kind_said(field.first("i")), romanised))
    for field, romanised in marc.pairs("740", "730"):
        if (kind := _kind_of_added(field, "variant")) not in _OF_OTHERS:
            own.append(_title(field, kind, romanised, proper=_UNIFORM))
    works = [pair for pair in marc.pairs("700", "710", "711") if any(code == "t" for code, _ in pair[0].subfields)]
    for field, romanised in works:
        if _is_original(field):
            own.append(_title(field, "uniform", romanised, proper=_OF_MAKER))
    for field, romanised in marc.pairs("242", "222", "210"):
        own.append(_title(field, "variant", romanised))
    if not any(title.proper for title in own):
        return ()
    return tuple(dict.fromkeys(title for title in (*own, *_related_titles(marc, works)) if title.proper))


def _title_fields(marc: Marc) -> Iterator[tuple[Field, Field | None]]:
    for field, romanised in marc.pairs("245"):
        yield parted(field), parted(romanised) if romanised else None


def _related_titles(marc: Marc, works: Iterable[tuple[Field, Field | None]]) -> Iterator[Title]:
    for field, romanised in marc.pairs("740", "730"):
        if (kind := _kind_of_added(field, "variant")) in _OF_OTHERS:
            yield _title(field, kind, romanised, proper=_UNIFORM)
    for field, romanised in works:
        if (kind := _kind_of_added(field, "related")) in _OF_OTHERS:
            yield _title(field, kind, romanised, proper=_OF_MAKER)
    for field, romanised in marc.pairs("247"):
        yield _title(field, "former", romanised)
    for field, romanised in marc.pairs(*_LINKED_KINDS):
        yield Title(
            related_name(field),
            part_number=trim_isbd(field.first("g")) if field.tag == "773" else "",  # where in it: Vol. 3, no. 2
            romanised=_romanised_title(romanised, "t") if romanised else "",
            kind=_LINKED_KINDS[field.tag],
        )
    for field, _ in marc.pairs("505"):
        yield from (Title(trim_isbd(text.rstrip(" -")), kind="contents") for text in field.all("t"))


def _is_original(field: Field) -> bool:
    """Whether an added entry says in $i that the book translates what it names (``Translation of:``)."""
    label = field.first("i")
    return label != "" and kind_said(label) == "uniform"


_OF_OTHERS = ("part", "related")


def _kind_of_added(field: Field, unsaid: str) -> str:
    """What kind of title an added entry gives: by its label ($i), else by its second indicator, else ``unsaid``.

    A label that says nothing of translating or containing (Based on, Sequel to, 改編自) names a related work.
    """
    label = field.first("i")
    if label and _is_original(field):
        return "uniform"
    if field.ind2 == "2" or (label and _CONTAINS.search(label)):
        return "part"
    return "related" if label else unsaid


def related_name(field: Field) -> str:
    """The title of a linking entry: $t, else the uniform title $s, else its heading when that stands alone."""
    return trim_isbd(field.first("t") or field.first("s") or ("" if field.first("w") else field.first("a")))


def kind_said(label: str) -> str:
    """What kind of title a label of the cataloguer's announces (譯自:, 封面題名:); variant when it says nothing."""
    return next((kind for pattern, kind in _SAID_KINDS if pattern.search(label)), "variant")


def title_in_note(note: str) -> Title | None:
    """The title that a note gives after saying which it is (譯自: …, 封面題名: …, Translation of: …), else None."""
    if ":" not in note[:40] and "：" not in note[:40]:
        return None
    match = _TITLE_IN_NOTE.match(note[:_READ])
    if match is None:
        return None
    return Title(trim_isbd(match.group("title").strip()), kind=kind_said(match.group("label")))


def _title(field: Field, kind: str, romanised: Field | None = None, proper: str = "a") -> Title:
    name, other = _name_and_other(field, proper)
    number = part = ""
    if any(code in "np" for code, _ in field.subfields):
        number, part = trim_isbd(field.joined("n")), trim_isbd(field.joined("p"))
    beside = _romanised_title(romanised, proper) if romanised else ""
    return Title(trim_isbd(name), trim_isbd(other) if other else "", number, part, beside, kind)


def _name_and_other(field: Field, proper: str) -> tuple[str, str]:
    """A title's own words and its other title information, told from other titles by ISBD's signs.

    What follows ``=`` is in another language, and so is other information behind it, unless it is in the characters of
    the title and the parallel title is not; what follows ``;`` is another work. Without $a, $b or $k (of archives) is
    the title.
    """
    name = field.joined(proper)
    if proper != "a" or not (other := field.joined("b")):
        return name or field.joined("k"), ""
    name, other = _signed(name, other)
    if not name:
        return other, ""
    if name.endswith("="):
        parallel, _, other = other.partition(" = ")[0].partition(" : ")
        other = other if _is_of_title(name, parallel, other) else ""
    elif _names_another_work(name, other):
        other = ""
    return name, other.partition(" = ")[0]


def _signed(name: str, beside: str) -> tuple[str, str]:
    """$a and $b with the sign of a parallel title where ISBD has it, at the end of $a: some begin $b with it."""
    if beside[:1] in ("=", "＝"):
        return f"{name.rstrip('=＝ ')} =", beside[1:].lstrip()
    return (f"{name[:-1]}=" if name.endswith("＝") else name), beside


def _is_of_title(name: str, parallel: str, other: str) -> bool:
    """Whether what stands behind a parallel title is of the title before: 聖經 = The Bible : 新譯本."""
    return has_cjk(name) and has_cjk(other) and not has_cjk(parallel)


def _names_another_work(name: str, beside: str) -> bool:
    """Whether ``beside`` is a title of its own after ``;``: before ISBD that sign stood before subtitles too, which are
    told by their small letter."""
    return name.endswith(";") and not next(filter(str.isalpha, beside), "").islower()


def _romanised_title(field: Field, proper: str) -> str:
    name, other = map(trim_isbd, _name_and_other(field, proper))
    text = " ".join(filter(None, (name, *map(trim_isbd, field.all("np")))))
    text = f"{text} : {other}" if text and other else text or other
    return text if is_romanised(text) else ""


def _titles_beside(field: Field) -> Iterator[Title]:
    """The titles that $b holds besides: in other languages (``=``), of other works (``;``)."""
    name, beside = _signed(field.first("a"), field.first("b"))
    if name.endswith("="):
        for text in beside.split(" = "):
            parallel, _, other = text.partition(" : ")
            if trim_isbd(parallel):
                other = "" if _is_of_title(name, parallel, other) else trim_isbd(other)
                yield Title(trim_isbd(parallel), other, kind="parallel")
    elif _names_another_work(name, beside):
        yield from (Title(work, kind="part") for text in beside.split(" ; ") if (work := trim_isbd(text)))
    elif " = " in beside:
        kind = "variant"
        for text in beside.split(" = ")[1:]:
            parallel, colon, other = text.partition(" : ")
            if colon and trim_isbd(parallel):
                kind = "parallel"  # with a subtitle of its own it is a title
            # Else it may be the subtitle in another language or the title: found, but not shown as parallel.
            yield Title(trim_isbd(parallel), trim_isbd(other), kind=kind)


def responsibility(marc: Marc) -> str:
    """The statement of responsibility of 245 $c, as it stands on the title page.

    In the original script where that gives one.
    """
    for pair in _title_fields(marc):
        return next((said for field in pair if field and (said := trim_isbd(field.joined("c")))), "")
    return ""
