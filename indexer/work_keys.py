"""Record → work keys: two editions are of one work when records of theirs share a key.

A key is a title, a maker's name, a language and, of a part, its number: nothing is compared, so a work follows from
the records alone. Keys err on the side of parting: what a reader would not take for the other is worse than what they
have to look for. So nothing is keyed that states no maker or no language, whose title many books bear (全集, Poems),
that is about another book (a guide, a study) or made of one (a film, an abridgement), and no serial, score or music.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.match_keys import key_number
from indexer.profile import Form, Profile, form, name_form, subtitle_typed_in, title_form
from indexer.record import Agent, Format, Record, Title
from indexer.text import fold
from indexer.variants import fold_variants
from indexer.work_words import ABOUT_OR_OF, ADAPTED, ADAPTED_BY, GENERIC, GENERIC_WORDS, NO_LANGUAGE, ONE_OF_SEVERAL

RULES = "2"
"""Which rules made the keys: changed with every change to them."""

KINDS: dict[Format, str] = {
    **dict.fromkeys((Format.BOOK, Format.EBOOK, Format.AUDIOBOOK, Format.LARGE_PRINT, Format.BRAILLE), "text"),
    **dict.fromkeys((Format.PICTURE_BOOK, Format.THESIS, Format.MANUSCRIPT), "text"),
    Format.COMIC: "comic",
    Format.FILM: "film",
}
"""What may be had instead of each other. Of music each recording is another, and of serials each title is all."""

MAKERS = 2
"""Makers of a record whose names make keys: title pages differ in who comes first."""

_MADE_BY = {
    "text": frozenset({"aut", "cre", "dub", ""}),
    "comic": frozenset({"aut", "art", "ill", "cre", ""}),
    "film": frozenset({"drt", "fmd", ""}),
}
"""By kind: what its makers did. Who translated, edited or illustrated a text did not write it."""

_NO_LETTERS = re.compile(r"[\W\d_]*")
_SHORTEST_LATIN = 3


@dataclass(frozen=True, slots=True)
class WorkKeys:
    """The keys of a record as 64-bit numbers: those it shares with editions of its work, and, of a part, those that
    the whole has.

    ``originals`` are those by the title of what a translation translates: cataloguers mistake these more often.
    ``told``: it says which part it is, or what it is to another text. Where one record of an edition says so, the
    others only left it out, and their keys do not count.
    """

    own: tuple[int, ...] = ()
    originals: tuple[int, ...] = ()
    whole: tuple[int, ...] = ()
    told: bool = False


NO_WORK = WorkKeys()


def work_keys(record: Record, facts: Profile) -> WorkKeys:
    """The keys of a record whose facts are known; none when it is not safe to say what it is a text of."""
    kind = KINDS.get(record.format)
    if kind is None or len(record.languages) != 1 or not record.titles or not record.agents:
        return NO_WORK
    language = record.languages[0]
    makers = dict.fromkeys(name for agent in _makers(record, kind) for name in _names(agent, record))
    if language in NO_LANGUAGE or not makers:
        return NO_WORK
    said, beside_original = _said(record)
    translated = [title_form(title.proper, title.romanised) for title in _translated(record)]
    if _is_adapted(record, kind) or _are_several(translated):
        return WorkKeys((key_number(f"{record.ref}"),), told=True)  # met by nobody, and silences the others
    part = _part(record, facts)

    def keys(titles: Iterable[Form], told: str, part: str) -> tuple[int, ...]:
        forms = sorted({text for title in titles if not _is_generic(title, facts) for text in _texts(title)})
        end = f"\t{part}" if part else ""
        return tuple(key_number(f"{kind} {language} {text}{told}\t{maker}{end}") for text in forms for maker in makers)

    own, originals = keys([facts.title], said, part), keys(translated, beside_original, part)
    whole = (*keys([facts.title], said, ""), *keys(translated, beside_original, "")) if part else ()
    return WorkKeys(own, tuple(set(originals) - set(own)), whole, told=bool(said or part or beside_original))


def _said(record: Record) -> tuple[str, str]:
    """What is said beside the title, and beside an original title, of being about another text, made of one, or one of
    several: two editions are of one work when that is the same too. What stands in a title parts by itself.
    """
    title = record.titles[0]
    typed = subtitle_typed_in(title.proper)
    subtitle = _folded(f"{title.other} {typed}").strip()
    beside = f"{_folded(record.edition)} {_folded(title.part_name)} {subtitle}"
    found = set(ABOUT_OR_OF.findall(beside)) | set(ONE_OF_SEVERAL.findall(subtitle))
    if " ; " in title.proper:
        found.add(_folded(typed))  # several texts in one book
    of_original = found | set(ABOUT_OR_OF.findall(_folded(title.proper)))
    return "".join(f"~{one}" for one in sorted(found)), "".join(f"~{one}" for one in sorted(of_original))


def _translated(record: Record) -> Iterator[Title]:
    """The original titles, but for those of which the record holds a part or a selection."""
    for title in record.titles[1:]:
        rest = f"{title.other} {title.part_name} {title.part_number}"
        if title.kind == "uniform" and ABOUT_OR_OF.search(_folded(rest)) is None:
            yield title


def _are_several(titles: Sequence[Form]) -> bool:
    """Whether these are titles of several texts, as far as titles in one script tell: two novels in one book."""
    for texts in ({title.vernacular for title in titles}, {t.joined for t in titles if not t.vernacular}):
        shortest, *others = sorted(filter(None, texts), key=len) or [""]
        if any(not other.startswith(shortest) for other in others):
            return True
    return False


def _is_adapted(record: Record, kind: str) -> bool:
    if kind == "text" and any(role in ADAPTED_BY for agent in record.agents for role in agent.roles):
        return True
    title = record.titles[0]
    said = (title.proper, title.other, title.part_name, record.edition, record.responsibility, *record.notes)
    return any(ADAPTED.search(_folded(text)) is not None for text in said if text)


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    return fold_variants(fold(text))


def _makers(record: Record, kind: str) -> list[Agent]:
    """The makers named first: by what they did, else, where nobody says what they did, who stands first.

    Persons only: a body publishes acts and reports under one title year after year.
    """
    made_by = _MADE_BY[kind]
    said = [agent for agent in record.agents if agent.role and agent.role in made_by]
    main = [agent for agent in record.agents if agent.main and agent.role in made_by]
    found = list(dict.fromkeys((*main, *said))) or [agent for agent in record.agents[:1] if not agent.role]
    return [agent for agent in found[:MAKERS] if agent.kind == "person"]


def _names(agent: Agent, record: Record) -> Iterator[str]:
    """A maker in characters, and by surname and initial in Latin letters: catalogues differ in the names between."""
    reads_chinese = record.languages[0] not in ("jpn", "kor")
    found = name_form(agent, reads_chinese, record.languages[0] == "kor")
    if found.vernacular:
        yield found.vernacular
    surname = found.surname
    rest = found.joined.removeprefix(surname)
    if rest != found.joined and rest:
        yield f"{surname} {rest[0]}"
    elif surname and found.vernacular == "":
        *given, last = found.latin.split() or [""]
        yield f"{last} {given[0][0]}" if given else last


def _is_generic(form: Form, facts: Profile) -> bool:
    """Whether many books bear this title, be it with their maker's name before it."""
    title = form.vernacular or form.latin
    for maker in facts.creators:
        if maker.vernacular:
            title = title.replace(maker.vernacular, "")
    if _NO_LETTERS.fullmatch(title) and not any(c.isdigit() for c in title):
        return True
    if not title.isascii() and GENERIC.fullmatch(title.replace(" ", "")):
        return True
    names = {word for maker in facts.creators for word in maker.latin.split()}
    words = {word for word in title.split() if word not in names and word not in GENERIC_WORDS}
    return all(any(len(name) > 3 and word.startswith(name[:-1]) for name in names) for word in words)  # Platonis opera


def _texts(title: Form) -> Iterator[str]:
    if title.vernacular:
        yield title.vernacular
    if len(title.joined) >= _SHORTEST_LATIN or (title.joined and title.joined.isdigit()):
        yield title.joined


def _part(record: Record, facts: Profile) -> str:
    if facts.parts:
        return "/".join(facts.parts)
    title = record.titles[0]
    return form(title.part_name).joined or _folded(title.part_name) if title.part_name else ""
