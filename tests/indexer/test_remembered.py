"""Functions that remember: the same answers, worked out once, in bounded memory."""

from __future__ import annotations

from indexer import remembered as module
from indexer.marc import Field
from indexer.remembered import remembered


def test_a_value_is_worked_out_once() -> None:
    asked: list[str] = []

    @remembered
    def shout(text: str) -> str:
        asked.append(text)
        return text.upper()

    assert [shout("a"), shout("b"), shout("a")] == ["A", "B", "A"]
    assert asked == ["a", "b"]


def test_a_long_text_is_not_kept_wherever_it_stands() -> None:
    asked: list[object] = []

    @remembered
    def seen(key: tuple[object, ...]) -> int:
        asked.append(key)
        return len(asked)

    long = Field("245", "1", "0", (("a", "x" * module.MAX_LENGTH), ("c", "y")))
    assert [seen(key) for key in (long, (long, None), ("x" * 999, True)) for _ in range(2)] == [1, 2, 3, 4, 5, 6]


def test_everything_is_forgotten_before_there_is_too_much() -> None:
    asked: list[str] = []

    @remembered
    def shout(text: str) -> str:
        asked.append(text)
        return text.upper()

    for number in range(module.AT_MOST + 1):
        shout(str(number))
    asked.clear()
    assert shout(str(module.AT_MOST)) == str(module.AT_MOST)
    assert asked == []
    shout("0")
    assert asked == ["0"]
