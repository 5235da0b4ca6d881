from __future__ import annotations

from indexer.frequent import FREQUENT, in_any_form


def test_frequent_characters_are_known_in_every_form_and_no_others() -> None:
    assert in_any_form() >= FREQUENT
    assert set("红楼梦国書史") <= in_any_form()
    assert not set("媷丢鼍") & in_any_form()
    assert len(in_any_form()) < 1_000
