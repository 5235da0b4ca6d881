"""The advanced form as a query and back."""

from __future__ import annotations

import pytest

from search_api.advanced import Advanced, opened
from search_api.search_params import SearchParams

FORMS = [
    (Advanced(), "", "nothing"),
    (Advanced(all="dream red"), "dream red", "words as typed"),
    (Advanced(phrase="of the wood"), '"of the wood"', "a phrase"),
    (Advanced(phrase="「挪威的森林」"), '"挪威的森林"', "quoted already"),
    (Advanced(all="dream", any='red "blue sky"'), 'dream red OR "blue sky"', "any of several"),
    (Advanced(any="A B C"), "a OR b OR c", "capitals alone would be shouting, and OR a word"),
    (Advanced(any="red OR blue"), "red OR blue", "the operator is no word"),
    (Advanced(without='x -y "a b"'), '-x -y -"a b"', "without"),
    (Advanced(title="red dream", creator='"Cao Xueqin"'), 'title:red title:dream author:"Cao Xueqin"', "fields"),
    (Advanced(title="dream OR Stone"), "title:dream OR title:stone", "one or the other in a field"),
    (Advanced(title="red dream | stone"), "title:red title:dream OR title:stone", "an OR is of what stands beside it"),
    (Advanced(title="OR dream OR"), "title:dream", "an OR of nothing"),
    (Advanced(isbn="978 986 350 123 7"), 'isbn:"978 986 350 123 7"', "a number with spaces is one"),
    (Advanced(call_number="857.49 5513"), 'call:"857.49 5513"', "so is a call number"),
    (Advanced(title='the "open'), "title:the title:open", "a quotation mark left open"),
]


@pytest.mark.parametrize(("form", "query", "why"), FORMS)
def test_the_form_is_a_query_as_patrons_could_type_it(form: Advanced, query: str, why: str) -> None:
    assert form.query("en") == query, why


def test_fields_have_the_names_of_the_interface_language() -> None:
    form = Advanced(title="紅樓夢", creator="曹雪芹", isbn="9789570835878", call_number="857.49")
    assert form.query("zh-Hant") == "題名:紅樓夢 作者:曹雪芹 isbn:9789570835878 索書號:857.49"


FILLED = [
    Advanced(all="dream red", phrase="of the", any='a "b c"', without='x "y z"', title="紅樓夢 校注"),
    Advanced(
        creator='"Cao Xueqin"', subject="小說", series="文庫", publisher="聯經", isbn="978 986", call_number="857 1"
    ),
    Advanced(any="a b"),
    Advanced(phrase="紅樓夢"),
    Advanced(),
]


@pytest.mark.parametrize("language", ["zh-Hant", "en"])
@pytest.mark.parametrize("form", FILLED)
def test_the_form_opens_again_as_it_was_filled(form: Advanced, language: str) -> None:
    assert opened(SearchParams(q=form.query(language))) == form


BEYOND = ["a OR b c OR d", "title:x OR y", "NOT x", "-title:x", "x AND y"]


@pytest.mark.parametrize("query", BEYOND)
def test_what_the_form_has_no_fields_for_stays_as_typed(query: str) -> None:
    form = opened(SearchParams(q=query))
    assert form == Advanced(all=query)
    assert form.query("en") == query


def test_a_second_phrase_and_unknown_names_stay_among_the_words() -> None:
    form = opened(SearchParams(q='"a b" foo:bar "c d"'))
    assert form == Advanced(all='foo:bar "c d"', phrase="a b")


def test_what_stands_in_other_parameters_fills_their_fields() -> None:
    assert opened(SearchParams(q="title:red", title="dream", creator="cao")) == Advanced(
        title="red dream", creator="cao"
    )


def test_the_form_is_read_from_what_a_browser_sends() -> None:
    pairs = [("title", " dream "), ("all", ""), ("go", "1"), ("library", "ntl"), ("without", "x" * 500)]
    assert Advanced.read(pairs) == Advanced(title="dream", without="x" * 200)
