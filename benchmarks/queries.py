"""The written-down mix of searches that `make bench-search` asks."""

from __future__ import annotations

import random
from collections.abc import Iterator

from fixtures.generate import books
from indexer.engine import Clause, FacetField, Filter, SearchRequest

FACETS: tuple[FacetField, ...] = ("library", "region", "format", "language", "subject")

MIX = (
    # share of a hundred, kind, what a patron does
    (30, "title_words", "two or three words of a title"),
    (15, "whole_title", "the whole title, pasted"),
    (15, "creator", "an author, surname last"),
    (10, "isbn", "an ISBN, scanned"),
    (15, "common_word", "one common word"),
    (10, "filtered", "a common word, narrowed to a library and a language"),
    (5, "subject", "a subject heading"),
)


def mix(count: int, seed: int = 7) -> Iterator[tuple[str, SearchRequest]]:
    """``count`` searches, each with its kind: the first twenty rows with five facets."""
    dice = random.Random(seed)
    source = books()
    shelf = [next(source) for _ in range(max(count, 400))]
    shares, kinds = zip(*((share, kind) for share, kind, _ in MIX), strict=True)
    for _ in range(count):
        book = dice.choice(shelf)
        kind = dice.choices(kinds, shares)[0]
        words = book.title.split()
        word = book.title[:2] if len(words) == 1 else words[0]
        filters: tuple[Filter, ...] = ()
        match kind:
            case "title_words":
                clause = Clause(book.title[:4] if len(words) == 1 else " ".join(words[:2]))
            case "whole_title":
                clause = Clause(book.title, "title")
            case "creator":
                clause = Clause(" ".join(reversed(book.creator.replace(",", "").split())), "creator")
            case "isbn":
                clause = Clause(book.isbn or book.title)
            case "subject":
                clause = Clause(book.subjects[0], "subject")
            case _:
                clause = Clause(word)
        if kind == "filtered":
            filters = (Filter("library", ("alder", "cedar")), Filter("language", (book.language,)))
        yield kind, SearchRequest(clauses=(clause,), filters=filters, limit=20, facets=FACETS)
