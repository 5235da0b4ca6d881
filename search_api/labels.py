"""What codes are called in one interface language: libraries, regions, formats, languages, branches, places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from mappings.library import Label, Library, named
from mappings.table import LANGUAGES, CodeTable, load_table
from search_api.cldr_names import name_in
from search_api.texts import label_texts

_REGION_ORDER = ("north", "central", "south", "east", "islands", "abroad")


TABLES = (
    *("regions", "formats", "relators", "schemes", "audiences", "carriers"),
    *("classes", "suits"),
)
"""The tables whose labels patrons see, but for languages, whose names CLDR has."""


@cache
def _table(name: str) -> CodeTable:
    return load_table(name)


def load_tables() -> None:
    """Reads every table the labels need, so that a mistaken one stops the start-up and not a patron's page.

    Raises: mappings.table.TableInvalid.
    """
    for name in ("languages", "divisions", *TABLES):
        _table(name)


class Labels:
    """The labels of one interface language. A code without a label is shown as it is."""

    def __init__(self, libraries: Mapping[str, Library], language: str) -> None:
        self._libraries = libraries
        self._language = language

    @property
    def _is_elsewhere(self) -> bool:
        """Whether the tables have no labels in this language: they are among the translations then."""
        return self._language not in LANGUAGES

    def _label(self, table: str, code: str) -> str:
        said = label_texts(self._language).get(f"{table}.{code}") if self._is_elsewhere else ""
        return said or _table(table).label(code, self._language)

    def library(self, code: str) -> str:
        library = self._libraries.get(code)
        return library.label(self._language) if library else code

    def region(self, code: str) -> str:
        return self._label("regions", code)

    def region_of(self, library: str) -> str:
        """The region's code, "" for a library that is no longer a member."""
        return self._libraries[library].region if library in self._libraries else ""

    def format(self, code: str) -> str:
        return self._label("formats", code)

    def language(self, code: str) -> str:
        """A language by the name that CLDR has in the interface language; Taiwan's own words stand in our table."""
        return (name_in(code, self._language) if self._is_elsewhere else "") or _table("languages").label(
            code, self._language
        )

    def role(self, code: str) -> str:
        """What somebody did; "" where a record says it with an address that nobody has words for."""
        label = self._label("relators", code) if code else ""
        return "" if label.startswith(("http:", "https:")) else label

    def scheme(self, code: str) -> str:
        return self._label("schemes", code) if code else ""

    def audience(self, code: str) -> str:
        return self._label("audiences", code)

    def of_facet(self, facet: str, value: str) -> str:
        """What a value of a facet is called; subjects, creators and years are called what they are."""
        match facet:
            case "library":
                return self.library(value)
            case "region":
                return self.region(value)
            case "format":
                return self.format(value)
            case "language":
                return self.language(value)
            case "classification":
                return self._label("classes", value)
            case "division":
                return self._label("divisions", value)
            case "audience":
                return self.audience(value)
            case "suits":
                return self._label("suits", value)
            case "online":
                return self._label("carriers", value)
            case _:
                return value

    def branch(self, library: str, code: str) -> str:
        return self._own(self._libraries[library].records.branches, code) if library in self._libraries else code

    def location(self, library: str, code: str) -> str:
        return self._own(self._libraries[library].records.locations, code) if library in self._libraries else code

    def item_type(self, library: str, code: str) -> str:
        return self._own(self._libraries[library].records.item_types, code) if library in self._libraries else code

    def collection(self, library: str, code: str) -> str:
        return self._own(self._libraries[library].records.collections, code) if library in self._libraries else code

    def policy(self, library: str, code: str) -> str:
        return self._own(self._libraries[library].records.policies, code) if library in self._libraries else code

    def in_order(self, codes: Iterable[str]) -> list[str]:
        """Library codes as pages list them: by region, then by the library's own order, then by code."""
        return sorted(codes, key=self._rank)

    def regions_in_order(self, codes: Iterable[str]) -> list[str]:
        """Region codes as pages list them, each once."""
        return sorted(set(codes), key=lambda code: (_region_rank(code), code))

    def _rank(self, code: str) -> tuple[int, int, str]:
        library = self._libraries.get(code)
        return (_region_rank(library.region), library.order, code) if library else (len(_REGION_ORDER), 0, code)

    def _own(self, labels: Mapping[str, Label], code: str) -> str:
        """A library's own word for one of its codes; a live system may send the word of another language instead."""
        label = labels.get(code) or next((names for names in labels.values() if code in names.values()), {})
        return named(label, self._language) if label else code


def _region_rank(code: str) -> int:
    return _REGION_ORDER.index(code) if code in _REGION_ORDER else len(_REGION_ORDER)
