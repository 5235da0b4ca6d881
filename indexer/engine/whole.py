"""What a heading of a list asks of the index: editions with the whole of it, not words of it."""

from __future__ import annotations

from indexer.analysis import key
from indexer.document import MAX_KEY_LENGTH, call_number_key
from indexer.engine import Clause, SearchField
from indexer.engine.nodes import AnyOf, Node, Nothing, any_of

WITH_HEADINGS: frozenset[SearchField] = frozenset({"title", "call_number"})
"""The fields whose headings can be sought as a whole."""


def whole_node(clause: Clause) -> Node:
    """The node of a clause whose text is a whole title, or a call number that volumes and copies share."""
    if clause.field == "call_number":
        number = call_number_key(clause.text)
        return AnyOf("shelf_key", (number,)) if number else Nothing()
    if clause.field not in WITH_HEADINGS:
        raise ValueError(f"nothing is sought as a whole in {clause.field}")
    title = key(clause.text)
    if not 0 < len(title) <= MAX_KEY_LENGTH:
        return Nothing()
    return any_of([AnyOf("title_key", (title,)), AnyOf("title_variant_key", (title,))])
