"""Names of people and bodies as cataloguers write them, told apart from what is not part of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from indexer import surnames, western_names
from indexer.name_dress import (
    CLOSING,
    HAN,
    OPENING,
    ORIGINS,
    PERIODS,
    ROLES_IN_GIVEN_NAMES,
    SHORT_ROLES,
    without_origin,
    without_role,
    without_role_in_front,
    without_roles,
)
from indexer.other_forms import HAN_DATES, without_other_form
from indexer.periods import without_period
from indexer.record import Agent
from indexer.remembered import remembered
from indexer.roles import EDGES, READ, TERMS
from indexer.statements import PARTING, STATEMENTS, bodies, people
from indexer.text import clean, has_cjk, trim_isbd

_OF_WHEN_BEHIND = re.compile(rf"[\s,，]*[{OPENING}](?:{ORIGINS}|{PERIODS})[{CLOSING}]$")
_DATES_APART = re.compile(
    rf"(?<=[{HAN}]{{2}}) +(?=(?:b\.|d\.|fl\.|ca\.|[約约生前])?\s?\d{{3,4}}\??\s?(?:[-–—~～]|年?生)"
    r"|民[國国]?前?\d+[-–—~～])"
)
_NOBODY = re.compile(
    r"(?:[撰編著作譯]{1,2}[人者])?[佚無无闕阙逸失]名"
    r"|不著(?:[撰編编著作譯译繪]{0,2}[人者]|姓氏|姓名|名氏)(?:姓名|名氏|姓氏)?"
    r"|(?:[撰編编著作譯译繪輯]{0,2}[人者])?(?:姓名)?(?:不詳|不详|未詳|不明)"
    r"|(?i:anonym(?:ous|us|e)|(?:author|artist|editor|translator) unknown|unknown(?: author)?)"
)
"""What catalogues write in the place of a name where nobody is known; 無名氏 is a pen name too."""
_HAN_RUN = re.compile(rf"^[{HAN}]+")
_SURNAME_COMMA = re.compile(rf"(?P<surname>[{HAN}]{{1,4}})\s?[,，]\s?(?P<given>[{HAN}\u3041-\u309f]{{1,4}})")
_SURNAME_AND_GIVEN = re.compile(rf"(?P<surname>[{HAN}]{{1,3}}) (?P<given>[{HAN}]{{1,4}})")
_SYLLABLE_AND_STOP = re.compile(r"[a-zà-öø-ɏ]\.$")


class Name(NamedTuple):
    """A name without its dress: the name, its original form that stood beside it, dates, and the roles it carried."""

    name: str
    original: str = ""
    dates: str = ""
    role: str = ""
    more_roles: tuple[str, ...] = ()


@remembered
def person(text: str) -> Name:
    """A person's name from a heading: ``(清)曹雪芹``, ``海明威(Ernest Hemingway)``, ``曹雪芹等著``, ``Austen, Jane,``.

    Country or dynasty in brackets before the name or behind it, dates, and roles or 等 written with it, are not part
    of it. A character of role that may end a given name as well (陳墨編, 田中耕作) is taken off only where enough
    remains, or something else says that the heading is a statement; `name_stated` asks the title page. Of a statement
    that names several in turn it is the first: `others_in` gives the others.
    """
    name = clean(text[:READ])
    if not has_cjk(name):
        return _western(trim_isbd(name))
    name = next(people(name), "")
    undressed = without_origin(name)
    before, roles_in_front = without_role_in_front(trim_isbd(undressed))
    name, roles_carried = without_roles(before, 3 if undressed == name else 2)
    name, dates = _without_dates(_OF_WHEN_BEHIND.sub("", without_period(name)))
    if _NOBODY.fullmatch(name.strip(" []()（）〔〕.")):
        return Name("")
    name, original, dates_beside = without_other_form(name)
    apart = _SURNAME_AND_GIVEN.fullmatch(name)
    if apart or ((apart := _SURNAME_COMMA.fullmatch(name)) and surnames.stands_first(*apart.groups())):
        name = f"{apart['surname']}{apart['given']}"
    role, *more = tuple(dict.fromkeys((*roles_in_front, *roles_carried))) or ("",)
    return Name(trim_isbd(name), original, dates or dates_beside, role, tuple(more))


def others_in(text: str, kind: str = "person", read: Callable[[str], Name] = person) -> Iterator[Agent]:
    """Whom a heading names besides the first, where it holds several: 張三,李四合著, 費茲傑羅著 ; 喬志高譯."""
    if text.isascii() or not PARTING.search(text) or not has_cjk(text):
        return
    for one in map(read, _parted((kind, text))[1:]):
        if one.name:
            yield Agent(one.name, kind, one.role, one.dates, original=one.original, more_roles=one.more_roles)


@remembered
def _parted(heading: tuple[str, str]) -> tuple[str, ...]:
    """The statements of a heading of a kind and a text."""
    kind, text = heading
    return tuple((people if kind == "person" else bodies)(clean(text[:READ])))


def as_one(text: str) -> str:
    """A person's name where a text names one; the text as it stands where it names several: 老子、莊子."""
    return text if any(others_in(text)) else person(text).name or text


