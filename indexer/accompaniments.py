"""Which coded fields of a record are of the thing itself, and which of what comes with it: a disc in a book's pocket.

A record codes both alike (007, 006, 338; UNIMARC 135), in no order that can be relied on. Of the thing itself are
leader/06 and form of item (008/23), and its extent (300 $a, 215 $a); $e is of what comes with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from indexer.extents import pages, volumes
from indexer.form_words import DISC, MICRO
from indexer.marc import Field, Marc

_NOT_OF_PAPER = frozenset("cshvmgz")  # 007/00: electronic, sound, microform, video and film, of some other kind
_REMOTE = frozenset({"cr", "sr", "vr"})
_FORMS_WITHOUT_PAPER = frozenset("abcoqs")  # 008/23, 008/29
_FORMS_OF_FILES = frozenset("oqs")
_KINDS_OF_PAPER = frozenset("acdeftpk")  # leader/06
_VOLUME = re.compile(r"volumes?|sheets?|[冊册卷]|單張|单张|Band|Bände|Blatt", re.IGNORECASE)
_WITH_IT = re.compile("[+＋]")
_FILES = re.compile(
    r"online|on-line|electronic|e-?book|internet|website|pdf|電子|电子|網|网|線上|オンライン", re.IGNORECASE
)


def physical_descriptions(marc: Marc) -> list[str]:
    """The 007s of the thing itself, in their order."""
    codes = marc.controls("007")
    if not codes:
        return codes
    if not _is_on_paper(marc):
        others = [code for code in codes if code[:1] != "t"] if _form_of_item(marc) in _FORMS_OF_FILES else []
        return others or codes
    return [code for code in codes if code[:1] not in _NOT_OF_PAPER or not _comes_with_it(marc, code)]


def additional_forms(marc: Marc) -> list[str]:
    """The 006s of the thing itself, in their order."""
    codes = marc.controls("006")
    if not codes or not _is_on_paper(marc):
        return codes
    return [code for code in codes if code[:1] != "m" or not _comes_with_it(marc, "cr" if code[6:7] == "o" else "co")]


def _form_of_item(marc: Marc) -> str:
    fixed = marc.control("008")
    return fixed[29:30] if marc.leader[6] in "efgkor" else fixed[23:24]


def _is_on_paper(marc: Marc) -> bool:
    """Whether leader and form of item let expect paper: what these say, no other code gainsays."""
    return marc.leader[6] in _KINDS_OF_PAPER and _form_of_item(marc) not in _FORMS_WITHOUT_PAPER


def _comes_with_it(marc: Marc, physical: str) -> bool:
    """Whether a 007 of a book, a score or a map is of what comes with it."""
    if any(code[:1] == "t" for code in marc.controls("007")) or is_volume(marc):
        return not (physical[:1] == "h" and marc.has("533"))
    if physical[:1] == "h":
        return is_named_beside(marc.fields("300"), MICRO) and not marc.has("533")
    # Records of e-books made from those of the printed book keep its pages.
    return physical[:2] not in _REMOTE and (is_counted(marc.fields("300")) or is_named_beside(marc.fields("300"), DISC))


def is_volume(marc: Marc) -> bool:
    """Whether the carrier type (338) is a volume or a sheet, and no remote one or microform besides."""
    types = [(code, field) for field in marc.fields("338") for code in field.all("b") or [""]]
    on_paper = any(code[:1] == "n" or (not code and _VOLUME.fullmatch(field.first("a"))) for code, field in types)
    return on_paper and not any(code == "cr" or code[:1] == "h" for code, _ in types)


def is_counted(extents: Iterable[Field]) -> bool:
    """Whether an extent ($a) counts pages or volumes of paper: what stands behind a ``+`` is not of the thing."""
    return any(
        (pages(text) or volumes(text)) and not DISC.search(text) and not _FILES.search(text)
        for text in _counted(extents)
    )


def _counted(extents: Iterable[Field]) -> Iterator[str]:
    for field in extents:
        yield _WITH_IT.split(field.first("a")[:400], maxsplit=1)[0]


def is_named_beside(extents: Iterable[Field], carrier: re.Pattern[str]) -> bool:
    """Whether what comes with the thing ($e, or behind a ``+``) is of this carrier, and the thing ($a) is not."""
    fields = list(extents)
    beside = (text for field in fields for text in (*field.all("e"), *_WITH_IT.split(field.first("a")[:400])[1:]))
    return any(map(carrier.search, beside)) and not any(map(carrier.search, _counted(fields)))
