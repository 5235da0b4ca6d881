"""A query as a tree of frozen nodes, neither engine's: each adapter translates these and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

MAX_DEPTH = 20
"""Nodes within nodes; the embedded engine's stack overflows at some hundreds, Elasticsearch refuses thirty."""


@dataclass(frozen=True, slots=True)
class Everything:
    """Every edition, with score 1."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No edition."""


@dataclass(frozen=True, slots=True)
class Term:
    """Editions with a token in a field."""

    field: str
    token: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Editions with tokens next to each other, in this order, in one value of a field. Two tokens or more."""

    field: str
    tokens: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.tokens) < 2:
            raise ValueError("a phrase has two tokens or more: the embedded engine panics on one; see `phrase`")


@dataclass(frozen=True, slots=True)
class Prefix:
    """Editions with a value in a keyword field that begins so. Not scored."""

    field: str
    start: str


@dataclass(frozen=True, slots=True)
class Like:
    """Editions with a token that this one becomes by one or two letters changed, added, left out or exchanged. Not
    scored."""

    field: str
    token: str
    letters: int

    def __post_init__(self) -> None:
        if not 1 <= self.letters <= 2:
            raise ValueError("no engine looks further than two letters")


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Editions with any of these values in a keyword or number field. Not scored."""

    field: str
    values: tuple[str, ...] | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Editions with a number from ``lower`` to ``upper``, both included; None is open. Not scored."""

    field: str
    lower: int | None = None
    upper: int | None = None


@dataclass(frozen=True, slots=True)
class All:
    """Editions that match every one of ``required`` and none of ``without``; those of ``better`` add to the score."""

    required: tuple[Node, ...]
    better: tuple[Node, ...] = ()
    without: tuple[Node, ...] = ()

    def __post_init__(self) -> None:
        if not self.required:
            raise ValueError("All needs something required, Everything() at least: engines differ on a NOT alone")


@dataclass(frozen=True, slots=True)
class Any:
    """Editions that match at least one of the choices; the scores of those that match add up."""

    choices: tuple[Node, ...]

    def __post_init__(self) -> None:
        if not self.choices:
            raise ValueError("Any needs a choice; Nothing() matches nothing")


@dataclass(frozen=True, slots=True)
class Boost:
    """The same editions, their scores multiplied."""

    node: Node
    factor: float


@dataclass(frozen=True, slots=True)
class Constant:
    """The same editions, each with this score; 0 makes a filter."""

    node: Node
    score: float


Node: TypeAlias = Everything | Nothing | Term | Phrase | Prefix | Like | AnyOf | Range | All | Any | Boost | Constant


def phrase(field: str, tokens: Sequence[str]) -> Node:
    """A phrase of several tokens, the term of one, nothing of none."""
    if not tokens:
        return Nothing()
    return Phrase(field, tuple(tokens)) if len(tokens) > 1 else Term(field, tokens[0])


def any_of(choices: Sequence[Node]) -> Node:
    """Any of several nodes, the only one, or nothing."""
    if not choices:
        return Nothing()
    return Any(tuple(choices)) if len(choices) > 1 else choices[0]


def narrowed(node: Node, filters: Sequence[Node]) -> Node:
    """A node kept to what all filters match, its scores unchanged."""
    return All((node, *(Constant(f, 0.0) for f in filters))) if filters else node


def matching(node: Node) -> Node:
    """A node that matches the same editions at the least cost, with scores that mean nothing: for counting."""
    if isinstance(node, All):
        required = tuple(map(matching, node.required))
        required = tuple(n for n in required if not isinstance(n, Everything)) or (Everything(),)
        return (
            All(required, (), tuple(map(matching, node.without))) if len(required) > 1 or node.without else required[0]
        )
    if isinstance(node, Any):
        return Any(tuple(map(matching, node.choices)))
    if isinstance(node, Boost | Constant):
        return matching(node.node)
    return node


def depth(node: Node) -> int:
    """How many nodes stand within each other, this one included."""
    if isinstance(node, All):
        inner: Sequence[Node] = (*node.required, *node.better, *node.without)
    elif isinstance(node, Any):
        inner = node.choices
    else:
        inner = (node.node,) if isinstance(node, Boost | Constant) else ()
    return 1 + max(map(depth, inner), default=0)
