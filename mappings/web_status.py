"""How the pages of a library's own catalogue are asked and read for the state of copies, where it offers no service.

Nothing is asked before the library has permitted it in so many words. What is alike in the pages of one system stands
in a preset (``mappings/web_presets.py``); a library's own keys go before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from cssselect import HTMLTranslator
from cssselect.parser import SelectorError
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from mappings.web_headings import HEADINGS, FieldName
from mappings.web_presets import PRESETS

PLACES = frozenset({"local_id", "barcode", "isbn", "isbn10", "page"})
"""What may stand in braces in a request, besides what ``before`` took; ``{local_id:number}`` is a number in JSON."""

_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)(?::number)?\}")
_SHORTEST_PERMISSION = 10


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as exc:
        raise ValueError(f"is not a regular expression: {exc}") from exc
    return text


def _group(text: str) -> str:
    if not re.compile(text).groups:
        raise ValueError("needs a group: what stands in ( ) is taken")
    return text


def _selector(text: str) -> str:
    """A CSS selector; ``@name`` behind it stands for an attribute of what it finds."""
    try:
        HTMLTranslator().css_to_xpath(without_attribute(text)[0])
    except SelectorError as exc:
        raise ValueError(f"{text!r} is not a CSS selector: {exc}") from exc
    return text


def _path(text: str) -> str:
    if text and not text.startswith(("/", "?")):
        raise ValueError("must begin with / or ?: it follows availability.url")
    return text


def without_attribute(text: str) -> tuple[str, str]:
    """A selector and the attribute named behind it (``a.next @href``); "" for the text of what it finds."""
    found = re.fullmatch(r"(.*\S)\s+@([A-Za-z][\w-]*)", text.strip())
    return (found[1], found[2]) if found else (text.strip(), "")


Pattern = Annotated[str, AfterValidator(_pattern)]
Path = Annotated[str, AfterValidator(_path)]
Grouped = Annotated[Pattern, AfterValidator(_group)]
Selector = Annotated[str, AfterValidator(_selector)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Texts = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_several)]
Selectors = Annotated[tuple[Selector, ...], BeforeValidator(_several)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Before(_Table):
    """A page asked for first: its cookies go with what follows, and so do the values taken from it."""

    path: Path = "/"
    patterns: Mapping[Name, Grouped] = {}  # name → regular expression, whose first group is used as {name}
    selectors: Mapping[Name, Selector] = {}  # name → element of the page: "meta[name=token] @content"
    paths: Mapping[Name, str] = {}  # name → path into JSON
    title: Selectors = ()  # where this page says the record's title, when the answer does not
    keep_seconds: float = Field(default=300.0, ge=0, le=3_600)  # for other records too, unless it names one itself

    @property
    def names(self) -> frozenset[str]:
        return frozenset((*self.patterns, *self.selectors, *self.paths))


class Web(_Table):
    """The pages of one library's catalogue. ``fields`` holds headings, selectors or paths, as ``way`` says."""

    permission: str = Field(default="", validate_default=True)  # who allowed it, when, and where that is written
    preset: Literal["", "hylib", "hylib-jsp", "innopac", "t2", "toread"] = ""
    path: Path = ""  # of the question, e.g. "/record={local_id}"; what stands in braces is put in
    method: Literal["GET", "POST"] = "GET"
    form: Mapping[str, str] = {}  # POST: fields of a form
    body: Mapping[str, Any] | None = None  # POST: JSON
    headers: Mapping[str, str] = {}
    before: Before | None = None
    id_pattern: Pattern = ""  # the first group that is filled is what the pages call the record
    each_barcode: bool = False  # where a look-up by barcode answers of that copy alone
    charset: str = ""  # of the pages, e.g. "big5"; "": what they say, or what they are
    way: Literal["table", "rows", "json"] = "table"
    copies: str = ""  # selector of the tables or of the rows; path of the list; "": any table with a heading of status
    script: str = ""  # json: selector of the script element that holds it; "": the whole answer is JSON
    after: str = ""  # json in a script: the text right before it, e.g. "window.state ="
    pairs: str = ""  # json: a row is a list of {key, value} below this path
    fields: Mapping[FieldName, Texts] = {}
    title: Texts = ()  # where the answer says the record's title: selectors, or paths
    only: Mapping[FieldName, Pattern] = {}  # rows of this library: what a field must hold
    more: Texts = ()  # where the link to the next page stands: selectors, or paths of its address
    page_size: int = Field(default=0, ge=0, le=1_000)  # of a question with {page}: fewer rows are the last page
    first_page: int = Field(default=1, ge=0, le=1)
    max_pages: int = Field(default=5, ge=1, le=20)  # of one record; what is left makes the answer partial
    not_found: Texts = (
        "查無資料",
        "查無此書",
        "查無符合",
        "沒有找到",
        "找不到符合",
        "no records found",
        "no entries found",
    )
    no_copies: Texts = ("無館藏", "沒有館藏", "尚無館藏", "no copies", "no items")
    records: str = ""  # selector of the links of a list of hits, of which the one with the record's title is followed
    end: str = ""  # what stands at the end of a whole page; "": </html>, or </table> of what is no whole page

    @model_validator(mode="before")
    @classmethod
    def _own_keys_before_the_preset(cls, given: Any) -> Any:
        preset = PRESETS.get(given.get("preset", "")) if isinstance(given, dict) else None
        return _laid_over(preset, given) if preset is not None else given

    @field_validator("permission")
    @classmethod
    def _permitted(cls, permission: str) -> str:
        if len(permission) < _SHORTEST_PERMISSION:
            raise ValueError(
                "the pages of a catalogue are asked only with its library's permission: say who gave it and when, "
                'e.g. "letter of the director, 2026-03-01, no. 1150000123"'
            )
        return permission

    @model_validator(mode="after")
    def _can_be_asked_and_read(self) -> Web:
        if not self.path:
            raise ValueError("availability.web.path is required, or a preset that has one")
        if (self.form or self.body is not None) and self.method != "POST":
            raise ValueError('availability.web.form and .body are sent with method = "POST"')
        if self.form and self.body is not None:
            raise ValueError("give either availability.web.form or availability.web.body")
        known = PLACES | (self.before.names if self.before else frozenset())
        for place in sorted(self.places - known) + sorted(set(_PLACE.findall(self.before_path)) - PLACES):
            raise ValueError(f"{{{place}}}: nothing is known by that name; there are {', '.join(sorted(known))}")
        if not self.places & {"local_id", "barcode", "isbn", "isbn10"}:
            raise ValueError(
                "the question names no record: put {local_id}, {barcode} or {isbn} into path, form or body"
            )
        if self.by_isbn and not (self.title or (self.before and self.before.title)):
            raise ValueError("a look-up by ISBN needs availability.web.title: other editions have the same number")
        if "page" in self.places and not self.page_size:
            raise ValueError("{page} needs availability.web.page_size: the rows of a full page")
        self._check_reading()
        return self

    def _check_reading(self) -> None:
        if self.way != "json":
            for selector in (self.copies, self.records, *self.more, *self.title):
                _selector(selector or "*")
        if self.way == "rows":
            for selector in (text for texts in self.fields.values() for text in texts):
                _selector(selector)
        if self.script:
            _selector(self.script)
        if self.way != "table" and not self.copies:
            raise ValueError(f'availability.web.copies is required with way = "{self.way}"')
        if self.way != "table" and "status" not in self.fields:
            raise ValueError(f'availability.web.fields.status is required with way = "{self.way}"')

    @property
    def places(self) -> frozenset[str]:
        """What stands in braces in the question."""
        texts = [self.path, *self.form.values(), *self.headers.values(), *strings(self.body)]
        return frozenset(name for text in texts for name in _PLACE.findall(text))

    @property
    def before_path(self) -> str:
        return self.before.path if self.before else ""

    @property
    def by_isbn(self) -> bool:
        return bool(self.places & {"isbn", "isbn10"})

    @property
    def by_barcode(self) -> bool:
        return "barcode" in self.places

    @property
    def headings(self) -> Mapping[FieldName, tuple[str, ...]]:
        """Field → headings of its columns: those that are usual, and the library's own in their place."""
        return {**HEADINGS, **self.fields}


def strings(tree: object) -> Iterator[str]:
    """Every text of a tree of tables and lists."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, Mapping):
        for value in tree.values():
            yield from strings(value)
    elif isinstance(tree, list | tuple):
        for value in tree:
            yield from strings(value)


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Two tables as one: ``above`` counts where both have a key, and tables within are laid over each other."""
    return {
        **below,
        **{
            key: _laid_over(below[key], value)
            if isinstance(value, Mapping) and isinstance(below.get(key), Mapping)
            else value
            for key, value in above.items()
        },
    }
