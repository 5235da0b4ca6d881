"""The advanced form as the page shows it: its fields with what they hold, and what one can choose beside them."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.engine import FacetField, SearchRequest
from search_api.advanced import FIELDS, MAX_WORDS_LENGTH, Advanced
from search_api.labels import Labels
from search_api.search_params import PARAMETER_OF_FACET, SearchParams
from search_api.services import Services
from search_api.texts import Texts

WORDS = ("all", "phrase", "any", "without")
"""Fields for words anywhere in a record."""

CHOICES: tuple[FacetField, ...] = ("suits", "format", "language", "library")
MOST_CHOICES = 200
OPEN_UP_TO = 12
"""A longer choice is folded, until something of it is chosen."""


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field with its label and, where it needs one, a hint."""

    name: str
    label: str
    hint: str
    value: str
    limit: int = MAX_WORDS_LENGTH


@dataclass(frozen=True, slots=True)
class OptionView:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """Values of which any may be chosen; none is all of them."""

    name: str
    label: str
    options: tuple[OptionView, ...]
    open: bool


def fields(form: Advanced, t: Texts) -> tuple[FieldView, ...]:
    """The fields in the order of the page: words first, then what is sought in one field."""
    words = [FieldView(name, t(f"advanced.{name}"), t(f"advanced.{name}_hint"), getattr(form, name)) for name in WORDS]
    return (*words, *(FieldView(name, t(f"field.{name}"), "", getattr(form, name)) for name in FIELDS))


async def choices(services: Services, params: SearchParams, t: Texts, labels: Labels) -> tuple[ChoiceView, ...]:
    """Formats and languages that the catalogue has, by falling count, and its libraries.

    Raises: EngineUnavailable, EngineIncompatible.
    """
    counted = SearchRequest(limit=0, facets=("suits", "format", "language"), facet_size=MOST_CHOICES)
    page = await services.engine.search(counted)
    found: dict[FacetField, list[str]] = {name: [v.value for v in values] for name, values in page.facets.items()}
    found["library"] = labels.in_order(services.libraries)
    return tuple(_choice(name, found[name], params.chosen(name), t, labels) for name in CHOICES)


def _choice(name: FacetField, values: list[str], chosen: tuple[str, ...], t: Texts, labels: Labels) -> ChoiceView:
    known = dict.fromkeys((*(value for value in chosen if value not in values), *values))
    options = tuple(OptionView(value, labels.of_facet(name, value), value in chosen) for value in known)
    is_open = bool(chosen) or len(options) <= OPEN_UP_TO
    return ChoiceView(PARAMETER_OF_FACET[name], t(f"facet.{name}"), options, is_open)
