"""`make train-matching`: learns the weights of ``indexer/learned.toml`` from labelled pairs.

Boosted trees of two questions each, over the steps of `indexer.learned.STEPS`. Such a tree is a sum over single
numbers and pairs of numbers, so all of them together are one weight a step and one table a pair: what is written can be
read, and adds up to the trees exactly (but for rounding). Weights set by hand are added before learning, so that what
is learned is what they leave open.

Pairs whose clusters hang together are learned from or judged, never both. The threshold is the lowest score at which
pairs not learned from are judged with `PRECISION`.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from rich.console import Console

from benchmarks.matching import PAIRS, TITLES_ALIKE, crosses_carriers, profiles, title_likeness
from benchmarks.pairs import LabelledPair, read_pairs
from indexer.compare import by_hand, may_be_same, opinion
from indexer.learned import LEARNED, STEPS, Learned, levels_of
from indexer.likeness import likeness

PRECISION = 0.9953
"""What is asked of pairs not learned from; a little above the promise, for pairs of other catalogues."""

FOLDS = 5
REPEATS = 3
"""Times the pairs are parted into folds anew: which pairs fall together moves recall by up to a third of a point."""

CROSSES = 200
"""Pairs of numbers with a table of their own: those that the unrestricted trees make most of."""

ROUNDS = 1200
LEFT_OUT: tuple[frozenset[str], ...] = (
    frozenset({"titles", "title_ends", "numbers"}),
    frozenset({"creators"}),
    frozenset({"publishers", "places", "countries"}),
    frozenset({"years"}),
    frozenset({"pages", "volumes"}),
)
"""Topics that a record may say nothing of, those together that go together."""

LESS_SAID = 0.08
"""What a pair counts when something was taken from it."""

SEED = 1
PARAMETERS: dict[str, Any] = {
    "objective": "binary",
    "num_leaves": 4,
    "max_depth": 2,
    "learning_rate": 0.05,
    "lambda_l2": 2.0,
    "min_data_in_leaf": 15,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "verbose": -1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "seed": SEED,
}

RISING = frozenset(
    {"titles", "numbers", "volumes", "creators", "publishers", "countries", "years", "pages", "editions", "revised"}
)
"""Numbers of which more likeness may never weigh less. The others correct these and may go either way."""

Matrix = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Sample:
    """Pairs as they are learned from: a row a pair, a column a number of `STEPS`, the ordinal number of its step."""

    codes: Matrix
    labels: Matrix
    offsets: Matrix  # what statements weigh by hand
    importance: Matrix  # how much a pair counts
    groups: tuple[str, ...]
    forbidden: Matrix  # 1 where rules decide that they are not the same, whatever the score
    alike: Matrix  # 1 where not the same, titles alike
    levels: tuple[list[int], ...]

    def only(self, chosen: Matrix) -> Sample:
        places = np.flatnonzero(chosen)
        return Sample(
            self.codes[places],
            self.labels[places],
            self.offsets[places],
            self.importance[places],
            tuple(self.groups[n] for n in places),
            self.forbidden[places],
            self.alike[places],
            tuple(self.levels[n] for n in places),
        )


@dataclass(frozen=True, slots=True)
class Trained:
    weights: Learned
    precision: float  # of these and the following: on pairs not learned from
    recall: float
    merged: int
    alike: int


def sample(pairs: Sequence[LabelledPair], importance: float = 1.0) -> Sample:
    """Pairs without their identifiers; those that cross carriers are left out, because a rule decides them."""
    found = [
        (a, b, same, pair.group)
        for (a, b, same), pair in zip(profiles(pairs, identifiers=False), pairs, strict=True)
        if not crosses_carriers(a, b)
    ]
    levels = [levels_of(likeness(a, b)) for a, b, _, _ in found]
    return Sample(
        np.array([[_code(level, name) for level, name in zip(row, STEPS, strict=True)] for row in levels], float),
        np.array([same for _, _, same, _ in found], float),
        np.array([by_hand(a, b) for a, b, _, _ in found], float),
        np.full(len(found), importance),
        tuple(group for *_, group in found),
        np.array([not may_be_same(a, b, opinion(a, b)) for a, b, _, _ in found], float),
        np.array([not same and title_likeness(a, b) >= TITLES_ALIKE for a, b, same, _ in found], float),
        tuple(levels),
    )


def together(samples: Sequence[Sample]) -> Sample:
    """Several samples as one."""
    return Sample(
        *(np.concatenate([getattr(s, name) for s in samples]) for name in ("codes", "labels", "offsets", "importance")),
        tuple(group for s in samples for group in s.groups),
        *(np.concatenate([getattr(s, name) for s in samples]) for name in ("forbidden", "alike")),
        tuple(level for s in samples for level in s.levels),
    )


def train(pairs: Sample, crosses: int = CROSSES, rounds: int = ROUNDS) -> Trained:
    """The weights learned from all pairs, with the threshold and the figures of pairs left out in turn."""
    judged = [left_out_scores(pairs, seed, crosses, rounds) for seed in range(REPEATS)]
    scores, labels = np.concatenate(judged), np.tile(pairs.labels, REPEATS)
    threshold = lowest_threshold(scores, labels, PRECISION)
    merged = scores >= threshold
    right = float((merged * labels).sum())
    return Trained(
        replace(fit(pairs, crosses, rounds), threshold=threshold),
        right / max(1, int(merged.sum())),
        right / float(labels.sum()),
        round(float((merged * np.tile(pairs.alike, REPEATS)).sum()) / REPEATS),
        int(pairs.alike.sum()),
    )


def left_out_scores(pairs: Sample, seed: int, crosses: int = CROSSES, rounds: int = ROUNDS) -> Matrix:
    """The score of each pair by what was learned from the other folds; lowest of all where rules decide."""
    scores, fold_of = np.zeros(len(pairs.labels)), folds(pairs.groups, seed)
    for fold in range(FOLDS):
        left_out = fold_of == fold
        scores[left_out] = score(fit(pairs.only(~left_out), crosses, rounds), pairs.only(left_out))
    scores[pairs.forbidden == 1] = -np.inf
    return scores


def folds(groups: Sequence[str], seed: int = SEED) -> Matrix:
    """The fold of each pair; pairs of one group have one."""
    names = sorted(set(groups))
    random.Random(seed).shuffle(names)
    fold = {name: place % FOLDS for place, name in enumerate(names)}
    return np.array([fold[group] for group in groups])


def lowest_threshold(scores: Matrix, labels: Matrix, precision: float) -> float:
    """The lowest score from which on so many of the pairs are the same."""
    order = np.argsort(-scores, kind="stable")
    share = np.cumsum(labels[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero((share >= precision) & np.isfinite(scores[order]))
    return float(np.floor(scores[order][good.max()] * 100) / 100) if len(good) else float("inf")


def score(weights: Learned, pairs: Sample) -> Matrix:
    """The scores the product gives, by its own table."""
    return np.array(
        [
            weights.base + offset + sum(weights.weigh_levels(levels))
            for levels, offset in zip(pairs.levels, pairs.offsets, strict=True)
        ]
    )


def with_less_said(pairs: Sample) -> Sample:
    """The pairs, and each a second time as if its records said nothing of one or two things.

    Catalogues leave out what those of the labelled pairs hardly ever do. So it is learned how little is left then.
    """
    chance = np.random.default_rng(SEED)
    codes = pairs.codes.copy()
    for row in codes:
        for silent in chance.choice(len(LEFT_OUT), size=chance.integers(1, 3), replace=False):
            for place, (name, step) in enumerate(STEPS.items()):
                if step.topic in LEFT_OUT[silent]:
                    row[place] = _missing(name)
    return together([pairs, replace(pairs, codes=codes, importance=pairs.importance * LESS_SAID)])


def fit(pairs: Sample, crosses: int = CROSSES, rounds: int = ROUNDS) -> Learned:
    """The weights learned from these pairs; the threshold is still open."""
    pairs = with_less_said(pairs)
    free = _boost(pairs, None, rounds // 2)
    most = sorted(_gains(free).items(), key=lambda item: (-item[1], item[0]))[:crosses]
    allowed = [list(pair) for pair, _ in most] + [[place] for place in range(len(STEPS))]
    return _table(_boost(pairs, allowed, rounds))


def _boost(pairs: Sample, allowed: list[list[int]] | None, rounds: int) -> dict[str, Any]:
    parameters = {**PARAMETERS, "monotone_constraints": [int(name in RISING) for name in STEPS]}
    if allowed is not None:
        parameters["interaction_constraints"] = allowed
    data = lightgbm.Dataset(
        pairs.codes,
        pairs.labels,
        weight=pairs.importance,
        init_score=pairs.offsets,
        params={"max_bin": 63, "min_data_in_bin": 1},
    )
    return dict(lightgbm.train(parameters, data, rounds).dump_model())


def _gains(model: dict[str, Any]) -> dict[tuple[int, int], float]:
    gains: dict[tuple[int, int], float] = {}
    for tree in model["tree_info"]:
        root = tree["tree_structure"]
        for child in (root.get("left_child"), root.get("right_child")):
            if child and "split_feature" in child and child["split_feature"] != root["split_feature"]:
                pair = tuple(sorted((root["split_feature"], child["split_feature"])))
                gains[pair[0], pair[1]] = gains.get((pair[0], pair[1]), 0.0) + child["split_gain"]
    return gains


def _table(model: dict[str, Any]) -> Learned:
    """The trees as the sum they are, moved so that whatever is missing weighs nothing."""
    sizes = [_size(name) for name in STEPS]
    base = 0.0
    single = [np.zeros(size) for size in sizes]
    double: dict[tuple[int, int], Matrix] = {}
    for tree in model["tree_info"]:
        root = tree["tree_structure"]
        if "leaf_value" in root:
            base += root["leaf_value"]
            continue
        one = root["split_feature"]
        for below, child in ((True, root["left_child"]), (False, root["right_child"])):
            side = _side(sizes[one], root["threshold"], below)
            if "leaf_value" in child:
                single[one] += side * child["leaf_value"]
                continue
            other = child["split_feature"]
            values = np.where(
                _side(sizes[other], child["threshold"], True) > 0,
                child["left_child"]["leaf_value"],
                child["right_child"]["leaf_value"],
            )
            if other == one:
                single[one] += side * values
            elif one < other:
                double.setdefault((one, other), np.zeros((sizes[one], sizes[other])))
                double[one, other] += np.outer(side, values)
            else:
                double.setdefault((other, one), np.zeros((sizes[other], sizes[one])))
                double[other, one] += np.outer(values, side)
    missing = [_missing(name) for name in STEPS]
    for (one, other), table in double.items():
        of_one, of_other = table[:, missing[other]].copy(), table[missing[one], :].copy()
        both = table[missing[one], missing[other]]
        single[one] += of_one
        single[other] += of_other
        base -= both
        double[one, other] = table - of_one[:, None] - of_other[None, :] + both
    for place, values in enumerate(single):
        base += values[missing[place]]
        single[place] = values - values[missing[place]]
    return Learned(
        version="",
        threshold=0.0,
        base=round(base, 2),
        weights=tuple(_by_level(name, single[place]) for place, name in enumerate(STEPS)),
        crosses=tuple((one, other, _cross(one, other, table)) for (one, other), table in sorted(double.items())),
    )


def _size(name: str) -> int:
    return len(STEPS[name].edges) + 2  # its steps, and one for what is missing


def _missing(name: str) -> int:
    return len(STEPS[name].edges) + 1 - STEPS[name].missing_below


def _code(level: int, name: str) -> int:
    """The place of a step among all from least to most alike, what is missing among them."""
    if level < 0:
        return _missing(name)
    place = level if STEPS[name].more_is_better else len(STEPS[name].edges) - level
    return place + (place >= _missing(name))


def _side(size: int, threshold: float, below: bool) -> Matrix:
    return ((np.arange(size) <= threshold) == below).astype(float)


def _by_level(name: str, values: Matrix) -> tuple[float, ...]:
    return tuple(round(float(values[_code(level, name)]), 2) for level in range(len(STEPS[name].edges) + 1))


def _cross(one: int, other: int, table: Matrix) -> tuple[tuple[float, ...], ...]:
    names = tuple(STEPS)
    rows = range(len(STEPS[names[one]].edges) + 1)
    return tuple(_by_level(names[other], table[_code(level, names[one])]) for level in rows)


def written(trained: Trained, counts: Sequence[tuple[str, int]]) -> str:
    """The text of ``learned.toml``."""
    names, weights = tuple(STEPS), trained.weights
    lines = ["[weights]  # one a step, in the order of the edges in learned.STEPS; missing weighs nothing"]
    for name, row in zip(names, weights.weights, strict=True):
        lines.append(f"{name} = {_numbers(row)}")
    for one, other, table in weights.crosses:
        lines += ["", "[[crosses]]", f'of = ["{names[one]}", "{names[other]}"]', "weights = ["]
        lines += [f"  {_numbers(row)}," for row in table]
        lines.append("]")
    body = "\n".join(lines) + "\n"
    stated = f"threshold = {weights.threshold:.2f}\nbase = {weights.base:.2f}\n"
    version = blake2b((stated + body).encode(), digest_size=3).hexdigest()
    head = "# Written by `make train-matching`, to be read and not to be edited: docs/matching.md says how.\n"
    figures = f"precision = {trained.precision:.4f}\nrecall = {trained.recall:.4f}\n"
    figures += f"titles_alike = {trained.alike}\ntitles_alike_merged = {trained.merged}\n"
    learned_from = "".join(f'"{name}" = {count}\n' for name, count in counts)
    return (
        f'{head}version = "{version}"\n{stated}\n[out_of_fold]  # pairs not learned from, no identifiers, one carrier\n'
        f"{figures}\n[pairs]  # learned from\n{learned_from}\n{body}"
    )


def _numbers(row: Sequence[float]) -> str:
    return "[" + ", ".join(f"{value + 0.0:.2f}" for value in row) + "]"


def main() -> None:
    parser = argparse.ArgumentParser(description="Learns the weights of indexer/learned.toml from labelled pairs.")
    parser.add_argument(
        "--pairs", type=Path, nargs="+", default=[PAIRS], help="folders with labels.csv and the records"
    )
    parser.add_argument("--into", type=Path, default=LEARNED)
    parser.add_argument("--importance", type=float, nargs="*", default=[], help="what a pair of each folder counts")
    asked = parser.parse_args()
    importance = [*asked.importance, *[1.0] * (len(asked.pairs) - len(asked.importance))]
    samples = [sample(read_pairs(folder), count) for folder, count in zip(asked.pairs, importance, strict=True)]
    trained = train(together(samples))
    counts = [(folder.name, len(one.labels)) for folder, one in zip(asked.pairs, samples, strict=True)]
    text = written(trained, counts)
    asked.into.write_text(text, encoding="utf-8")
    Console().print(
        f"{asked.into}: out of fold precision {trained.precision:.4f}, recall {trained.recall:.4f}, "
        f"{trained.merged} of {trained.alike} title-alike merged, threshold {trained.weights.threshold:.2f}"
    )


if __name__ == "__main__":
    main()
