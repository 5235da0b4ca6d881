"""Where the rows of a result page can be had now: a badge for each holder shown, one sentence on all libraries asked.

Which holders a row shows, and in which order, is settled when the page is sent: mine first, then by region. An answer
fills the room kept for it and moves nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from indexer.record import Edition
from search_api.availability.status import Answer, Standing, Summary, summarise, tally
from search_api.labels import Labels
from search_api.live_view import Badge, LiveView, to_be_had
from search_api.texts import Texts

HOLDERS_SHOWN = 3
SPINES_SHOWN = 12
"""Of an edition that hundreds hold a shelf has no more to say, and a row no more room."""

_NOT_TOLD = (("kept", Standing.KEPT), ("unanswered", Standing.UNANSWERED), ("no_service", Standing.NO_LIVE_STATUS))
_SAID_OF_A_LIBRARY = (
    (Standing.ASKING, "asking"),
    (Standing.UNANSWERED, "unanswered"),
    (Standing.KEPT, "kept"),
    (Standing.NO_LIVE_STATUS, "no_service"),
)
"""What is said of a library that was asked about several editions: the first that holds of any; else it answered."""

_IN_ORDER = ("answered", "kept", "asking", "unanswered", "no_service")


@dataclass(frozen=True, slots=True)
class HolderView:
    """One holder in a row, with the room for its state."""

    library: str
    name: str
    mine: bool
    badge: Badge


@dataclass(frozen=True, slots=True)
class HaveView:
    """Who holds an edition and what they say now."""

    held: str  # how many hold it
    can: str  # what can be had now; "" while nothing is known to
    rest: str  # what is not known, in words
    spines: tuple[str, ...]  # a shape for each holder
    holders: tuple[HolderView, ...]
    more: int  # holders that are not shown


@dataclass(slots=True)
class Now:
    """What the libraries have said of the editions of one page, as it comes. ``asked``: somebody was asked at all."""

    editions: Mapping[str, Edition]
    t: Texts
    labels: Labels
    live: LiveView
    mine: Collection[str] = ()
    near: Collection[str] = ()  # libraries near the place where something is sought on the shelf
    asked: bool = False
    answers: dict[str, dict[str, Answer]] = field(default_factory=dict)  # edition → library → answer

    def take(self, answers: Iterable[Answer]) -> None:
        """Takes answers, each in place of an earlier one of its library."""
        for answer in answers:
            if answer.edition in self.editions:
                self.answers.setdefault(answer.edition, {})[answer.library] = answer

    def have(self, edition: str) -> HaveView:
        """The right-hand side of a row."""
        answers = self.answers.get(edition, {})
        codes = self._in_order(self.editions[edition].libraries)
        counted = summarise(answers.values(), asking=len(codes) - len(answers) if self.asked else 0)
        can, rest = in_words(counted, len(codes), self.t)
        if not self.asked and len(answers) < len(codes):
            rest = ""  # the badges say who was not asked yet
        waiting = self.live.asking() if self.asked else self.live.not_asked()
        shown = codes[:HOLDERS_SHOWN] if len(codes) > HOLDERS_SHOWN + 1 else codes
        return HaveView(
            held=self.t("results.held", n=len(codes)),
            can=can,
            rest=rest,
            spines=tuple(
                self.live.spine(answers[code]) if code in answers else waiting.shape for code in codes[:SPINES_SHOWN]
            ),
            holders=tuple(
                HolderView(
                    code,
                    self.labels.library(code),
                    code in self.mine,
                    self.live.badge(answers[code]) if code in answers else waiting,
                )
                for code in shown
            ),
            more=len(codes) - len(shown),
        )

    def sentence(self, at: datetime) -> str:
        """How many libraries were asked, and what came of it: its counts add up. "" before anybody was asked."""
        if not self.asked:
            return ""
        said: dict[str, set[Standing]] = {}
        for edition in self.editions.values():
            for code in edition.libraries:
                answer = self.answers.get(edition.id, {}).get(code)
                said.setdefault(code, set()).add(tally(answer).standing if answer else Standing.ASKING)
        counts = dict.fromkeys(_IN_ORDER, 0)
        for standings in said.values():
            counts[next((key for one, key in _SAID_OF_A_LIBRARY if one in standings), "answered")] += 1
        parts = [self.t(f"live.{key}", n=n) for key, n in counts.items() if n]
        what = self.t("figures.comma").join(parts)
        return self.t("now.asked", time=self.t.time(at), n=len(said), what=what)

    def summary(self, *, all_shown: bool = False) -> str:
        """All of it in one sentence, for who cannot see the rows; ``all_shown``: no row of the page was left out."""
        answered = (self.answers.get(id_, {}).values() for id_ in self.editions)
        available = sum(summarise(answers).available > 0 for answers in answered)
        return self.t("now.summary_all" if all_shown else "now.summary", n=len(self.editions), available=available)

    def _in_order(self, codes: Sequence[str]) -> list[str]:
        return sorted(self.labels.in_order(codes), key=lambda code: (code not in self.mine, code not in self.near))


def in_words(counted: Summary, holders: int, t: Texts) -> tuple[str, str]:
    """What can be had now, and what else there is to say in one line: "3 can lend now" and "asking 1".

    Nobody is said to lack it before all have answered; a kept answer is not counted as now.
    """
    counts = counted.counts
    can = t("figures.comma").join(to_be_had(counts, t))
    if not can and counts[Standing.NOT_NOW] == holders:
        can = t("live.no_lend")
    if counted.asking:
        return can, t("live.asking", n=counted.asking)
    if can or not counted.holders:
        return can, ""  # the badges tell who has not answered, and the sentence above the rows how many
    told = [t(f"live.{key}", n=counts[standing]) for key, standing in _NOT_TOLD if counts[standing]]
    return can, next(iter(told), t("state.unknown"))
