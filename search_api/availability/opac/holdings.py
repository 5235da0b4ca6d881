"""What the holdings of an OPAC record say of copies: the same fields hold other things in each kind of system.

The rules, in this order:

1. A *status* field of the kind of system must be understood: a word that no table knows makes the copy unknown.
2. Other fields hold places, policies and notes as well: only words that a table knows count, the rest is left.
3. Of several words the one further down the vocabulary (``ItemState``) wins: *checked out* beats *checked in*.
4. A due date, even one that cannot be read for sure, beats the flag and every word that says the copy can be had;
   it beats nothing that says more (lost).
5. The flag ``availableNow`` = 1 beside a word that says no: the word wins. = 0 beside *available*: not to be relied
   on, so "check with the library"; = 0 beside *for use in the library*: not for loan; = 0 alone: on loan, the only
   reason for which the record has a date of return. Without a word, 1 is available.
6. ``onHold`` = 1 makes a copy that could be had one that waits for a reader.
7. A temporary place whose name says *reserve* is for use in the library, and so is a shelf that is called what a
   table calls that (*Reference*). Any temporary place is where the copy is.
8. No flag and no word: unknown. A text that stands alone in a field that may hold a status is told to staff.
9. Where the flag is not to be relied on without its word (Horizon), a text that nobody knows makes the copy unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mappings.opac import OpacSystem
from search_api.availability.opac.record import NOTHING, Circulation, OpacHolding
from search_api.availability.opac.words import is_reserve, understood
from search_api.availability.reading import day
from search_api.availability.status import TO_BE_HAD, ItemState, ItemStatus
from search_api.availability.system import System

_STRENGTH = {state: place for place, state in enumerate(ItemState)}


@dataclass(frozen=True, slots=True)
class OpacRule:
    """Where one kind of system says how a copy is: names of fields of ``Circulation`` and ``OpacHolding``."""

    status: tuple[str, ...] = ()  # hold a status and nothing else
    perhaps: tuple[str, ...] = ("public_note", "shelving_data", "restrictions", "available_thru", "temporary_location")
    flag_alone: bool = True  # whether availableNow = 1 can be relied on beside texts that no table knows


_PLAIN = OpacRule()
OPAC_RULES: Mapping[OpacSystem, OpacRule] = {
    "generic": _PLAIN,
    "alma": _PLAIN,  # availableThru: the policy of loans
    "evergreen": _PLAIN,
    "folio": OpacRule(status=("restrictions",)),  # the status of the copy, where it is not Available
    "horizon": OpacRule(  # three sites, three fields; restrictions is a branch
        perhaps=("shelving_data", "available_thru", "temporary_location", "public_note"), flag_alone=False
    ),
    "koha": _PLAIN,
    "polaris": _PLAIN,
    "sierra": OpacRule(status=("public_note",)),  # often with no circulation at all
    "symphony": _PLAIN,
    "tlc": _PLAIN,
    "voyager": _PLAIN,
    "worldshare": _PLAIN,
}


def copies_of_holding(
    system: System, rule: OpacRule, holding: OpacHolding, unknown_words: list[str]
) -> Iterator[ItemStatus]:
    """The copies of a holding, one at least: a holding of which no copy is told is one that is not known more of."""
    for copy in holding.circulations or (NOTHING,):
        yield _copy(system, rule, holding, copy, unknown_words)


def _copy(
    system: System, rule: OpacRule, holding: OpacHolding, copy: Circulation, unknown_words: list[str]
) -> ItemStatus:
    states: list[ItemState] = []
    strange: list[str] = []
    is_due = is_a_date(copy.available_date)
    due = system.due(copy.available_date) or day(copy.available_date) if is_due else None
    queue, said_by, is_place = None, "", True
    for name in (*rule.status, *(name for name in rule.perhaps if name not in rule.status)):
        text = getattr(copy if hasattr(copy, name) else holding, name)
        if not text:
            continue
        said = understood(system, text)
        queue, due = said.queue or queue, due or said.due
        if said.state is not None:
            states.append(said.state)
            is_place = is_place and name != "temporary_location"
            said_by = said_by or text
        elif name in rule.status:
            unknown_words.append(text)
            states.append(ItemState.UNKNOWN)
            said_by = said_by or text
        else:
            strange.append(text)
    flag = copy.available_now
    if not states and strange and (flag is None or (flag and not rule.flag_alone)):
        unknown_words.append(strange[0])
        states.append(ItemState.UNKNOWN)
        said_by = strange[0]
    elif flag and is_place and is_reserve(copy.temporary_location):
        states.append(ItemState.AVAILABLE_ONSITE)
        said_by = said_by or copy.temporary_location
    if flag is not False and understood(system, holding.shelving_location).state is ItemState.AVAILABLE_ONSITE:
        states.append(ItemState.AVAILABLE_ONSITE)
        said_by = said_by or holding.shelving_location
    state = decided(states, flag=flag, due=is_due, on_hold=bool(copy.on_hold))
    return ItemStatus(
        state=state,
        item_id=copy.item_id,
        barcode=copy.item_id,
        due=due if state in (ItemState.ON_LOAN, ItemState.RECALLED) else None,
        branch=holding.local_location,
        location=copy.temporary_location if copy.temporary_location and is_place else holding.shelving_location,
        call_number=holding.call_number.strip(" ,"),
        volume=copy.enum_and_chron or holding.enum_and_chron,
        queue=queue,
        message="" if state is ItemState.AVAILABLE else said_by,
    )


def decided(states: Sequence[ItemState], *, flag: bool | None, due: bool, on_hold: bool = False) -> ItemState:
    """The state of a copy from all that is said of it, by the rules above. ``due``: a date is given, read or not."""
    state = max(states, key=_STRENGTH.__getitem__, default=None)
    if due and (state is None or state in TO_BE_HAD or state in _OPEN):
        return ItemState.ON_LOAN
    if state is None:
        state = {True: ItemState.AVAILABLE, False: ItemState.ON_LOAN, None: ItemState.UNKNOWN}[flag]
    elif flag is False:
        state = _AGAINST_FLAG.get(state, state)
    return ItemState.ON_HOLD_SHELF if on_hold and state in TO_BE_HAD else state


_AGAINST_FLAG = {
    ItemState.AVAILABLE: ItemState.CHECK_WITH_LIBRARY,
    ItemState.ON_REQUEST: ItemState.CHECK_WITH_LIBRARY,
    ItemState.AVAILABLE_ONSITE: ItemState.NOT_FOR_LOAN,
}
_OPEN = frozenset({ItemState.CHECK_WITH_LIBRARY, ItemState.NOT_FOR_LOAN})


def is_a_date(text: str) -> bool:
    """Whether a field for a date has one: some are filled with noughts or blanks."""
    return any(c.isalnum() and c != "0" for c in text)
