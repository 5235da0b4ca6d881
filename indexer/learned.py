"""The learned weights: how much each degree of likeness speaks for one edition. A table that can be read, and its sum.

``learned.toml`` holds, for each number of `Likeness`, a weight for each of its steps, and for some pairs of them a
further weight for each combination. `make train-matching` writes it from labelled pairs. A number that is missing
weighs nothing, alone and in combinations: the ``base`` is what a pair scores of which nothing can be compared.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from indexer.likeness import Likeness

LEARNED = Path(__file__).with_name("learned.toml")

_RATIOS = (40.0, 55.0, 65.0, 72.0, 80.0, 86.0, 91.0, 95.0, 98.0, 99.9)
_PARTIAL_RATIOS = (50.0, 60.0, 70.0, 80.0, 90.0, 99.9)
_YEARS_APART = (1.0, 2.0, 3.0, 4.0, 6.0, 11.0, 21.0)


class Step(NamedTuple):
    """How one number of `Likeness` is cut into steps, and of what it is an aspect.

    ``edges`` rise; a value stands on the step as high as the number of edges it reaches. ``more_is_better``: higher
    values may only weigh more, else only less. ``missing_below`` says, for learning, above how many of the best steps a
    missing value cannot weigh.
    """

    topic: str
    edges: tuple[float, ...]
    more_is_better: bool = True
    missing_below: int = 2

    def level(self, value: float) -> int:
        return bisect_right(self.edges, value)


STEPS: dict[str, Step] = {
    "titles": Step("titles", _RATIOS, missing_below=3),
    "proper": Step("titles", _RATIOS, missing_below=3),
    "ends": Step("title_ends", _RATIOS, missing_below=3),
    "words": Step("titles", _RATIOS, missing_below=3),
    "sorted_words": Step("title_ends", _RATIOS, missing_below=3),
    "inside": Step("titles", _RATIOS, missing_below=3),
    "beginning": Step("titles", (0.2, 0.4, 0.6, 0.8, 0.95, 1.0), missing_below=2),
    "words_of_both": Step("title_ends", (1.0, 2.0, 3.0, 5.0), more_is_better=False),
    "words_of_one": Step("title_ends", (1.0, 2.0, 3.0, 5.0, 8.0), more_is_better=False),
    "subtitle_in_one": Step("title_ends", (1.0,), missing_below=1),
    "numbers": Step("numbers", (1.0, 2.0, 3.0), missing_below=1),
    "volumes": Step("volumes", (1.0, 2.0), missing_below=1),
    "main_creator": Step("creators", _PARTIAL_RATIOS, missing_below=1),
    "creators": Step("creators", _PARTIAL_RATIOS, missing_below=1),
    "publishers": Step("publishers", _PARTIAL_RATIOS, missing_below=2),
    "whole_publishers": Step("publishers", _PARTIAL_RATIOS, missing_below=3),
    "places": Step("places", _PARTIAL_RATIOS, missing_below=2),
    "countries": Step("countries", (1.0,), missing_below=1),
    "years": Step("years", _YEARS_APART, more_is_better=False, missing_below=1),
    "printed_years": Step("years", _YEARS_APART, more_is_better=False, missing_below=1),
    "all_years": Step("years", _YEARS_APART, more_is_better=False, missing_below=1),
    "latest_years": Step("years", _YEARS_APART, more_is_better=False, missing_below=1),
    "earliest_years": Step("years", _YEARS_APART, more_is_better=False, missing_below=1),
    "doubted_years": Step("years", (2.0,), more_is_better=False, missing_below=0),
    "pages": Step("pages", (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 80.0), more_is_better=False, missing_below=2),
    "share_of_pages": Step("pages", (0.001, 0.01, 0.025, 0.06, 0.12, 0.3), more_is_better=False, missing_below=2),
    "height": Step("heights", (1.0, 2.0, 3.0, 5.0), more_is_better=False, missing_below=2),
    "leaves": Step("pages", (1.0, 2.0), missing_below=1),
    "editions": Step("editions", (1.0, 2.0), missing_below=1),
    "revised": Step("revised", (), missing_below=0),
}
"""Every number that is learned from. Topics gather those that are told in one statement (`evidence.TOPICS`)."""

TOPICS: tuple[str, ...] = tuple(dict.fromkeys(step.topic for step in STEPS.values()))

_FIELDS = tuple((Likeness._fields.index(name), step.edges) for name, step in STEPS.items())
_PLACES = {name: place for place, name in enumerate(STEPS)}


class LearnedUnusable(ValueError):
    """The file of learned weights does not fit the numbers it is about; the message says where."""


@dataclass(frozen=True, slots=True)
class Learned:
    """The weights as they are summed. ``threshold``: at least this score is the same edition."""

    version: str
    threshold: float
    base: float
    weights: tuple[tuple[float, ...], ...]  # of each number, its steps
    crosses: tuple[tuple[int, int, tuple[tuple[float, ...], ...]], ...]  # two numbers, and their steps' weights

    def weigh(self, found: Likeness) -> list[float]:
        """What each topic adds to the score, in the order of `TOPICS`; of a cross half goes to each of its two."""
        return self.weigh_levels(levels_of(found))

    def weigh_levels(self, levels: Sequence[int]) -> list[float]:
        """The same of the steps each number stands on."""
        sums = [0.0] * len(TOPICS)
        for level, weights, topic in zip(levels, self.weights, _TOPIC_OF, strict=True):
            if level >= 0:
                sums[topic] += weights[level]
        for one, other, table in self.crosses:
            a, b = levels[one], levels[other]
            if a >= 0 and b >= 0:
                half = table[a][b] / 2
                sums[_TOPIC_OF[one]] += half
                sums[_TOPIC_OF[other]] += half
        return sums


_TOPIC_OF = tuple(TOPICS.index(step.topic) for step in STEPS.values())


def levels_of(found: Likeness) -> list[int]:
    """The step each number of `STEPS` stands on, -1 where it is missing."""
    return [-1 if (value := found[field]) is None else bisect_right(edges, value) for field, edges in _FIELDS]


@cache
def learned() -> Learned:
    """The weights the product ships with.

    Raises: LearnedUnusable when the file does not fit.
    """
    return parse(tomllib.loads(LEARNED.read_text(encoding="utf-8")))


def parse(source: Mapping[str, Any]) -> Learned:
    """The weights of a parsed file.

    Raises: LearnedUnusable when a number, a step or a weight is missing or of another shape.
    """
    try:
        weights = tuple(_row(source["weights"][name], len(step.edges) + 1, name) for name, step in STEPS.items())
        crosses = tuple(_cross(cross) for cross in source["crosses"])
        return Learned(str(source["version"]), float(source["threshold"]), float(source["base"]), weights, crosses)
    except (KeyError, TypeError) as exc:
        raise LearnedUnusable(f"{LEARNED.name}: {exc!r}") from exc


def _cross(source: Mapping[str, Any]) -> tuple[int, int, tuple[tuple[float, ...], ...]]:
    one, other = source["of"]
    rows, columns = len(STEPS[one].edges) + 1, len(STEPS[other].edges) + 1
    if len(source["weights"]) != rows:
        raise LearnedUnusable(f"{LEARNED.name}: {one} × {other} has not {rows} rows")
    table = tuple(_row(row, columns, f"{one} × {other}") for row in source["weights"])
    return _PLACES[one], _PLACES[other], table


def _row(values: Sequence[float], length: int, name: str) -> tuple[float, ...]:
    if len(values) != length:
        raise LearnedUnusable(f"{LEARNED.name}: {name} has {len(values)} weights, not {length}")
    return tuple(float(value) for value in values)
