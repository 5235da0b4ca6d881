"""Names of people and bodies as cataloguers write them, told apart from what is not part of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from indexer import surnames
from indexer.record import Agent
from indexer.remembered import remembered
from indexer.roles import EDGES, READ, TERMS
from indexer.text import clean, has_cjk, has_han, is_romanised, trim_isbd

_HAN = r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
OPENING, CLOSING = r"(\[（〔【［〈‹<＜{｛", r")\]）〕】］〉›>＞}｝"  # in any pairing: （美) is common
ORIGINS = (
    "先秦|[東西]?[漢汉周晉晋]|三[國国]|[魏隋唐宋遼辽金元明清]|五代|[南北]朝|[南北]宋|民[國国]|中[國国]|日本|[臺台][灣湾]|"
    "香港|[美英法德日俄韓韩義意奧西葡荷加澳印瑞][國国]?"
)
_ORIGIN_IN_FRONT = re.compile(
    rf"^\s*[{OPENING}]{{1,2}}(?:[{_HAN}]{{1,4}}|(?:[A-Z]\.\s?){{1,3}}|USA?|UK|[A-Z][a-z]{{1,3}}\.)"
    rf"[{CLOSING}]\s*(?=\S[^\s{CLOSING}])"
)
_OF_WHEN_BEHIND = re.compile(rf"[\s,，]*[{OPENING}](?:{ORIGINS})[{CLOSING}]$")
_LATIN_FORM = re.compile(r"\s*[(（\[]\s*(?P<form>[^()（）\[\]]*[A-Za-zÀ-ɏ][^()（）\[\]]*)[)）\]]\s*$")
_HAN_FORM = re.compile(rf"\s*[(（\[]\s*(?P<form>[{_HAN}]{{2,6}})[)）\]]$")  # 황석영(黃晳暎)
_READING = re.compile(r"\s*[(（\[〔]\s*(?P<form>[\u3041-\u30ff\uac00-\ud7a3][\u3041-\u30ff\uac00-\ud7a3 ]+)[)）\]〕]$")
_LATIN_BEHIND = re.compile(rf"^(?P<name>[{_HAN}\u3041-\u30ff·‧・.]{{2,}}) +(?P<form>[A-ZÀ-Þ][^\s,]*,? [^,]+)$")
_LATIN_IN_FRONT = re.compile(rf"^(?P<form>[A-ZÀ-Þ][^{_HAN}]*[^{_HAN}\s])\s+(?P<name>[{_HAN}·‧・.]{{2,}})$")
_DATES = re.compile(
    r"[,，]?\s*(?P<dates>(?:b\.\s?|d\.\s?|ca\.\s?|fl\.\s?)?\d{3,4}\??\s?(?:[-–~]\s?(?:\d{3,4}\??)?)?)\s*$"
)
_HAN_DATES = re.compile(
    r"(?=[^\d]*\d)[0-9?？~～〜–—. 約约生卒歿於于年代世紀纪活動动躍跃期公元西前民國国明治大正昭和平成至abcdfl-]{3,40}"
)
_WESTERN_DATES = re.compile(
    r"(?:,\s*|\s*\()(?P<dates>(?:b\.\s?|d\.\s?|ca\.\s?|fl\.\s?|active |approximately )?\d{3,4}\??"
    r"(?:\s?[-–]\s?(?:(?:ca\.\s?|approximately )?\d{3,4}\??)?)?)\)?$"
)
_WESTERN_OTHERS = re.compile(r"[\s,;.]*[\[(]?\s*\b(?:et\.? al\.?|and others)\s*[\])]?$", re.IGNORECASE)
_HAN_RUN = re.compile(rf"^[{_HAN}]+")
_SURNAME_COMMA = re.compile(rf"(?P<surname>[{_HAN}]{{1,4}})\s?[,，]\s?(?P<given>[{_HAN}\u3041-\u309f]{{1,4}})")
_SURNAME_AND_GIVEN = re.compile(rf"(?P<surname>[{_HAN}]{{1,3}}) (?P<given>[{_HAN}]{{1,4}})")
_SEVERAL_BEHIND = re.compile(rf"(?P<name>.+)[.·・‧•、．/ ](?P<last>[{_HAN}]{{1,4}})")  # 幾米圖.文
_SYLLABLE_AND_STOP = re.compile(r"[a-zà-öø-ɏ]\.$")
_COMMA = re.compile(r",(?=\S)")
_STATEMENTS = re.compile(r"[;；]")
_COMMAS = re.compile(r"([,，、])")
_SIGNS = ";；,，、"
_AND_OTHERS = re.compile(r"\s*[(（\[〔]?等(?:人|多人)?[)）\]〕]?$")
IN_BRACKETS = re.compile(rf"\s*[(（\[〔［](?P<inside>[{_HAN}]{{1,4}})[)）\]〕］]$")
_LONG_ROLES = tuple(sorted((term for term in TERMS if has_han(term) and len(term) >= 2), key=len, reverse=True))
_SHORT_ROLES = frozenset("著撰編译譯繪绘輯辑校注註编圖图作訳續续")
BEFORE_ROLE = " ,，.;:|｜‖…‧·・•．/："
_NO_GIVEN_NAMES = frozenset("著撰譯译訳")
_GIVEN_NAMES = frozenset("圖图作")
_BEGIN_ROLES = frozenset("編编譯译撰主等合共")  # 李編著 is 李's 編著, or 李編's: not guessed
_ROLE_IN_FRONT = re.compile(
    rf"(?P<role>原著|原作|著者|作者|譯者|編者|繪者|主編|編著)\s*[:：]?\s*(?=[{_HAN}]{{2}})(?![不未無群])|(?P<sign>[{_HAN}]{{1,3}})\s?[:：/／]"
)
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

    Country or dynasty in brackets before the name or behind it, dates, and roles or 等 written with it, are not part
    of it. A character of role that may end a given name as well (陳墨編, 田中耕作) is taken off only where enough
    remains, or something else says that the heading is a statement; `name_stated` asks the title page. Of a statement
    that names several in turn it is the first: `others_in` gives the others.
    """
    name = clean(text[:READ])
    if not has_cjk(name):
        return _western(trim_isbd(name))
    name = next(statements(name), "")
    undressed = without_origin(name)
    before, role_in_front = _without_role_in_front(trim_isbd(undressed))
    name, roles_carried = _without_roles(before, 3 if undressed == name else 2)
    name, dates = _without_dates(_OF_WHEN_BEHIND.sub("", name))
    name, original, dates_beside = _without_original(name)
    apart = _SURNAME_AND_GIVEN.fullmatch(name)
    if apart or ((apart := _SURNAME_COMMA.fullmatch(name)) and surnames.stands_first(*apart.groups())):
        name = f"{apart['surname']}{apart['given']}"
    role, *more = tuple(dict.fromkeys(filter(None, (role_in_front, *roles_carried)))) or ("",)
    return Name(trim_isbd(name), original, dates or dates_beside, role, tuple(more))


