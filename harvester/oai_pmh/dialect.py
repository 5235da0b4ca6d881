"""What one server understands of OAI-PMH: learnt while asking, remembered between runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from harvester.traits import Trait

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
CLOCK_TOLERANCE = timedelta(minutes=10)

VERBATIM = "verbatim"
QUOTED = "quoted"

_LEFT_AS_IT_IS = "!$'()*+,/:;=?@%[]~"  # all that may stand in a query and does not end it or its argument


class Dialect:
    """What is known of a server, with what was learnt since it was last taken down."""

    def __init__(self, traits: Mapping[str, Trait]) -> None:
        self._known = dict(traits)
        self._fresh: dict[str, Trait] = {}

    def __getitem__(self, name: str) -> Trait:
        """What is known by this name; None when nothing is."""
        return self._known.get(name)

    def learn(self, name: str, value: Trait) -> None:
        """Notes something, unless it was known."""
        if name not in self._known or self._known[name] != value:
            self._known[name] = self._fresh[name] = value

    def fresh(self) -> dict[str, Trait]:
        """What was learnt since this was last asked."""
        fresh, self._fresh = self._fresh, {}
        return fresh

    @property
    def granule(self) -> timedelta:
        """The finest step of from and until."""
        return SECOND if self["granularity"] == "second" or self["force_seconds"] is True else DAY

    def stamp(self, moment: datetime) -> str:
        """A moment as from or until, as finely as the server knows it."""
        form = "%Y-%m-%d" if self.granule == DAY else "%Y-%m-%dT%H:%M:%SZ"
        return f"{moment.year:04d}{moment.astimezone(UTC).strftime(form.removeprefix('%Y'))}"

    @property
    def ahead(self) -> timedelta:
        """How far the server's clock is ahead of ours; nothing when it is not, or no more than clocks are."""
        seconds = self["skew_seconds"]
        return timedelta(seconds=max(0.0, seconds)) if isinstance(seconds, int | float) else timedelta()

    def note_clock(self, server: datetime, ours: datetime) -> None:
        """Learns how far the clocks are apart, when it is more than clocks are."""
        apart = round((server - ours).total_seconds())
        if abs(apart) <= CLOCK_TOLERANCE.total_seconds():
            apart = 0
        known = self["skew_seconds"]
        if not isinstance(known, int | float):
            known = 0
        if abs(apart - known) > CLOCK_TOLERANCE.total_seconds():
            self.learn("skew_seconds", apart)

    def quoted(self, token: str) -> str:
        """A token as it goes into a URL: opaque, so all of it is encoded, unless that was found to break it."""
        return quote(token, safe=_LEFT_AS_IT_IS if self["token_encoding"] == VERBATIM else "")

    def encoding_matters(self, token: str) -> bool:
        """Whether this token looks otherwise when it is sent verbatim."""
        return quote(token, safe="") != quote(token, safe=_LEFT_AS_IT_IS)


def proposals(traits: Mapping[str, Trait]) -> list[str]:
    """What an operator should know of a server and change in its library's file, in words; often nothing."""
    found = []
    runs = traits.get("moved_runs")
    if isinstance(runs, int) and runs >= 3:
        found.append(f"the server has moved: set harvest.url to {traits['moved_to']}")
    if traits.get("selective_ok") is False:
        found.append("the server does not honour dates: every harvest is a full one")
    return found
