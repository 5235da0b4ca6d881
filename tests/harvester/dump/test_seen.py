from __future__ import annotations

from collections.abc import Iterator

import pytest

from harvester.dump.seen import AT_ONCE, MARKS, Seen


@pytest.fixture
def seen() -> Iterator[Seen]:
    seen = Seen()
    seen.next_file()
    yield seen
    seen.close()


def test_a_name_is_counted_by_the_unlike_records_that_bear_it(seen: Seen) -> None:
    assert [seen.place("1", b"a"), seen.place("1", b"b"), seen.place("2", b"a")] == [1, 2, 1]


def test_the_same_bytes_again_in_one_file_are_another_record(seen: Seen) -> None:
    assert [seen.place("1", b"a"), seen.place("1", b"a")] == [1, 2]


def test_the_same_bytes_in_another_file_are_the_same_record(seen: Seen) -> None:
    first = [seen.place("1", b"a"), seen.place("1", b"b")]
    seen.next_file()
    assert [seen.place("1", b"a"), seen.place("1", b"b"), seen.place("1", b"c")] == [*first, 3]


def test_names_of_one_mark_are_told_apart(seen: Seen) -> None:
    one = other = ""
    marks: dict[int, str] = {}
    for one in map(str, range(MARKS)):
        other = marks.setdefault(hash(one) % MARKS, one)
        if other != one:
            break
    assert [seen.place(one, b"a"), seen.place(other, b"a"), seen.place(other, b"b"), seen.place(one, b"a")] == [
        1,
        1,
        2,
        2,
    ]


def test_more_names_than_are_noted_together_are_all_known_again(seen: Seen) -> None:
    names = [str(number) for number in range(2 * AT_ONCE + 1)]
    assert {seen.place(name, b"a") for name in names} == {1}
    assert {seen.place(name, b"b") for name in names} == {2}
