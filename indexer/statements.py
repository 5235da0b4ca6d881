"""Those whom one heading names: the statements it holds, and the people and bodies that share one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer import surnames
from indexer.name_dress import BEFORE_ROLE, HAN, has_origin, without_origin, without_role_in_front, without_roles
from indexer.roles import TERMS

STATEMENTS = re.compile(r"[;；]")
"""What stands between the statements of a title page."""
_COMMAS = re.compile(r"([,，、])")
_MOST_WORDS = 40
"""A heading of more is no list of names."""
_JOINT = re.compile(r"[合共][著編编譯译訳撰繪绘輯辑註注作]")
_LISTED = re.compile(r"\s*、\s*")
_ALIKE = re.compile(r"\s*[,，/／]\s*")
_AND = re.compile(r"(?<=[^\s])[與与及和暨](?=[^\s])")
_BLANKS = re.compile(r"\s+")
_PEOPLE = re.compile(rf"[{HAN}\u3041-\u30ff·‧・•．.A-Za-z()（）〔〕\[\] ,，-]{{2,60}}")
_OF_BODY = re.compile(rf"[{HAN}]{{3}}[會会社館馆部局院所校司處处署府]$")
_BODIES = re.compile(rf"[{HAN}]{{3,30}}")
PARTING = re.compile(r"[;；,，、/／與与及和暨 ]")
"""What stands between those whom a heading names, and in many other places."""


def statements(text: str) -> Iterator[str]:
    """The statements of a heading, parted by ``;``, or by a comma or a blank between what someone did and the next who
    did: 王大明著 李四譯."""
    for whole in STATEMENTS.split(text):
        for statement in _parted_by_blanks(whole):
            found, *rest = _COMMAS.split(statement)
            for comma, part in zip(rest[::2], rest[1::2], strict=True):
                if _carries_role(found) and (has_origin(part.strip()) or _carries_role(part)):
                    yield found
                    found = part
                else:
                    found = f"{found}{comma}{part}"
            if found.strip():
                yield found


def _parted_by_blanks(statement: str) -> Iterator[str]:
    words = statement.split(" ")
    if 1 < len(words) <= _MOST_WORDS:
        begin = 0
        for place in range(1, len(words)):
            before = " ".join(words[begin:place])
            if words[place] not in TERMS and _carries_role(before) and _begins_statement(words[place : place + 2]):
                yield before
                begin = place
        statement = " ".join(words[begin:])
    yield statement


def _begins_statement(words: list[str]) -> bool:
    """Whether the next who did something stands here, with what he did: 李四譯, or 李四 and 攝影 behind a blank."""
    return _carries_role(words[0]) or (words[-1] in TERMS and _carries_role(" ".join(words)))


def _carries_role(statement: str) -> bool:
    name = without_origin(statement.strip())
    return bool(without_roles(name, 2)[1] or without_role_in_front(name)[1])


def people(text: str) -> Iterator[str]:
    """The statements of a heading of people, one for each of those who share one: 張三,李四合著 names two.

    A comma stands in other names too (雨果,維克多; 王大明,校長): it parts only what can be nothing but names.
    """
    for statement in statements(text):
        if PARTING.search(statement):
            rest, tail = _apart(statement)
            if len(several := _people_in(rest, tail)) > 1:
                yield from (f"{one} {tail}".strip() for one in several)
                continue
        yield statement


def bodies(text: str) -> Iterator[str]:
    """The statements of a heading of bodies, one for each of those who did something together (合編).

    Without such a word signs belong to a name: 文化、教育基金會.
    """
    for statement in statements(text):
        rest, tail = _apart(statement)
        several = re.split(r"\s*[、,，]\s*", rest)
        if len(several) > 1 and _JOINT.search(tail) and all(map(_BODIES.fullmatch, several)):
            yield from (f"{one} {tail}" for one in several)
        else:
            yield statement


def _apart(statement: str) -> tuple[str, str]:
    """A statement as names and what they did; the names alone where they did nothing in particular."""
    statement = statement.strip()
    rest, _ = without_roles(statement, 2)
    return (rest, statement[len(rest) :].strip(BEFORE_ROLE)) if statement.startswith(rest) else (statement, "")


def _people_in(names: str, did: str) -> list[str]:
    listed = _LISTED.split(names) if "、" in names else [names]
    if len(listed) > 1 and (not all(map(_PEOPLE.fullmatch, listed)) or any(map(_OF_BODY.search, listed))):
        return [names]
    return [one for part in listed for one in _without_doubt(part, did)]


def _are_two(names: list[str]) -> bool:
    """Whether one of two who did something together is a whole name, and the other as long as a name: 余光中與洛夫."""
    return any(map(surnames.is_whole_name, names)) and all(_SHORT.fullmatch(name) for name in names)


_SHORT = re.compile(rf"[{HAN}]{{2,3}}")


def _is_name(text: str, did: str) -> bool:
    return surnames.is_whole_name(text) or (bool(did) and surnames.may_be_japanese(text))


def _without_doubt(names: str, did: str) -> list[str]:
    """The names that commas, blanks or 與 part, where each is one by itself; else the text as it is."""
    joint = _JOINT.search(did) is not None
    for sign in (_ALIKE, _AND, _BLANKS) if did else (_ALIKE,):
        several = [part for part in sign.split(names) if part]
        least = 2 if joint or (did and sign is _ALIKE) else 3
        bare = [without_origin(part) for part in several]
        if len(several) > 1 and all(len(name) >= least and _is_name(name, did) for name in bare):
            return several
        if joint and sign is _AND and len(several) == 2 and _are_two(bare):
            return several
    return [names]
