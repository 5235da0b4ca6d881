"""Record → work keys: two editions are of one work when records of theirs share a key.

A key is a title, a maker's name, a language and, of a part, its number: nothing is compared, so a work follows from
the records alone. Keys err on the side of parting: what a reader would not take for the other is worse than what they
have to look for. So nothing is keyed that states no maker or no language, whose title many books bear (全集, Poems),
that is about another book (a guide, a study) or made of one (a film, an abridgement), and no serial, score or music.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.match_keys import key_number
from indexer.profile import Form, Profile, form, title_form
from indexer.record import Format, Record, Title
from indexer.text import fold
from indexer.variants import fold_variants
from indexer.work_words import (
    ABOUT_OR_OF,
    ADAPTED,
    ADAPTED_BY,
    COMES_OUT_ANEW,
    EDITED_TEXT,
    GENERIC,
    GENERIC_WORDS,
    NO_LANGUAGE,
    ONE_OF_SEVERAL,
    TRANSLATED_ANEW,
)

RULES = "4"
"""Which rules made the keys: changed with every change to them."""

KINDS: dict[Format, str] = {
    **dict.fromkeys((Format.BOOK, Format.EBOOK, Format.AUDIOBOOK, Format.LARGE_PRINT, Format.BRAILLE), "text"),
    **dict.fromkeys((Format.PICTURE_BOOK, Format.THESIS, Format.MANUSCRIPT), "text"),
    Format.COMIC: "comic",
    Format.FILM: "film",
}
"""What may be had instead of each other. Of music each recording is another, and of serials each title is all."""

MOST_LANGUAGES = 2

MAKERS = 2
"""Makers of a record whose names make keys: title pages differ in who comes first."""

_MADE_BY = {
    "text": frozenset({"aut", "cre", "dub", ""}),
    "comic": frozenset({"aut", "art", "ill", "cre", ""}),
    "film": frozenset({"drt", "fmd", ""}),
}
"""By kind: what its makers did. Who translated, edited or illustrated a text did not write it."""

_DREW = frozenset({"art", "ill"})
"""Who alone is named for a picture book wrote it, too."""

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
    language = " ".join(sorted(record.languages))  # of two, it is read beside its translation
    if kind is None or not 1 <= len(record.languages) <= MOST_LANGUAGES or not record.titles:
        return NO_WORK
    if not NO_LANGUAGE.isdisjoint(record.languages):
        return NO_WORK
    makers = dict.fromkeys(name for maker in _makers(record, facts, kind) for name in _names(maker))
    if not makers:
        return NO_WORK
    translated = [title_form(title.proper, title.romanised) for title in _translated(record)]
    if _is_adapted(record, kind) or _are_several(translated):
        return WorkKeys((key_number(str(record.ref)),), told=True)  # met by nobody, and silences the others
    names = {word for maker in facts.creators for word in maker.latin.split()}
    said = _said(record, facts)
    of_original = said | (set(ABOUT_OR_OF.findall(str(facts.title))) - TRANSLATED_ANEW) if translated else said
    part = _part(record, facts)
    begin = f"{kind} {language} "

    def keys(titles: Iterable[Form], said: Iterable[str], part: str) -> tuple[int, ...]:
        forms = sorted({text for title in titles if not _is_generic(title, facts, names) for text in _texts(title)})
        told = "".join(f"~{one}" for one in sorted(said))
        end = f"\t{part}" if part else ""
        return tuple(key_number(f"{begin}{text}{told}\t{maker}{end}") for text in forms for maker in makers)

    title = _of_the_text(facts.title)
    own, originals = keys((title,), said, part), keys(translated, of_original, part)
    whole = (*keys((title,), said, ""), *keys(translated, of_original, "")) if part else ()
    return WorkKeys(own, tuple(set(originals) - set(own)), whole, told=bool(of_original or part))


def _of_the_text(title: Form) -> Form:
    """A title without what tells that the text was edited: the makers of keys are its authors, whoever edits."""
    text = EDITED_TEXT.sub("", title.vernacular)
    return form(text) if text != title.vernacular else title


def _said(record: Record, facts: Profile) -> set[str]:
    """What is said beside the title of being about another text, made of one, or one of several: two editions are of
    one work when that is the same too. What stands in a title parts by itself.
    """
    found: set[str] = set()
    if record.edition:
        found.update(ABOUT_OR_OF.findall(_folded(record.edition)))
    if facts.whole is not facts.title:
        behind = str(facts.whole).removeprefix(str(facts.title)).strip()
        found.update(ABOUT_OR_OF.findall(behind), ONE_OF_SEVERAL.findall(behind))
        if " ; " in record.titles[0].proper:
            found.add(behind)  # several texts in one book
    return found


def _translated(record: Record) -> Iterator[Title]:
    """The original titles, but for those of which the record holds a part or a selection."""
    for title in record.titles[1:]:
        if title.kind == "uniform":
            rest = f"{title.other} {title.part_name} {title.part_number}".strip()
            if not rest or ABOUT_OR_OF.search(_folded(rest)) is None:
                yield title


def _are_several(titles: Sequence[Form]) -> bool:
    """Whether these are titles of several texts, as far as titles in one script tell: two novels in one book."""
    if len(titles) < 2:
        return False
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
    return ADAPTED.search("\n".join(said)) is not None


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    return fold_variants(fold(text))


def _makers(record: Record, facts: Profile, kind: str) -> list[Form]:
    """The names of the makers named first: by what they did, else, where nobody says what they did, who stands first.

    Persons only: a body publishes acts and reports under one title year after year, and editors collect. But what
    has come out in a second edition or a later one is one text, whoever answers for it.
    """
    made_by = _MADE_BY[kind]
    agents = list(zip(record.agents, facts.creators, strict=False))
    found = [one for one in agents if one[0].role in made_by and (one[0].main or one[0].role)]
    found.sort(key=lambda one: not one[0].main)
    edited_again = _is_edited_again(facts)
    first = [one for one in agents[:1] if not one[0].role or one[0].role in _DREW or edited_again]
    chosen = found[:MAKERS] or first
    return [name for agent, name in chosen if agent.kind == "person" or edited_again]


def _is_edited_again(facts: Profile) -> bool:
    """Whether it is a second edition or a later one of what does not come out anew each year."""
    again = (facts.edition or facts.counted or 1) > 1 or facts.revised
    return again and COMES_OUT_ANEW.search(facts.title.vernacular) is None and not facts.numbers


def _names(maker: Form) -> Iterator[str]:
    """A maker in characters, and by surname and initial in Latin letters: catalogues differ in the names between."""
    if maker.vernacular:
        yield maker.vernacular
    rest = maker.joined.removeprefix(maker.surname)
    if rest != maker.joined and rest:
        yield f"{maker.surname} {rest[0]}"
    elif maker.surname and not maker.vernacular:
        *given, last = maker.latin.split() or [""]
        yield f"{last} {given[0][0]}" if given else last


def _is_generic(form: Form, facts: Profile, names: Container[str]) -> bool:
    """Whether many books bear this title, be it with their maker's name before it."""
    if form.vernacular:
        title = form.vernacular
        for maker in facts.creators:
            if maker.vernacular:
                title = title.replace(maker.vernacular, "")
        return not title or GENERIC.fullmatch(title) is not None
    words = [word for word in form.latin.split() if word not in GENERIC_WORDS and word not in names]
    if len(words) > 1:
        return False
    return (
        not words
        or any(  # Platonis opera
            len(name.latin) > 3 and words[0].startswith(name.latin.split()[0][:-1]) for name in facts.creators
        )
    )


def _texts(title: Form) -> Iterator[str]:
    if title.vernacular:
        yield title.vernacular
    if len(title.joined) >= _SHORTEST_LATIN:
        yield title.joined


def _part(record: Record, facts: Profile) -> str:
    if facts.parts:
        return "/".join(facts.parts)
    title = record.titles[0]
    return form(title.part_name).joined or _folded(title.part_name) if title.part_name else ""
