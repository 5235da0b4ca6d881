"""Nodes and mapping in tantivy's terms. Nothing here decides what matches or scores: that is the plan's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tantivy import Document as TantivyDocument
from tantivy import FieldType, Index, Occur, Query, Schema, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from indexer.engine import Document, EngineUnavailable
from indexer.engine.mapping import IndexMapping
from indexer.engine.nodes import (
    All,
    Any,
    AnyOf,
    Boost,
    Constant,
    Everything,
    Like,
    Node,
    Nothing,
    Phrase,
    Prefix,
    Range,
    Term,
)

WHITESPACE = "whitespace"

FEW_VALUES = 8
"""Values up to which each is sought by itself."""


@contextmanager
def tantivy_errors(doing: str) -> Iterator[None]:
    """Turns what tantivy raises into EngineUnavailable. Its panics are no ``Exception``: nothing else would stop them
    from ending the process's thread."""
    try:
        yield
    except (ValueError, OSError) as exc:
        raise EngineUnavailable(f"the index failed while {doing}: {exc}") from exc
    except BaseException as exc:
        if type(exc).__name__ != "PanicException":
            raise
        raise EngineUnavailable(f"the index failed while {doing}: {exc}") from exc


def schema_of(mapping: IndexMapping) -> Schema:
    """The schema that holds what the mapping describes."""
    builder = SchemaBuilder()
    for name, field in mapping.fields.items():
        if field.kind == "text":
            builder.add_text_field(name, tokenizer_name=WHITESPACE, index_option="position")
        elif field.kind == "keyword":
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=field.columnar)
        elif field.kind == "long":
            builder.add_unsigned_field(name, indexed=field.indexed, fast=field.columnar)
        elif field.kind == "double":
            builder.add_float_field(name, indexed=field.indexed, fast=field.columnar)
        else:
            builder.add_bytes_field(name, stored=True)
    return builder.build()


def prepare(index: Index) -> Index:
    """An index just opened, with its tokenizer (never stored with it) and read only when told to."""
    index.register_tokenizer(WHITESPACE, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    index.config_reader("manual")
    return index


def tantivy_document(document: Document, schema: Schema) -> TantivyDocument:
    """A document as tantivy takes it. A score is multiplied with log2(2 + weight) there, so the factor is put so."""
    fields = {**document, "edition": document["edition"].encode(), "factor": 2.0 ** document["factor"] - 2.0}
    return TantivyDocument.from_dict(fields, schema)


def tantivy_query(node: Node, schema: Schema) -> Query:
    """The query of a node. The caller's plan has bounded its depth."""
    match node:
        case Everything():
            # bare, tantivy drops it from beside other clauses, and its score with it
            return Query.const_score_query(Query.all_query(), 1.0)
        case Nothing():
            return Query.empty_query()
        case Term(field, token):
            return Query.term_query(schema, field, token)
        case Phrase(field, tokens):
            return Query.phrase_query(schema, field, list(tokens))
        case Prefix(field, start):
            return Query.const_score_query(Query.fuzzy_term_query(schema, field, start, 0, True, True), 1.0)
        case Like(field, token, letters):
            return Query.const_score_query(Query.fuzzy_term_query(schema, field, token, letters, True, False), 1.0)
        case AnyOf(field, values):
            return Query.const_score_query(_any_of(schema, field, values), 1.0)
        case Range(field, lower, upper):
            return _range(schema, field, lower, upper)
        case All(required, better, without):
            return Query.boolean_query(
                [
                    *((Occur.Must, tantivy_query(inner, schema)) for inner in required),
                    *((Occur.Should, tantivy_query(inner, schema)) for inner in better),
                    *((Occur.MustNot, tantivy_query(inner, schema)) for inner in without),
                ]
            )
        case Any(choices):
            return Query.boolean_query([(Occur.Should, tantivy_query(inner, schema)) for inner in choices])
        case Boost(inner, factor):
            return Query.boost_query(tantivy_query(inner, schema), factor)
        case Constant(inner, score):
            return Query.const_score_query(tantivy_query(inner, schema), score)


def _any_of(schema: Schema, field: str, values: Sequence[str] | Sequence[int]) -> Query:
    """A set of values is looked up in all of the field and its editions are gathered before any is asked for; few
    values are asked for only where the rest of a query matches."""
    if not 0 < len(values) <= FEW_VALUES:
        return Query.term_set_query(schema, field, list(values))
    terms = [Query.term_query(schema, field, value, "basic") for value in values]
    return terms[0] if len(terms) == 1 else Query.boolean_query([(Occur.Should, term) for term in terms])


def _range(schema: Schema, field: str, lower: int | None, upper: int | None) -> Query:
    """Numbers are kept unsigned: below zero there are none, and an empty range is an error to tantivy."""
    if (upper is not None and upper < 0) or (lower is not None and upper is not None and lower > upper):
        return Query.empty_query()
    first = max(lower, 0) if lower is not None else None
    if first is None and upper is None:
        first = 0
    return Query.const_score_query(Query.range_query(schema, field, FieldType.Unsigned, first, upper), 1.0)
