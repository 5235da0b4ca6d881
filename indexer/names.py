"""Names of people and bodies as cataloguers write them, told apart from what is not part of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from indexer.record import Agent
from indexer.remembered import remembered
from indexer.roles import EDGES, READ, TERMS
from indexer.text import clean, has_cjk, has_han, is_romanised, trim_isbd

_HAN = r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_OF_WHERE_AND_WHEN = re.compile(rf"^[(\[（〔【［][{_HAN}]{{1,4}}[)\]）〕】］]\s*")
_OF_WHEN_BEHIND = re.compile(
    r"[\s,，]*[(（\[〔](?:先秦|[東西]?[漢汉周晉晋]|三國|[魏隋唐宋遼辽金元明清]|五代|[南北]朝|[南北]宋|民[國国]|"
    r"中[國国]|日本|[美英法德日俄韓韩義意奧西葡荷加澳印瑞][國国]?)[)）\]〕]$"
)
_LATIN_FORM = re.compile(r"\s*[(（\[]\s*(?P<form>[^()（）\[\]]*[A-Za-zÀ-ɏ][^()（）\[\]]*)[)）\]]\s*$")
_HAN_FORM = re.compile(rf"\s*[(（\[]\s*(?P<form>[{_HAN}]{{2,6}})[)）\]]$")  # 황석영(黃晳暎)
_LATIN_BEHIND = re.compile(rf"^(?P<name>[{_HAN}\u3041-\u30ff·‧・.]{{2,}}) +(?P<form>[A-ZÀ-Þ][^\s,]* [^,]+)$")
_DATES = re.compile(
    r"[,，]?\s*(?P<dates>(?:b\.\s?|d\.\s?|ca\.\s?|fl\.\s?)?\d{3,4}\??\s?(?:[-–~]\s?(?:\d{3,4}\??)?)?)\s*$"
)
_HAN_DATES = re.compile(
    r"(?=[^\d]*\d)[0-9?？~～〜–—. 約约生卒歿於于年代世紀纪活動动躍跃期公元西前民國国明治大正昭和平成至abcdfl-]{3,40}"
)
_SURNAME_AND_GIVEN = re.compile(rf"(?P<surname>[{_HAN}]{{1,3}}) (?P<given>[{_HAN}]{{1,4}})")
_SEVERAL_BEHIND = re.compile(rf"(?P<name>.+)[.·・‧、．/](?P<last>[{_HAN}]{{1,4}})")  # 幾米圖.文
_SYLLABLE_AND_STOP = re.compile(r"[a-zà-öø-ɏ]\.$")
_COMMA = re.compile(r",(?=\S)")
_STATEMENTS = re.compile(r"[;；]")
_AND_OTHERS = re.compile(r"\s*[(（\[〔]?等(?:人|多人)?[)）\]〕]?$")
_IN_BRACKETS = re.compile(rf"\s*[(（\[〔［](?P<inside>[{_HAN}]{{1,4}})[)）\]〕］]$")
_LONG_ROLES = tuple(sorted((term for term in TERMS if has_han(term) and len(term) >= 2), key=len, reverse=True))
_SHORT_ROLES = frozenset("著撰編译譯繪绘輯辑校注註编圖图作訳")
_KOREAN_ROLES = frozenset(term for term in TERMS if has_cjk(term) and not has_han(term))


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

    Country or dynasty in brackets before the name or behind it, dates, and roles or 等 written after it, are not part
    of it. One character of role is taken off only where three remain before it, because it may end a given name
    (張愛著). Of a statement that names several in turn it is the first: `others_in` gives the others.
    """
    name = trim_isbd(clean(text[:READ]))
    if not has_cjk(name):
        return Name(name)
    name, _, _ = name.replace("；", ";").partition(";")
    name, roles_carried = _without_roles(_OF_WHERE_AND_WHEN.sub("", name))
    name, dates = _without_dates(_OF_WHEN_BEHIND.sub("", name))
    name, original, dates_beside = _without_original(name)
    if apart := _SURNAME_AND_GIVEN.fullmatch(name):
        name = f"{apart['surname']}{apart['given']}"
    role, *more = roles_carried or ("",)
    return Name(trim_isbd(name), original, dates or dates_beside, role, tuple(more))


def others_in(text: str) -> Iterator[Agent]:
    """Whom a heading names besides the first, where it holds a whole statement: 喬志高 in 費茲傑羅著 ; 喬志高譯."""
    if (";" in text or "；" in text) and has_cjk(text):
        for statement in _STATEMENTS.split(text[:READ])[1:]:
            if (one := person(statement)).name:
                yield Agent(one.name, role=one.role, dates=one.dates, original=one.original, more_roles=one.more_roles)


