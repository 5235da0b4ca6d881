"""Where the editions of a result page can be had now: one line for each row, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from indexer.record import Edition
from search_api.availability.status import Answer, Standing, summarise
from search_api.texts import Texts

_ELSE = (("request", Standing.ON_REQUEST), ("online", Standing.ONLINE), ("read", Standing.ON_SITE))
_NOT_TOLD = (
    ("kept", Standing.KEPT),
    ("unanswered", Standing.UNANSWERED),
    ("no_service", Standing.NO_LIVE_STATUS),
)


@dataclass(slots=True)
class Now:
    """What the libraries have answered for the editions of one page, as it comes."""

    editions: Mapping[str, Edition]
    t: Texts
    answers: dict[str, dict[str, Answer]] = field(default_factory=dict)  # edition → library → answer
    said: dict[str, str] = field(default_factory=dict)  # edition → the line it has been given

    def changed(self, answer: Answer) -> str | None:
        """Takes an answer; the line of its edition when that is another one now."""
        self.answers.setdefault(answer.edition, {})[answer.library] = answer
        words = now_in_words(self.editions[answer.edition], self.answers[answer.edition].values(), self.t)
        if self.said.get(answer.edition) == words:
            return None
        self.said[answer.edition] = words
        return words

    def summary(self) -> str:
        """All of it in one sentence, for who cannot see the lines."""
        answered = (self.answers.get(id_, {}).values() for id_ in self.editions)
        available = sum(summarise(answers).available > 0 for answers in answered)
        return self.t("now.summary", n=len(self.editions), available=available)


def now_in_words(edition: Edition, answers: Collection[Answer], t: Texts) -> str:
    """ "Available now at 2 libraries, 1 could not be asked". Nobody is said to lack it before all have answered."""
    counted = summarise(answers, asking=len(edition.libraries) - len(answers))
    counts = counted.counts
    said = [t("now.at", n=counted.available)] if counted.available else []
    if not said:
        said = [t(f"live.{key}", n=counts[standing]) for key, standing in _ELSE if counts[standing]][:1]
    if not said and counts[Standing.NOT_NOW] == counted.holders:
        said = [t("live.no_lend")]
    if counted.asking:
        said.append(t("live.asking", n=counted.asking))
    said += [t(f"live.{key}", n=counts[standing]) for key, standing in _NOT_TOLD if counts[standing]]
    return t("figures.comma").join(said) or t("state.unknown")