def name_stated(name: str, responsibility: str) -> str:
    """A name without the character of role it may end with, where the title page has that as a role: 陳墨 of 陳墨編.

    The name as it is where it does not end so, or the statement has another role behind it (陳墨編譯 is 陳墨's).
    """
    if len(name) != 3 or name[-1] not in SHORT_ROLES or name[-1] in ROLES_IN_GIVEN_NAMES:
        return name
    _, found, after = responsibility.rpartition(name)
    tail = after[: len(after) - len(_HAN_RUN.sub("", after, count=1))]
    roles = name[-1] + tail
    if found and tail[:1] != name[-1] and (not tail or roles in TERMS or all(map(TERMS.__contains__, roles))):
        return name[:-1]
    return name


def _western(name: str) -> Name:
    """A name of another script without the dates, roles and ``et al.`` that stand with it."""
    name, role_in_front = western_names.role_in_front(name)
    name, dates, roles = western_names.undressed(name)
    role, *more = tuple(dict.fromkeys(filter(None, (role_in_front, *roles)))) or ("",)
    if _NOBODY.fullmatch(name):
        return Name("")
    return Name(name, dates=dates, role=role, more_roles=tuple(more))


def romanised(text: str) -> str:
    """A romanised name that stands beside one in Han characters, without the full stop of its field.

    No syllable is an abbreviation: ``Lei, Lu.`` ends as ``Jr.`` does, which stays.
    """
    return text[:-1] if _SYLLABLE_AND_STOP.search(text) and not text.endswith(("Jr.", "Sr.")) else text


def _without_dates(name: str) -> tuple[str, str]:
    """``魯迅(1881-1936)``, ``魯迅, 1881-1936`` and ``王明, 民38-`` in two; dates within other brackets stay there."""
    if name[-1:] in ")）]〕":
        place, dates = max(map(name.rfind, "(（[〔")), name[:-1]
    elif dated := _DATES_APART.search(name):
        place, dates = dated.start(), name
    else:
        place, dates = max(map(name.rfind, ",，")), name
        if sum(map(name[:place].count, "(（[〔")) > sum(map(name[:place].count, ")）]〕")):
            return name, ""
    dates = dates[place + 1 :].strip()
    if place <= 0 or not HAN_DATES.fullmatch(dates):
        return name, ""
    return name[:place].rstrip(" ,，"), dates.removesuffix("年").strip(" .")


def fuller_form(name: str, fuller: str) -> str:
    """The name with its initials spelt out, as 100 $q has them: Lewis, Clive Staples of ``(Clive Staples)``."""
    surname, comma, _ = name.partition(",")
    forenames = trim_isbd(fuller.strip(" ()（）,").partition(")")[0])
    return f"{surname}, {forenames}" if comma and forenames and "," not in forenames else forenames


def role_stated(name: str, responsibility: str) -> str:
    """The role that a statement of responsibility gives a name: 張玲 is trl in ``奧斯丁著 ; 張玲, 張揚譯``.

    It is what the part of the statement that holds the name ends with; "" when the name is not there as written.
    """
    if not name:
        return ""
    for statement in STATEMENTS.split(responsibility[:READ]):
        _, found, after = statement.rpartition(name)
        if found and (after := after.strip(EDGES)):
            return TERMS.get(after.removeprefix("等")) or without_role(f"　　　{after}", 3)[1]
    return ""


_NUMBER = re.compile(r"\S+(?: \d+)?")


def authority_numbers(written: Iterable[str]) -> tuple[str, ...]:
    """The numbers and addresses of the authority record a heading names ($0, $1, UNIMARC $3), without what follows."""
    return tuple(dict.fromkeys(match.group() for text in written if (match := _NUMBER.match(text.strip()))))
