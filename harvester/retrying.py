"""When a request is worth sending again, how long to wait before, and when to leave a host alone for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from harvester.errors import AccessRefused, AnswerRefused, ComeBackLater, NotThere, RequestRefused, SourceUnreachable

FIRST_BACK_OFF_SECONDS = 1.0
LONGEST_BACK_OFF_SECONDS = 60.0
LONGEST_RETRY_AFTER_SECONDS = 300.0  # more is not slept through: the run ends and says when to come back
MOST_SECONDS_ASKED_FOR = 1e10  # three centuries: more is no number of seconds anybody means
WORTH_ASKING_AGAIN = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
NOT_LET_IN = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.PAYMENT_REQUIRED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
    HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
}
NOT_CARRIED_OUT = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}  # the server says it did nothing
NOWHERE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
FAILURES_OF_AN_ILL_HOST = 3  # requests one after another without any answer, each with its retries
REST_SECONDS = 300.0


def back_off_seconds(attempt: int, jitter: float) -> float:
    """How long to wait after the ``attempt``-th failure, from 0; ``jitter`` from 0 to 1 spreads it."""
    longest = min(LONGEST_BACK_OFF_SECONDS, FIRST_BACK_OFF_SECONDS * 2.0**attempt)
    return longest * (0.5 + jitter / 2)


def seconds_to_wait(
    url: str,
    status: int,
    retry_after: str,
    date: datetime | None,
    back_off: float,
    *,
    last: bool,
    most: float = MOST_SECONDS_ASKED_FOR,
) -> float:
    """How long to wait before asking again after a status that is no answer.

    A server that asks to be left alone for more than ``most`` seconds is left alone for those: a slip of its
    configuration would end its harvests for ever, and those of all who share its host.

    Raises: AccessRefused when asking again does not help, ComeBackLater when the server wants more patience than
    a run has, that or AnswerRefused when this was the ``last`` attempt.
    """
    words = f"{url}: {status} {_phrase(status)}"
    if status in NOWHERE:
        raise NotThere(words)
    if status in NOT_LET_IN:
        raise AccessRefused(words)
    wanted = retry_after_seconds(retry_after, date or datetime.now(UTC))
    if wanted is not None and wanted > LONGEST_RETRY_AFTER_SECONDS:
        asks = f"{words}; it asks to be left alone for {_spoken(wanted)}"
        if wanted > most:
            raise ComeBackLater(
                f"{asks}, longer than harvest.longest_absence_hours: it is asked again after {_spoken(most)}", most
            )
        raise ComeBackLater(asks, wanted)
    if last:
        if status in NOT_CARRIED_OUT:
            raise ComeBackLater(words, REST_SECONDS)
        ours = HTTPStatus.BAD_REQUEST <= status < 500 and status not in WORTH_ASKING_AGAIN
        raise RequestRefused(words) if ours else AnswerRefused(words)
    return back_off if wanted is None else max(wanted, back_off)


def retry_after_seconds(value: str, now: datetime) -> float | None:
    """What a Retry-After header asks for (RFC 9110 §10.2.3): seconds or a date; absent when it says neither."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), MOST_SECONDS_ASKED_FOR)
    date = http_date(text)
    return None if date is None else max(0.0, (date - now).total_seconds())


def http_date(text: str) -> datetime | None:
    """The moment an HTTP header states; absent when it states none."""
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, IndexError):  # an empty or foreign date says nothing
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


@dataclass(slots=True)
class Health:
    """How one host has fared: whether it is to be left alone, by a clock that only goes forward."""

    failures: int = 0  # one after another
    rests_until: float = 0.0

    def check(self, host: str, now: float) -> None:
        """Raises: ComeBackLater while the host is left alone."""
        if now < self.rests_until:
            left = self.rests_until - now
            raise ComeBackLater(f"{host} is left alone for another {left:.0f} s", left)

    def answered(self) -> None:
        self.failures = 0

    def failed(self, now: float, exc: SourceUnreachable) -> None:
        """Notes that a request came to nothing; an answer that cannot be used shows a host that is there."""
        if isinstance(exc, ComeBackLater):
            self.rests_until = now + exc.seconds
        elif isinstance(exc, AnswerRefused):
            self.failures = 0
        else:
            self.failures += 1
            if self.failures >= FAILURES_OF_AN_ILL_HOST:
                self.failures = 0
                self.rests_until = now + REST_SECONDS


def _spoken(seconds: float) -> str:
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds:.0f} s"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "(no known status)"
