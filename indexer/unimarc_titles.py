"""UNIMARC's and CMARC's titles and statement of responsibility: one function per field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from indexer.marc import Field, Marc
from indexer.marc21_titles import title_in_note
from indexer.record import Title
from indexer.text import is_romanised, trim_isbd
from indexer.title_fields import parted
from indexer.unimarc_scripts import pairs

_OWN_TITLES = {
    "500": "uniform",
    "501": "uniform",
    "503": "uniform",
    "510": "parallel",
    "511": "variant",
    "512": "cover",
    "513": "variant",
    "514": "variant",
    "515": "variant",
    "516": "variant",
    "517": "variant",
    "518": "variant",
    "530": "variant",
    "531": "variant",
    "532": "variant",
    "540": "variant",
    "541": "parallel",
    "545": "part",
    "560": "variant",
}
_LINKED_TITLES = {
    **dict.fromkeys(("520", "430", "431", "432", "433", "434", "435", "436", "437"), "former"),
    **dict.fromkeys(("440", "441", "442", "443", "444", "445", "446", "447", "448"), "later"),
    **dict.fromkeys(("461", "462", "463"), "host"),
    "423": "part",
    "464": "contents",
    **dict.fromkeys(("421", "422", "453", "470", "488"), "related"),
}
TAGS = ("200", "454", *_OWN_TITLES, "300", "304", *_LINKED_TITLES, "327")


def titles(marc: Marc) -> tuple[Title, ...]:
    """Every title, the title proper first, those of other things last.

    Of the thing itself: 200 with its parallel titles ($d), the original title (454, notes that begin 譯自), 5XX. Of
    others: its parts (423, 464, CMARC 327), former and later titles (520, 43X, 44X), what it is in (461–463), related
    works (421, 422, 453, 470, 488). A second 200 in Latin letters, or pinyin in $9, $A or $r, is the romanised form of
    the first. One that has no title of its own gives none, because the first would stand for it.
    """
    own: list[Title] = []
    main, romanised = _in_both_scripts(marc, "200")
    if main is not None:
        own.extend(_titles_of_200(main, romanised))
    for field, _ in pairs(marc, "454"):
        own.append(_linked_title(field, "uniform"))
    for field, romanised in pairs(marc, *_OWN_TITLES):
        beside = romanised.first("a") if romanised else ""
        own.append(replace(_title(field, _OWN_TITLES[field.tag], field.first("a")), romanised=beside))
    own.extend(title for field, _ in pairs(marc, "300", "304") if (title := title_in_note(field.first("a"))))
    if not any(title.proper for title in own):
        return ()
    related = (_linked_title(field, _LINKED_TITLES[field.tag]) for field, _ in pairs(marc, *_LINKED_TITLES))
    whole = (*own, *related, *_contents_titles(marc))
    return tuple(dict.fromkeys(title for title in whole if title.proper))


def _contents_titles(marc: Marc) -> Iterator[Title]:
    """CMARC's 327 names each part in an $a of its own, most often after its number in $v."""
    for field, _ in pairs(marc, "327"):
        parts = field.all("a")
        if len(parts) > 1 or field.first("v"):
            yield from (Title(trim_isbd(text), kind="contents") for text in parts)


def _in_both_scripts(marc: Marc, tag: str) -> tuple[Field | None, Field | None]:
    """The field in the script of the work, and beside it the one in Latin letters, where the record has both."""
    found = pairs(marc, tag)
    if not found:
        return None, None
    found = [(parted(one), parted(other) if other else None) for one, other in found]
    field, romanised = found[0]
    if romanised is None and len(found) > 1:
        vernacular = next((f for f, _ in found if not is_romanised(f.first("a"))), field)
        romanised = next((f for f, _ in found if f is not vernacular and is_romanised(f.first("a"))), None)
        field = vernacular if romanised else field
    return field, romanised


_KINDS_IN_200 = {"a": "part", "c": "part", "d": "parallel"}


def _titles_of_200(field: Field, romanised: Field | None) -> Iterator[Title]:
    """The titles of a 200, each with the $e, $h and $i that follow it; a later $a is of the same maker, $c of another.

    A volume behind a parallel title ($d … $h) is the book's where none stands before.
    """
    runs: list[tuple[str, Field]] = []
    for code, value in field.subfields:
        if code in _KINDS_IN_200:
            runs.append((_KINDS_IN_200[code] if runs else "proper", Field("200", " ", " ", (("a", value),))))
        elif runs and code in ("e", "h", "i"):
            kind, run = runs[-1]
            runs[-1] = kind, run._replace(subfields=(*run.subfields, (code, value)))
    counted_apart = any(code in ("h", "i") for _, run in runs[:1] for code, _ in run.subfields)
    for at, (kind, run) in enumerate(runs):
        parts = field if at == 0 and not counted_apart else run
        found = Title(
            proper=trim_isbd(run.first("a")),
            other=trim_isbd(" : ".join(map(trim_isbd, run.all("e")))),
            part_number=trim_isbd(parts.joined("h")),
            part_name=trim_isbd(parts.joined("i")),
            kind=kind,
        )
        if at == 0:
            beside = romanised.joined("aehi") if romanised else field.first("9") or field.first("A") or field.first("r")
            known = is_romanised(beside) and not is_romanised(found.proper)
            yield replace(found, romanised=trim_isbd(beside)) if known else found
        elif kind == "parallel" and not counted_apart:
            yield replace(found, part_number="", part_name="")
        else:
            yield found


def _title(field: Field, kind: str, proper: str) -> Title:
    return Title(
        proper=trim_isbd(proper),
        other=trim_isbd(field.joined("e")),
        part_number=trim_isbd(field.joined("h")),
        part_name=trim_isbd(field.joined("i")),
        kind=kind,
    )


def _linked_title(field: Field, kind: str) -> Title:
    title = embedded(field, "200") or embedded(field, "500") or field
    found = _title(title, kind, title.first("t") or title.first("a"))
    if kind == "host" and not found.part_number:
        return replace(found, part_number=trim_isbd(title.first("v")))  # where in it
    return found


def embedded(field: Field, tag: str) -> Field | None:
    """The field of this tag that a linking field embeds in its subfields ($1 with tag and indicators, then its own).

    None when it embeds none, or holds the standard subfields $a, $t, $d instead.
    """
    found: list[tuple[str, str]] | None = None
    indicators = "  "
    for code, value in field.subfields:
        if code == "1":
            if found is not None:
                break
            if value.startswith(tag):
                found, indicators = [], value[3:5].ljust(2)
        elif found is not None:
            found.append((code, value))
    return Field(tag, indicators[0], indicators[1], tuple(found)) if found is not None else None


def responsibility(marc: Marc) -> str:
    """The statements of responsibility of 200: $f, then each $g."""
    field, _ = _in_both_scripts(marc, "200")
    return "; ".join(filter(None, map(trim_isbd, field.all("fg")))) if field else ""
