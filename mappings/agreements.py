"""Who lends to whom: groups of libraries, agreements between them, couriers and rates, in one file, ``lending.toml``.

The file stands beside the folder of libraries. Without one nobody has agreed on anything, and everybody is asked.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mappings.lending import Label, Names, Says, Service, Weekday
from mappings.library import LIBRARIES_FOLDER, Library
from mappings.problems import problem
from mappings.table import load_table

LENDING_FILE = "lending.toml"

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,31}$")]


class LendingInvalid(ValueError):
    """The rules of lending cannot be used; the message names file, key and what is allowed. Start-up stops."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Group(_Table):
    """Libraries that are spoken of together: a consortium, a network, the libraries of a county."""

    name: Label
    members: tuple[Code, ...]  # of libraries


class Agreement(_Table):
    """That some libraries do something for others, or that they do not."""

    code: Code
    name: Label
    lenders: Names  # groups, or codes of libraries
    borrowers: Names
    reciprocal: bool = True  # the borrowers do the same for the lenders
    lends: Says | None = None
    copies: Says | None = None
    formats: Names = ()  # of these alone; any when it is not said
    collections: Names = ()
    free: bool = False  # whatever the library asks of others

    def says(self, service: Service) -> Says | None:
        """What it says of a service; None when it does not speak of it."""
        return self.lends if service == "loan" else self.copies


class Courier(_Table):
    """A van or a boat that goes between libraries."""

    code: Code
    name: Label
    members: Names  # groups, or codes of libraries
    days: tuple[Weekday, ...] = ()


class _File(_Table):
    currency: str = Field(default="TWD", pattern="^[A-Z]{3}$")
    dear_above: Decimal | None = Field(default=None, ge=0)
    rates: Mapping[str, Annotated[Decimal, Field(gt=0)]] = {}
    groups: Mapping[Code, Group] = {}
    agreements: tuple[Agreement, ...] = ()
    couriers: tuple[Courier, ...] = ()


_KEYS: Mapping[str, frozenset[str]] = {
    "": frozenset(_File.model_fields),
    "groups.*": frozenset(Group.model_fields),
    "agreements": frozenset(Agreement.model_fields),
    "couriers": frozenset(Courier.model_fields),
}


@dataclass(frozen=True, slots=True)
class Agreements:
    """The file, checked against the libraries there are."""

    groups: Mapping[str, Group] = field(default_factory=dict)
    agreements: tuple[Agreement, ...] = ()
    couriers: tuple[Courier, ...] = ()
    currency: str = "TWD"  # in which costs are compared
    rates: Mapping[str, Decimal] = field(default_factory=dict)  # what one of another currency is worth
    dear_above: Decimal | None = None  # what costs more is asked after whoever may do it for less, agreed or not

    def means(self, names: Iterable[str], library: str) -> bool:
        """Whether a library is one of those named, by its code or by a group it belongs to."""
        return any(name == library or ((group := self.groups.get(name)) and library in group.members) for name in names)

    def between(self, lender: str, borrower: str) -> tuple[Agreement, ...]:
        """The agreements that speak of what one library does for another, in the order of the file."""
        return tuple(
            one
            for one in self.agreements
            if (self.means(one.lenders, lender) and self.means(one.borrowers, borrower))
            or (one.reciprocal and self.means(one.borrowers, lender) and self.means(one.lenders, borrower))
        )

    def couriers_between(self, one: str, other: str) -> tuple[Courier, ...]:
        """What goes between two libraries."""
        return tuple(c for c in self.couriers if self.means(c.members, one) and self.means(c.members, other))


def borrowable_with_card(agreements: Agreements, libraries: Mapping[str, Library], library: str) -> tuple[str, ...]:
    """Where a patron of a library borrows with the card of it: there, and where ``lending.cards`` names it; codes."""
    return tuple(
        code for code, one in libraries.items() if code == library or agreements.means(one.lending.cards, library)
    )


