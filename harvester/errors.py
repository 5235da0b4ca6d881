"""What can go wrong while harvesting, named by what the caller should do.

HarvestFailed                 this member's run ends as failed; the others go on
├── SourceUnreachable         no usable answer within the retries: try again later, from the checkpoint
│   ├── ComeBackLater         the server asks for more patience than a run has
│   ├── HostUnknown           the name of the host no longer leads anywhere: an alarm the same day
│   └── AnswerRefused         the server answers, but never with a page that can be trusted
│       ├── RequestRefused    400 and the like: it does not take what it is asked, as it takes it from others
│       └── LedInCircles      its addresses lead from one to the next and to no answer
├── AccessRefused             401, 403 and the like: an operator must act
│   ├── NotThere              404, 410: there is nothing at this address
│   ├── Untrusted             a certificate or a key is not one we know: nobody is to be told a secret
│   ├── SettingsUnusable      the library's file names a variable or a file that is not there
│   └── FormatRefused         cannotDisseminateFormat: the server has no such metadata prefix
├── AnswerTooLarge            an answer passes the member's size cap: raise the cap or find out why
├── ProtocolFailed            the server broke the protocol: loops, unknown prefix, no end; start the window anew
│   ├── TokenRefused          badResumptionToken: the harvester restarts the window by itself, a bounded number of times
│   ├── ArgumentRefused       badArgument: the server does not take what we asked as we asked it
│   └── FilterLost            the server lists what was not asked for: other sets, or everything for what is new
├── DumpUnusable              a file cannot be opened, or is not MARC
├── LeaseTaken                another process works on this member: leave it to that one
└── RunTakenOver              another process took this member over: what this one has not committed is void

HarvestStopped                somebody asked it to stop, and it did between two pages: the next goes on from there
StoreUnusable                 the raw store cannot be opened: start-up stops
"""

from __future__ import annotations

from typing import ClassVar, Literal

Cause = Literal[
    "unreachable",
    "come_back_later",
    "host_unknown",
    "refused",
    "request_refused",
    "circles",
    "not_let_in",
    "not_there",
    "untrusted",
    "settings",
    "format",
    "busy",
    "other",
]
"""What kind of failure ended a run, for whoever decides when to ask again and whom to tell."""


class HarvestFailed(Exception):
    """The harvest of one member cannot go on; the message says why, in words for whoever runs the catalogue."""

    cause: ClassVar[Cause] = "other"
    resumable: ClassVar[bool] = False  # whether going on from the checkpoint may succeed where this attempt failed


class SourceUnreachable(HarvestFailed):
    """The member's server gave no usable answer within the retries."""

    cause: ClassVar[Cause] = "unreachable"
    resumable = True


class ComeBackLater(SourceUnreachable):
    """The server asked, with Retry-After, for a longer pause than a run makes."""

    cause: ClassVar[Cause] = "come_back_later"

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class HostUnknown(SourceUnreachable):
    """The name of the member's host does not resolve: it moved, or its name was let go."""

    cause: ClassVar[Cause] = "host_unknown"


class AnswerRefused(SourceUnreachable):
    """The server answered, and no answer could be accepted as a page: an error of its own, HTML, a cut-off body."""

    cause: ClassVar[Cause] = "refused"


class RequestRefused(AnswerRefused):
    """The server calls the request itself wrong, with a status of HTTP: a slip of one page, or of an address."""

    cause: ClassVar[Cause] = "request_refused"


class LedInCircles(AnswerRefused):
    """Redirects lead to no answer."""

    cause: ClassVar[Cause] = "circles"


class AccessRefused(HarvestFailed):
    """The server refuses this request as such; asking again does not help."""

    cause: ClassVar[Cause] = "not_let_in"


class NotThere(AccessRefused):
    """Nothing is, or is no longer, at this address."""

    cause: ClassVar[Cause] = "not_there"


class Untrusted(AccessRefused):
    """Whoever answers does not prove to be the library's server."""

    cause: ClassVar[Cause] = "untrusted"


class SettingsUnusable(AccessRefused):
    """What the library's file names cannot be used here: a variable is not set, a file is not there."""

    cause: ClassVar[Cause] = "settings"


class AnswerTooLarge(HarvestFailed):
    """An answer is larger than the member's cap; what arrived of it is not used."""


class ProtocolFailed(HarvestFailed):
    """The server's list cannot be followed to a proven end."""


class TokenRefused(ProtocolFailed):
    """The server no longer knows the resumption token."""


class ArgumentRefused(ProtocolFailed):
    """The server takes an argument for wrong."""


class FormatRefused(AccessRefused):
    """The server does not have the metadata prefix that was asked for."""

    cause: ClassVar[Cause] = "format"


class FilterLost(ProtocolFailed):
    """The server lists many records outside the set or the time that was asked for."""


class DumpUnusable(HarvestFailed):
    """A file of records cannot be opened or is not MARC."""


class LeaseTaken(HarvestFailed):
    """Another process works on this member, and is alive as far as can be known."""

    cause: ClassVar[Cause] = "busy"


class RunTakenOver(HarvestFailed):
    """Another process has begun to harvest this member."""

    cause: ClassVar[Cause] = "busy"


class HarvestStopped(Exception):
    """The harvest was asked to stop; all it had is committed, its lease given back."""


class StoreUnusable(Exception):
    """The raw store cannot be opened or written."""
