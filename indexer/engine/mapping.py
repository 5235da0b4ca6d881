"""``mappings/editions.json`` as both engines read it: the cluster takes it as it is, the embedded schema is derived."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import orjson

import mappings
from indexer.engine import Document

FILE = Path(mappings.__file__).parent / "editions.json"

FieldKind = Literal["text", "keyword", "long", "double", "stored"]


@dataclass(frozen=True, slots=True)
class IndexField:
    """One field: tokens (text), whole values (keyword), numbers, or only kept (stored)."""

    name: str
    kind: FieldKind
    indexed: bool  # can be searched
    columnar: bool  # can be sorted by, counted and multiplied with


@dataclass(frozen=True, slots=True)
class IndexMapping:
    """The shape of an index. Two indexes of one version hold the same fields."""

    version: int
    settings: Mapping[str, Any]
    mappings: Mapping[str, Any]
    fields: Mapping[str, IndexField]

    def check(self, documents: Iterable[Document]) -> None:
        """Raises: ValueError for a document with a field that is not in the mapping: the embedded engine would drop it
        without a word."""
        for document in documents:
            if unknown := document.keys() - self.fields.keys():
                raise ValueError(f"document {document.get('id')!r}: fields not in {FILE.name}: {sorted(unknown)}")


@cache
def index_mapping() -> IndexMapping:
    """The mapping this version of the product writes and reads."""
    content = orjson.loads(FILE.read_bytes())
    properties = content["mappings"]["properties"]
    return IndexMapping(
        version=content["mappings"]["_meta"]["version"],
        settings=content["settings"],
        mappings=content["mappings"],
        fields={name: _field(name, definition) for name, definition in properties.items()},
    )


def _field(name: str, definition: Mapping[str, Any]) -> IndexField:
    kind, indexed = definition["type"], definition.get("index", True)
    if kind == "text":
        return IndexField(name, "text" if indexed else "stored", indexed, False)
    if kind not in ("keyword", "long", "double"):
        raise ValueError(f"{FILE.name}: {name}: no engine-neutral meaning of type {kind!r}")
    return IndexField(name, kind, indexed, definition.get("doc_values", True))
