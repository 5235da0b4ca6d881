"""Whom the statement of responsibility names, for records that have no heading for anyone (245 $c, 200 $f alone)."""

from __future__ import annotations

import re
from dataclasses import replace

from indexer import bodies, names, surnames
from indexer.record import Agent
from indexer.remembered import remembered
from indexer.roles import READ
from indexer.statements import STATEMENTS
from indexer.text import has_cjk

_NOBODY = re.compile(
    r"本[社會会館馆校局院]|[編编作著譯译撰]者|[編编][輯辑][部室組组]|(?:本社|本刊)?[編编][輯辑]委員[會会]|著者|不詳|不详"
    r"|(?:根?[據据]|依[據据]?).*"
)
_WHOLE_BODY = re.compile("[\u3400-\u9fff]{3,30}")
_OF_FIRMS = frozenset({"pbl", "dst", "mfr"})
"""What firms do: who publishes (華納兄弟發行) is a body, whatever its name looks like."""
_MOST = 20
"""Names taken of one statement: of a longer one the first."""


@remembered
def agents_stated(statement: str) -> tuple[Agent, ...]:
    """The people and bodies that a statement names in Chinese, Japanese or Korean, with what they did; no main entries.

    A name without a word for what its bearer did is taken only where it can be nothing but a whole name: 王大明. Names
    in Latin letters stand given name first on title pages, and where the surname begins is not known.
    """
    found: dict[str, Agent] = {}
    for one in STATEMENTS.split(statement[:READ]):
        for agent in _named(_in_characters(one)):
            found.setdefault(agent.name, agent)
    return tuple(found.values())[:_MOST]


def _in_characters(statement: str) -> str:
    """A statement without what says the same in another language: 徐堉峰著 = by Xu Yufeng."""
    return next(filter(has_cjk, statement.split(" = ")), statement).strip()


def _named(statement: str) -> list[Agent]:
    if not has_cjk(statement):
        return []
    body = bodies.body(statement)
    if body.role and bodies.is_body(body.name):
        return [Agent(body.name, "corporate", body.role)] if _is_somebody(body.name) else []
    if not body.role and bodies.is_body(statement) and _WHOLE_BODY.fullmatch(statement):
        return [Agent(statement, "corporate")] if _is_somebody(statement) else []
    first = names.person(statement)
    agent = Agent(first.name, role=first.role, dates=first.dates, original=first.original, more_roles=first.more_roles)
    if agent.role in _OF_FIRMS:
        return [replace(agent, kind="corporate")] if _is_somebody(agent.name) else []
    several = [agent, *names.others_in(statement)]
    return [one for one in several if _is_somebody(one.name) and (one.role or surnames.is_whole_name(one.name))]


def _is_somebody(name: str) -> bool:
    return len(name) > 1 and has_cjk(name) and _NOBODY.fullmatch(name) is None
