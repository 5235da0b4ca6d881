"""The desk's page: one row for each library to ask, and for each that is left out."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from urllib.parse import urlencode

from search_api.lending.reasons import Excluded, Lender, Rule, Why
from search_api.lending.room import Answered
from search_api.lending.sought import SERIALS, Sought
from search_api.lending.words import Words
from search_api.live_view import Badge
from search_api.page import Page

_DEFAULTS = Sought()
_IN_FIGURES = frozenset({Why.FREE, Why.COSTS, Why.COSTS_NOT_STATED, Why.USUAL_DAYS, Why.DAYS_NOT_STATED, Why.NEAR})
"""Reasons that the figures of a row say already."""


@dataclass(frozen=True, slots=True)
class Row:
    """A library to ask."""

    rank: int
    code: str
    name: str
    badge: Badge
    place: str
    days: str
    arrives: str
    cost: str
    asked: str
    distance: str
    sure: bool
    pros: tuple[str, ...]
    cons: tuple[str, ...]
    note: str
    edition: str  # of the one it has, when several would do; "" when there is but one
    ask: str  # the address of the request to it


@dataclass(frozen=True, slots=True)
class Out:
    """A library that is left out."""

    name: str
    rule: str
    said: str
    copies_instead: str  # the address that asks for copies; "" when it makes none


def query(sought: Sought, **more: str) -> str:
    """A question as the query of an address: what is not stated is left out."""
    pairs: list[tuple[str, str]] = []
    for field in fields(Sought):
        value = getattr(sought, field.name)
        if value != (sought.needs if field.name == "service" else getattr(_DEFAULTS, field.name)):
            pairs.append((field.name, value.isoformat() if isinstance(value, date) else str(value)))
    return urlencode([*pairs, *more.items()])


class DeskView:
    """Writes an answer of the desk in one interface language."""

    def __init__(self, answered: Answered, page: Page, base: str, number: str) -> None:
        self._answered = answered
        self._t = page.t
        self._labels = page.labels
        self._live = page.live
        self._libraries = page.services.libraries
        self._base = base  # the address of the desk
        self._number = number  # of the request
        self._words = Words(page.t, page.labels)

    @property
    def is_serial(self) -> bool:
        found = self._answered.found.editions
        return bool(found) and found[0].format in SERIALS

    def rows(self) -> tuple[Row, ...]:
        return tuple(self._row(rank, one) for rank, one in enumerate(self._answered.lenders.lenders, start=1))

    def outs(self) -> tuple[Out, ...]:
        return tuple(self._out(one) for one in self._answered.lenders.excluded)

    def sentence(self) -> str:
        """How many hold it, how many can be asked and how many are left out: the counts add up."""
        t, found = self._t, self._answered.lenders
        can, cannot = len(found.lenders), len(found.excluded)
        parts = [t("lending.can", n=can)] + ([t("lending.cannot", n=cannot)] if cannot else [])
        comma = "，" if t.full_width else ", "
        return t("lending.held", n=can + cannot) + comma.join(parts) + t.stop.rstrip()

    def title(self) -> str:
        found = self._answered.found.editions
        return found[0].title.proper if found and found[0].title else self._answered.sought.title

    def facts(self) -> str:
        """Publisher, year and extent of the first edition."""
        found = self._answered.found.editions
        if not found:
            return ""
        one = found[0]
        publisher = one.imprints[0].value.publisher if one.imprints else ""
        year = "" if one.year is None else f"{one.year}{'-' if one.format in SERIALS else ''}"
        extent = one.extents[0].value if one.extents and one.format not in SERIALS else ""
        comma = "，" if self._t.full_width else ", "
        return comma.join(filter(None, (publisher, year, extent)))

    def part(self) -> str:
        """The part that is wanted of it: article, volume, issue, year and pages."""
        sought, t = self._answered.sought, self._t
        named = [
            (key, getattr(sought, key))
            for key in ("article", "author", "volume", "issue", *(("year",) if self.is_serial else ()), "pages")
        ]
        comma = "，" if t.full_width else ", "
        return comma.join(t("lending.f_line", label=t(f"lending.{key}"), value=value) for key, value in named if value)

    def match(self) -> str:
        """How sure it is that a citation means this edition; "" where a number says so."""
        sure = self._answered.found.sure
        return "" if sure is None else self._t("lending.matched", percent=self._words.percent(sure))

    def choices(self) -> tuple[tuple[str, str], ...]:
        """What else a citation may mean: words and address."""
        found = []
        for one in self._answered.found.choices:
            edition = one.edition
            publisher = edition.imprints[0].value.publisher if edition.imprints else ""
            facts = " ".join(filter(None, (publisher, str(edition.year or ""))))
            title = edition.title.proper if edition.title else edition.id
            words = self._t("lending.choice", title=title, facts=facts, percent=self._words.percent(one.sure))
            found.append((words, f"{self._base}?{query(self._with(edition=edition.id))}"))
        return tuple(found)

    def _with(self, **changes: str) -> Sought:
        values = {field.name: getattr(self._answered.sought, field.name) for field in fields(Sought)}
        if "edition" in changes:
            values |= {"isbn": "", "issn": "", "title": "", "creator": ""}
        return Sought(**{**values, **changes})

    def _row(self, rank: int, one: Lender) -> Row:
        t, words = self._t, self._words
        several = len(self._answered.found.editions) > 1
        return Row(
            rank=rank,
            code=one.library,
            name=self._labels.library(one.library),
            badge=self.badge(one),
            place=words.place(one),
            days=t("lending.unstated") if one.days is None else str(one.days),
            arrives=t.day(one.arrives) if one.arrives else "",
            cost=words.money(one.cost),
            asked=t("lending.items", n=one.asked),
            distance="" if one.kilometres is None else t("lending.km", n=one.kilometres),
            sure=one.sure,
            pros=tuple(words.reason(reason) for reason in one.reasons_for if reason.why not in _IN_FIGURES),
            cons=tuple(words.reason(reason) for reason in one.reasons_against if reason.why not in _IN_FIGURES),
            note=words.label(self._libraries[one.library].lending.note),
            edition=self._edition(one.edition) if several else "",
            ask=f"{self._base}/request?{query(self._answered.sought, to=one.library, number=self._number)}",
        )

    def badge(self, one: Lender) -> Badge:
        """The state of a lender's copies."""
        if one.answer is None:
            return self._live.not_asked()
        badge = self._live.badge(one.answer)
        whole = next((reason for reason in one.reasons_for if reason.why is Why.WHOLE_SET), None)
        return badge if whole is None else Badge(badge.shape, self._words.reason(whole))

    def _edition(self, edition_id: str) -> str:
        edition = self._answered.editions[edition_id]
        publisher = edition.imprints[0].value.publisher if edition.imprints else ""
        title = edition.title.proper if edition.title else ""
        return " ".join(filter(None, (title, publisher, str(edition.year or ""))))

    def _said(self, rule: Rule, words: str) -> str:
        if rule is Rule.CLOSED:
            return words
        if rule is Rule.AGREEMENT:
            return self._t("lending.f_line", label=self._t("lending.agreement"), value=words)
        return self._t("lending.said", words=words)

    def _out(self, one: Excluded) -> Out:
        words = self._words
        said = words.label(one.name)
        copies = f"{self._base}?{query(self._with(service='copy'))}" if one.copies_instead else ""
        return Out(
            name=self._labels.library(one.library),
            rule=words.rule(one),
            said=said and self._said(one.rule, said),
            copies_instead=copies,
        )