def romanised(text: str) -> str:
    """A romanised name that stands beside one in Han characters, without the full stop of its field.

    No syllable is an abbreviation: ``Lei, Lu.`` ends as ``Jr.`` does, which stays.
    """
    return text[:-1] if _SYLLABLE_AND_STOP.search(text) and not text.endswith(("Jr.", "Sr.")) else text


def _without_original(name: str) -> tuple[str, str, str]:
    """A name, its form in another script that stands in brackets or words behind it, and the dates given there."""
    if (form := _LATIN_FORM.search(name)) and form.start():
        return name[: form.start()], *latin_form(form["form"])
    if (form := _LATIN_BEHIND.match(name)) and is_romanised(form["form"]):
        return form["name"], *latin_form(form["form"])
    if not has_han(name[:1]) and (form := _HAN_FORM.search(name)) and form.start():
        return name[: form.start()], form["form"], ""
    return name, "", ""


def _without_dates(name: str) -> tuple[str, str]:
    """``魯迅(1881-1936)``, ``魯迅, 1881-1936`` and ``王明, 民38-`` in two; dates within other brackets stay there."""
    if name[-1:] in ")）]〕":
        place, dates = max(map(name.rfind, "(（[〔")), name[:-1]
    else:
        place, dates = max(map(name.rfind, ",，")), name
        if sum(map(name[:place].count, "(（[〔")) > sum(map(name[:place].count, ")）]〕")):
            return name, ""
    dates = dates[place + 1 :].strip()
    if place <= 0 or not _HAN_DATES.fullmatch(dates):
        return name, ""
    return name[:place].rstrip(" ,，"), dates.removesuffix("年").strip(" .")


def latin_form(text: str) -> tuple[str, str]:
    """A name in Latin letters beside a Chinese one, as (name, dates): ``(Austen, Jane, 1775-1817)``."""
    text = text.strip(" ()（）[]")
    dates = _DATES.search(text)
    name = text[: dates.start()] if dates else text
    if not is_romanised(name):
        return "", ""
    return _COMMA.sub(", ", trim_isbd(name)), dates.group("dates").strip() if dates else ""


def _without_roles(name: str) -> tuple[str, tuple[str, ...]]:
    """A name and the roles written after it, in brackets or not, several with a sign between them: 幾米圖.文."""
    if (inside := _IN_BRACKETS.search(name)) and (inside["inside"] in TERMS or inside["inside"] == "等"):
        name = f"{name[: inside.start()]} {inside['inside']}"
    last = _SEVERAL_BEHIND.fullmatch(name)
    if last and last["last"] in TERMS:
        before, found = _without_roles(f"　{last['name']}")  # a sign and a role behind it: one character is a role too
        if found:
            return before[1:], tuple(dict.fromkeys((*found, TERMS[last["last"]])))
    rest, role = _without_role(name)
    return rest, (role,) if role else ()


def _without_role(name: str) -> tuple[str, str]:
    stripped = name.rstrip(EDGES) if name.endswith(("著", "編", "譯", "等", " ")) else name
    for term in _LONG_ROLES if stripped.endswith(_LONG_ROLES) else ():
        if stripped.endswith(term) and len(stripped) >= len(term) + 2:
            return _without_others(stripped[: -len(term)]), TERMS[term]
    if stripped[-1:] in _SHORT_ROLES and (len(stripped) >= 4 or stripped[-2:-1] in " )）]等"):
        return _without_others(stripped[:-1]), TERMS.get(stripped[-1], "")
    if (korean := stripped.rpartition(" "))[0] and korean[2] in _KOREAN_ROLES:
        return _without_others(korean[0]), TERMS[korean[2]]
    return _without_others(stripped), ""


def _without_others(name: str) -> str:
    name = name.rstrip(" ,，.;|｜‖…")
    others = _AND_OTHERS.search(name)
    return name[: others.start()].rstrip(" .…") if others and others.start() >= 2 else name


def role_stated(name: str, responsibility: str) -> str:
    """The role that a statement of responsibility gives a name: 張玲 is trl in ``奧斯丁著 ; 張玲, 張揚譯``.

    It is what the part of the statement that holds the name ends with; "" when the name is not there as written.
    """
    if not name:
        return ""
    for statement in _STATEMENTS.split(responsibility[:READ]):
        _, found, after = statement.rpartition(name)
        if found and (after := after.strip(EDGES)):
            return TERMS.get(after.removeprefix("等")) or _without_role(f"　　　{after}")[1]
    return ""


_NUMBER = re.compile(r"\S+(?: \d+)?")


def authority_numbers(written: Iterable[str]) -> tuple[str, ...]:
    """The numbers and addresses of the authority record a heading names ($0, $1, UNIMARC $3), without what follows."""
    return tuple(dict.fromkeys(match.group() for text in written if (match := _NUMBER.match(text.strip()))))
