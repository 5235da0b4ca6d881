"""What is wanted, and what speaks for and against each library: the words of the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum

from indexer.holdings.coverage import Issue
from mappings.lending import Label, Service
from search_api.availability.status import Answer


class Rule(StrEnum):
    """What excludes a library."""

    OWN_LIBRARY = "own_library"
    NO_MEMBER = "no_member"  # its records are still in the catalogue, it is not in the configuration
    AGREEMENT = "agreement"  # an agreement says that the two do not do this for each other
    DOES_NOT_LEND = "does_not_lend"
    DOES_NOT_COPY = "does_not_copy"
    NOT_TO_US = "not_to_us"  # a rule of its own names us, or all but others
    FORMAT_NOT_LENT = "format_not_lent"
    ITEM_TYPES_NOT_LENT = "item_types_not_lent"  # every copy is of a type that it does not lend
    COLLECTION_NOT_LENT = "collection_not_lent"
    SHELF_NOT_LENT = "shelf_not_lent"  # every copy stands where, or has a policy with which, it does not lend
    CLOSED = "closed"  # its desk works again after the day it is needed by
    NOT_COVERED = "not_covered"  # its holdings statement does not cover the issue
    ONLINE_ONLY = "online_only"
    ON_SITE_ONLY = "on_site_only"
    NOT_THERE = "not_there"  # its own system does not know the record
    NO_COPY_LEFT = "no_copy_left"  # lost, missing, withdrawn or never for loan
    VOLUME_NOT_HELD = "volume_not_held"  # its copies are all of other volumes


class Why(StrEnum):
    """A reason for or against asking a library early."""

    AGREEMENT = "agreement"  # name
    RECIPROCAL = "reciprocal"  # name
    RULE_FOR_US = "rule_for_us"  # a rule of its own names us
    COLLECTION_LENT = "collection_lent"  # text: the collection
    COVERS = "covers"  # text: the statement
    AVAILABLE_NOW = "available_now"  # number: copies
    ON_REQUEST = "on_request"  # number: copies in closed stacks
    WHOLE_SET = "whole_set"  # number: volumes, all of them there
    TO_BE_COPIED = "to_be_copied"  # number: copies that stay in the house
    SAME_COURIER = "same_courier"  # name; text: days
    SAME_REGION = "same_region"
    NEAR = "near"  # number: kilometres
    FREE = "free"
    USUAL_DAYS = "usual_days"  # number: days of work until it arrives
    IN_TIME = "in_time"  # day: when it should arrive
    SEVERAL_COPIES = "several_copies"  # number: copies it lends
    ASKED_LITTLE = "asked_little"  # number: requests of late, the fewest
    NO_AGREEMENT = "no_agreement"  # none stated between the two: ask
    NOT_STATED = "not_stated"  # what it does is stated nowhere: ask
    BY_ARRANGEMENT = "by_arrangement"  # its rule says: ask
    COVERAGE_UNREAD = "coverage_unread"  # text: the statement, which cannot be read or says too little
    ON_LOAN = "on_loan"  # day: when the first is due back
    AWAY = "away"  # on its way, on the hold shelf, in process, on order
    WAITING = "waiting"  # number: requests before ours
    NOT_ASKED = "not_asked"
    COULD_NOT_ASK = "could_not_ask"
    KEPT_ANSWER = "kept_answer"
    NO_LIVE_STATUS = "no_live_status"
    UNCLEAR = "unclear"
    LICENSED = "licensed"  # it is on line: whether it may be passed on is for the licence to say
    SOME_COPIES_NOT_LENT = "some_copies_not_lent"  # number: copies that it does not lend
    COSTS = "costs"  # money
    COSTS_NOT_STATED = "costs_not_stated"
    DAYS_NOT_STATED = "days_not_stated"
    CLOSED_UNTIL = "closed_until"  # day: when its desk works again; name: why
    TOO_LATE = "too_late"  # day: when it should arrive, after the day it is needed by
    FAR = "far"  # number: kilometres
    ASKED_MUCH = "asked_much"  # number: requests of late, as many as it should be sent
    LAST_RESORT = "last_resort"


@dataclass(frozen=True, slots=True)
class Money:
    """What something costs. ``at_least``: parts of it are not stated."""

    amount: Decimal
    currency: str
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    why: Why
    number: int | None = None
    day: date | None = None
    volume: str = ""  # of a set or a series that it is said of; "": of all copies
    name: Label | None = None  # of an agreement, a courier, a closure
    text: str = ""
    money: Money | None = None


class Tier(IntEnum):
    """Libraries of a lower tier are asked first, whatever else speaks for the others."""

    THERE = 0
    ON_REQUEST = 1
    NOT_KNOWN = 2
    LAST_RESORT = 3
    OUT = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, by whom and until when."""

    today: date
    service: Service = "loan"
    borrower: str = ""  # the code of the library that asks, "" when it is not said
    volume: str = ""  # of a set
    issue: Issue = field(default_factory=Issue)  # of a serial
    pages: int | None = None  # how many are to be copied
    needed_by: date | None = None


@dataclass(frozen=True, slots=True)
class Lender:
    """A library to ask."""

    library: str
    edition: str
    tier: Tier
    sure: bool  # an agreement or a rule says that it does this for us; else it may
    copies: int | None  # that it lends, as catalogued; None when its records state none
    days: int | None
    arrives: date | None  # when it should, if it is asked today; None when it is not stated
    cost: Money | None
    kilometres: int | None
    asked: int  # requests of ours in the last thirty days
    call_number: str  # of the copy to be lent, with its place
    place: tuple[str, str]  # branch and location, codes as sent
    local_id: str
    statement: str  # of its holdings, of a serial or a set
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]
    answer: Answer | None  # None when nothing was asked live
    dear: bool = False  # it costs more than what is dear to the consortium


@dataclass(frozen=True, slots=True)
class Excluded:
    """A holder that is not to be asked, and the rule that says so."""

    library: str
    edition: str
    rule: Rule
    values: tuple[str, ...] = ()  # what the rule names: the format, the item types, the statement
    name: Label | None = None  # of the agreement or closure, or what the library says of it
    day: date | None = None  # when its desk works again
    copies_instead: bool = False  # it does not lend this, and makes copies


@dataclass(frozen=True, slots=True)
class Lenders:
    """All holders, each once: to be asked, in order, or excluded, by code."""

    lenders: tuple[Lender, ...]
    excluded: tuple[Excluded, ...]
