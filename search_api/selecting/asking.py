"""What is asked of a report in an address: a rule, a choice of lines, a page, columns. Page and API read it alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from mappings.library import Library
from search_api.errors import InvalidRequest, invalid
from search_api.selecting.buying import MOST_HOLDERS, Match, Rule, Scope, Verdict
from search_api.selecting.downloads import COLUMNS, USUAL
from search_api.selecting.found import Bucket, Remark
from search_api.selecting.selection import Choice, Sort

LONGEST_PAGE = 1_000
NONE = "-"
"""In an address: no library is one's own, though the account is bound to one."""


class Asked(BaseModel):
    """The parameters of a report."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    n: Annotated[int, Field(ge=1, le=MOST_HOLDERS)] = 2
    scope: Scope = "both"
    match: Match = "any"
    mine: Annotated[str, Field(max_length=32)] = ""
    multiply: bool = True
    bucket: tuple[Bucket, ...] = ()
    verdict: tuple[Verdict, ...] = ()
    library: Annotated[str, Field(max_length=32)] = ""
    lacking: Annotated[str, Field(max_length=32)] = ""
    remark: Remark | None = None
    repeated: bool = False
    q: Annotated[str, Field(max_length=200)] = ""
    sort: Sort = "number"
    desc: bool = False
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = 50
    columns: tuple[str, ...] = ()

    @field_validator("columns")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        split = tuple(name for one in names for name in one.split(",") if name)
        if unknown := [name for name in split if name not in COLUMNS]:
            raise ValueError(f"there is no column {unknown[0]!r}; there are {', '.join(COLUMNS)}")
        return split

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]], mine: str = "") -> Asked:
        """What an address asks; empty parameters are not there. ``mine``: one's own library, if none is named.

        Raises: InvalidRequest, naming the parameter.
        """
        given: dict[str, object] = {}
        for name, text in pairs:
            if text == "":
                continue
            value = "" if name == "mine" and text == NONE else text
            if name in ("bucket", "verdict", "columns"):
                kept = given.setdefault(name, [])
                assert isinstance(kept, list)
                kept.append(value)
            else:
                given[name] = value
        try:
            return cls.model_validate({"mine": mine, **given})
        except ValidationError as exc:
            raise invalid(exc) from exc

    @property
    def rule(self) -> Rule:
        return Rule(self.n, self.scope, self.match, self.mine, self.multiply)

    @property
    def choice(self) -> Choice:
        return Choice(
            self.bucket,
            self.verdict,
            self.library,
            self.lacking,
            self.remark,
            self.repeated,
            self.q,
            self.sort,
            self.desc,
        )

    @property
    def shown_columns(self) -> tuple[str, ...]:
        return self.columns or USUAL

    def address(self, mine: str = "", **changed: object) -> str:
        """The parameters that differ from the usual ones, as they stand in an address: ``n=3&verdict=buy``."""
        values = {**self.model_dump(), **changed}
        usual = {**type(self)().model_dump(), "mine": mine}
        pairs: list[tuple[str, str]] = []
        for name, value in values.items():
            if value == usual[name] or value is None:
                continue
            each = value if isinstance(value, tuple) else (value,)
            pairs += [(name, _written(one) or NONE) for one in each]
        return urlencode(pairs)


def refuse_unknown(asked: Asked, libraries: Mapping[str, Library], own: str = "") -> None:
    """Raises: InvalidRequest for a library that is none; ``own``, the account's, may have left."""
    for name in ("mine", "library", "lacking"):
        code = getattr(asked, name)
        if code and code not in libraries and not (name == "mine" and code == own):
            raise InvalidRequest(f"There is no library {code}.", field=name)


def refuse_no_region(asked: Asked) -> None:
    """Raises: InvalidRequest where one's own region counts and nobody says which."""
    if asked.scope == "region" and not asked.mine:
        raise InvalidRequest("Say with mine= whose region counts.", field="mine")


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def region_of(mine: str, libraries: Mapping[str, Library]) -> frozenset[str]:
    """The libraries of one's own region, one's own included; empty when one has none."""
    if mine not in libraries:
        return frozenset()
    region = libraries[mine].region
    return frozenset(code for code, library in libraries.items() if library.region == region)
