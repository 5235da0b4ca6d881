"""Pair precision and recall, by hand."""

from benchmarks.quality import pair_quality


def test_perfect_editions_score_one() -> None:
    quality = pair_quality([("a", "1"), ("a", "1"), ("b", "2")])
    assert (quality.precision, quality.recall) == (1.0, 1.0)


def test_a_wrong_merge_costs_precision_only() -> None:
    quality = pair_quality([("a", "1"), ("a", "1"), ("b", "1")])
    assert (quality.right, quality.found, quality.true) == (1, 3, 1)


def test_a_missed_merge_costs_recall_only() -> None:
    quality = pair_quality([("a", "1"), ("a", "2"), ("a", "2")])
    assert (quality.precision, round(quality.recall, 2)) == (1.0, 0.33)
