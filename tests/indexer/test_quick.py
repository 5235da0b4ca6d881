"""Nouns made quickly: the same nouns as the dataclass without it."""

from __future__ import annotations

import copy
import pickle
from dataclasses import dataclass, replace

import pytest

from indexer.quick import quick


@dataclass(frozen=True, slots=True)
class Plain:
    title: str
    number: str = ""
    parts: tuple[str, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Shelf:
    place: str
    books: tuple[Plain, ...] = ()
    note: str = ""


def test_a_noun_has_what_it_was_given_and_its_defaults() -> None:
    shelf = Shelf("A", note="full")
    assert (shelf.place, shelf.books, shelf.note) == ("A", (), "full")
    assert type(shelf) is Shelf


def test_nouns_of_the_same_values_are_equal_and_found_under_one_key() -> None:
    assert Shelf("A", note="x") == Shelf("A", (), "x")
    assert len({Shelf("A"), Shelf("A"), Shelf("B")}) == 2


def test_a_noun_cannot_be_changed() -> None:
    with pytest.raises((AttributeError, TypeError)):
        Shelf("A").place = "B"  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        del Shelf("A").place  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        Shelf("A").shelf = "B"  # type: ignore[attr-defined]


def test_a_noun_can_be_replaced_copied_and_sent_to_another_process() -> None:
    shelf = Shelf("A", (Plain("B"),))
    assert replace(shelf, note="full") == Shelf("A", (Plain("B"),), "full")
    assert copy.deepcopy(shelf) == shelf == pickle.loads(pickle.dumps(shelf))
    assert repr(shelf) == "Shelf(place='A', books=(Plain(title='B', number='', parts=()),), note='')"


@pytest.mark.parametrize("given", [(), ("A", (), "", "more")], ids=["too little", "too much"])
def test_a_noun_is_not_made_of_too_little_or_too_much(given: tuple[object, ...]) -> None:
    with pytest.raises(TypeError, match=r"Shelf\.__init__\(\)"):
        Shelf(*given)  # type: ignore[arg-type]


def test_a_noun_has_no_subclasses() -> None:
    with pytest.raises(TypeError, match="no subclasses"):

        class Narrow(Shelf):
            pass