def load_agreements(
    libraries: Mapping[str, Library], file: Path = LIBRARIES_FOLDER.parent / LENDING_FILE
) -> Agreements:
    """Reads ``lending.toml`` and holds it, and the lending rules of all libraries, against each other.

    Raises: LendingInvalid, naming file, key, value and what is allowed.
    """
    read = _read(file) if file.exists() else _File()
    known = {*libraries, *read.groups}
    if not file.exists():  # groups are nowhere named: who speaks of them has nobody to speak of
        known |= {name for library in libraries.values() for name in _spoken_of(library)}
    problems = [
        f"{file}: {key} = {name!r}: no such {what}; there are {', '.join(sorted(allowed))}"
        for key, names, what, allowed in _named(read, libraries, known)
        for name in names
        if name not in allowed
    ]
    formats = frozenset(load_table("formats"))
    for code, library in libraries.items():
        where = library.file or f"{code}.toml"
        problems += [
            f"{where}: lending.{key} = {name!r}: no such {what}; there are {', '.join(sorted(allowed))}"
            for key, names, what, allowed in _named_by_library(library, known, formats)
            for name in names
            if name not in allowed
        ]
    if problems:
        raise LendingInvalid(problems[0])
    return Agreements(read.groups, read.agreements, read.couriers, read.currency, read.rates, read.dear_above)


def _read(file: Path) -> _File:
    try:
        read = _File.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise LendingInvalid(f"{file}: not readable as TOML: {exc}") from exc
    except ValidationError as exc:
        raise LendingInvalid(f"{file}: {'; '.join(problem(error, _KEYS) for error in exc.errors())}") from exc
    codes = [*(one.code for one in read.agreements), *(one.code for one in read.couriers)]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise LendingInvalid(f"{file}: code = {min(twice)!r}: stands twice")
    return read


def _spoken_of(library: Library) -> Iterator[str]:
    """The groups and libraries that a library's rules name."""
    lending = library.lending
    for names in (lending.cards, *(rule.to for rule in lending.rules), *(fee.to for fee in lending.fees)):
        yield from names


_Named = tuple[str, Iterable[str], str, Iterable[str]]


def _named(read: _File, libraries: Mapping[str, Library], known: set[str]) -> Iterable[_Named]:
    """What the file names: the key, the names, what they are, what there is."""
    what = "group or library"
    for code, group in read.groups.items():
        yield f"groups.{code}.members", group.members, "library", libraries
        if code in libraries:
            yield "groups", (code,), "free name (a library has it)", ()
    formats = frozenset(load_table("formats"))
    for number, one in enumerate(read.agreements):
        yield f"agreements.{number}.lenders", one.lenders, what, known
        yield f"agreements.{number}.borrowers", one.borrowers, what, known
        yield f"agreements.{number}.formats", one.formats, "format", formats
    for number, courier in enumerate(read.couriers):
        yield f"couriers.{number}.members", courier.members, what, known


def _named_by_library(library: Library, known: set[str], formats: Iterable[str]) -> Iterable[_Named]:
    what, lending, records = "group or library", library.lending, library.records
    codes: Mapping[str, Iterable[str]] = {
        "item_types": records.item_types,
        "collections": records.collections,
        "branches": records.branches,
        "locations": records.locations,
        "policies": records.policies,
    }
    yield "cards", lending.cards, what, known
    yield "formats_not_lent", lending.formats_not_lent, "format", formats
    for number, rule in enumerate(lending.rules):
        yield f"rules.{number}.to", rule.to, what, known
        yield f"rules.{number}.formats", rule.formats, "format", formats
        for key, listed in codes.items():
            if listed:
                yield f"rules.{number}.{key}", getattr(rule, key), f"code in records.{key}", listed
    if library.records.item_types:
        types = (one for one in lending.item_types_not_lent if one)
        yield "item_types_not_lent", types, "code in records.item_types", library.records.item_types
    for number, fee in enumerate(lending.fees):
        yield f"fees.{number}.to", fee.to, what, known