def without_origin(name: str) -> str:
    """A name without the country or dynasty in brackets before it, of whatever pairing: （美)海明威, (U.S.)海明威."""
    return _ORIGIN_IN_FRONT.sub("", name)


def others_in(text: str, kind: str = "person", read: Callable[[str], Name] = person) -> Iterator[Agent]:
    """Whom a heading names besides the first, where it holds a whole statement: 喬志高 in 費茲傑羅著 ; 喬志高譯."""
    if any(sign in text for sign in _SIGNS) and has_cjk(text):
        for one in [read(statement) for statement in statements(clean(text[:READ]))][1:]:
            if one.name:
                yield Agent(one.name, kind, one.role, one.dates, original=one.original, more_roles=one.more_roles)


def statements(text: str) -> Iterator[str]:
    """The statements of a heading, parted by ``;``, or by a comma between what someone did and the next who did."""
    for statement in _STATEMENTS.split(text):
        found, *rest = _COMMAS.split(statement)
        for comma, part in zip(rest[::2], rest[1::2], strict=True):
            if _carries_role(found) and (_ORIGIN_IN_FRONT.match(part.strip()) or _carries_role(part)):
                yield found
                found = part
            else:
                found = f"{found}{comma}{part}"
        if found.strip():
            yield found


def _carries_role(statement: str) -> bool:
    name = without_origin(statement.strip())
    return bool(_without_roles(name, 2)[1])


def name_stated(name: str, responsibility: str) -> str:
    """A name without the character of role it may end with, where the title page has that as a role: 陳墨 of 陳墨編.

    The name as it is where it does not end so, or the statement has another role behind it (陳墨編譯 is 陳墨's).
    """
    if len(name) != 3 or name[-1] not in _SHORT_ROLES or name[-1] in _GIVEN_NAMES:
        return name
    _, found, after = responsibility.rpartition(name)
    tail = after[: len(after) - len(_HAN_RUN.sub("", after, count=1))]
    roles = name[-1] + tail
    if found and tail[:1] != name[-1] and (not tail or roles in TERMS or all(map(TERMS.__contains__, roles))):
        return name[:-1]
    return name


def _western(name: str) -> Name:
    """A name of another script without the dates and ``et al.`` that stand in it."""
    if name[-3:].lower() in ("al.", " al") or name[-4:].lower() in ("al.]", "al.)") or name[-6:].lower() == "others":
        name = trim_isbd(_WESTERN_OTHERS.sub("", name))
    if (name[-1:].isdecimal() or name[-1:] in "-–?)") and (dates := _WESTERN_DATES.search(name)) and dates.start():
        return Name(trim_isbd(name[: dates.start()]), dates=dates["dates"].strip())
    return Name(name)


def _without_role_in_front(name: str) -> tuple[str, str]:
    """``原著金庸`` and ``文:王大明`` without what he did, and its code."""
    match = _ROLE_IN_FRONT.match(name)
    role = TERMS.get(match["role"] or match["sign"], "") if match else ""
    return (name[match.end() :].strip(), role) if match and role and match.end() < len(name) else (name, "")


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
    if (form := _LATIN_IN_FRONT.match(name)) and is_romanised(form["form"]) and " " in form["form"]:
        return form["name"], *latin_form(form["form"])
    if has_han(name[:1]) and (form := _READING.search(name)) and form.start():
        return name[: form.start()], form["form"].strip(), ""
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


def fuller_form(name: str, fuller: str) -> str:
    """The name with its initials spelt out, as 100 $q has them: Lewis, Clive Staples of ``(Clive Staples)``."""
    surname, comma, _ = name.partition(",")
    forenames = trim_isbd(fuller.strip(" ()（）,").partition(")")[0])
    return f"{surname}, {forenames}" if comma and forenames and "," not in forenames else forenames


def _without_roles(name: str, least: int = 3) -> tuple[str, tuple[str, ...]]:
    """A name and the roles written after it, in brackets or not, several with a sign between them: 幾米圖.文.

    ``least``: the characters that remain before one of role that given names end with too.
    """
    if inside := IN_BRACKETS.search(name):
        if role := TERMS.get(inside["inside"]):
            return _without_others(name[: inside.start()]), (role,)
        if inside["inside"] == "等":
            name = name[: inside.start()]
    last = _SEVERAL_BEHIND.fullmatch(name)
    if last and last["last"] in TERMS:
        # With a sign and a role behind it one character is a role too, whichever it is; behind a blank only as ever.
        before, role = _without_role(last["name"], least) if name[-len(last["last"]) - 1] == " " else ("", "")
        if not role and name[-len(last["last"]) - 1] != " ":
            before, role = _without_role(last["name"], 2, any_role=True)
        if role:
            return before, tuple(dict.fromkeys((role, TERMS[last["last"]])))
    rest, role = _without_role(name, least)
    return rest, (role,) if role else ()


def _without_role(name: str, least: int, *, any_role: bool = False) -> tuple[str, str]:
    stripped = name.rstrip(EDGES) if name.endswith(("著", "編", "譯", "等", " ")) else name
    for term in _LONG_ROLES if stripped.endswith(_LONG_ROLES) else ():
        if stripped.endswith(term) and len(stripped) >= len(term) + 2:
            return _without_others(stripped[: -len(term)]), TERMS[term]
    character = stripped[-1:]
    if character in TERMS and _is_role(stripped[:-1], character, least, any_role):
        return _without_others(stripped[:-1]), TERMS[character]
    if (korean := stripped.rpartition(" "))[0] and korean[2] in _KOREAN_ROLES:
        return _without_others(korean[0]), TERMS[korean[2]]
    return _without_others(stripped), ""


def _is_role(name: str, character: str, least: int, any_role: bool) -> bool:
    """Whether the character behind a name says what he did, or is the last of the name."""
    whole = name.rstrip(BEFORE_ROLE)
    if character not in _SHORT_ROLES:
        # 王大明 文 wrote the text; 幸田 文 and 長谷川 文 are called so.
        return (any_role and len(name) >= 2 and not surnames.is_long(name)) or (
            whole != name and len(whole) >= 3 and not surnames.is_long(whole)
        )
    if whole != name or name[-1:] in ")）]等":
        return True
    if character in _NO_GIVEN_NAMES:
        return len(name) >= 2 and not (len(name) == 2 and name[-1] in _BEGIN_ROLES)
    if character in _GIVEN_NAMES and not any_role and surnames.begins_with_long(name):
        return len(name) >= 4
    return len(name) >= least


def _without_others(name: str) -> str:
    name = name.rstrip(BEFORE_ROLE.replace(".", ""))
    if name.endswith(".") and not name[-2:-1].isupper():  # no initial: 奥斯丁, J.
        name = name.rstrip(BEFORE_ROLE)
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
            return TERMS.get(after.removeprefix("等")) or _without_role(f"　　　{after}", 3)[1]
    return ""


_NUMBER = re.compile(r"\S+(?: \d+)?")


def authority_numbers(written: Iterable[str]) -> tuple[str, ...]:
    """The numbers and addresses of the authority record a heading names ($0, $1, UNIMARC $3), without what follows."""
    return tuple(dict.fromkeys(match.group() for text in written if (match := _NUMBER.match(text.strip()))))
