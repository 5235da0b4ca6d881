"""What fields of a MARC record say of copies, where a system gives no OPAC record or nothing of copies in it.

Each kind of system has its own fields, and ``generic`` goes by what is there: the first rule whose *sign* is in a
field of the record. A field without status is a copy that is not known more of; of several statuses the worse counts.

Koha (952, and 995 of UNIMARC): the due date, then the columns withdrawn, lost, not for loan, damaged, restricted. The
word in 952$k is not read: copies on the shelf have *Checked Out* there. Without any of those columns: unknown.
Symphony (926, and 999): a current place that stands for a state (CHECKEDOUT), else a name of shelves (STACKS), else
unknown. In 999 a copy whose current place is its home is on its shelf.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.marc import Field, Marc
from mappings.opac import OpacSystem
from search_api.availability.alma.bibs import Holding, statuses
from search_api.availability.opac.holdings import decided, is_a_date
from search_api.availability.opac.words import understood
from search_api.availability.reading import said
from search_api.availability.status import ItemState, ItemStatus
from search_api.availability.system import System


@dataclass(frozen=True, slots=True)
class MarcRule:
    """Where one kind of system puts what of a copy: codes of subfields, several in the order of preference."""

    tag: str
    state: Callable[[System, Field, list[str]], ItemStatus]  # state, due and message; the rest is filled in
    sign: str  # a field with all of these subfields is a copy, whatever its system
    branch: str = ""
    location: str = ""
    call_number: str = ""  # the first of these, with a second behind a plus: "h+i"
    barcode: str = ""
    item_id: str = ""
    volume: str = ""


def copies_of_marc(system: System, kind: OpacSystem, marc: Marc, unknown_words: list[str]) -> Iterator[ItemStatus]:
    """The copies that the record tells of."""
    if kind in ("alma", "generic") and marc.fields("AVA", "AVE"):
        yield from _of_alma(system, marc, unknown_words)
        return
    for rule in _rules(kind, marc):
        for field in marc.fields(rule.tag):
            status = rule.state(system, field, unknown_words)
            barcode = _first(field, rule.barcode)
            yield ItemStatus(
                state=status.state,
                item_id=_first(field, rule.item_id) or barcode,
                barcode=barcode,
                due=status.due if status.state in (ItemState.ON_LOAN, ItemState.RECALLED) else None,
                branch=_first(field, rule.branch),
                location=_first(field, rule.location),
                call_number=_call_number(field, rule.call_number),
                volume=_first(field, rule.volume),
                queue=status.queue,
                message=status.message,
            )


def _rules(kind: OpacSystem, marc: Marc) -> Sequence[MarcRule]:
    """The rules of a kind of system whose fields are there; for generic, those of the first kind that fits."""
    for rules in (_SYSTEMS[kind],) if kind in _SYSTEMS else _SYSTEMS.values():
        found = [rule for rule in rules if any(_fits(rule, kind, field) for field in marc.fields(rule.tag))]
        if found:
            return found[:1]
    return (_ANY_852,)


def _fits(rule: MarcRule, kind: OpacSystem, field: Field) -> bool:
    """Whether a field is a copy after a rule: other systems use the same tags for other things."""
    return kind in _SYSTEMS or all(field.first(code) for code in rule.sign)


def _by_word(status: str, due: str = "") -> Callable[[System, Field, list[str]], ItemStatus]:
    """A status in words, perhaps with a due date in a subfield of its own."""

    def state(system: System, field: Field, unknown_words: list[str]) -> ItemStatus:
        words = [word for code, text in field.texts if code == status and (word := said(text))]
        when = field.first(due) if due else ""
        day = system.due(when) if when else None
        is_due = is_a_date(when)
        if not words:
            return ItemStatus(decided((), flag=None, due=is_due), due=day)
        message, heard = "; ".join(words), [understood(system, word) for word in words]
        states = [each.state for each in heard if each.state is not None]
        if len(states) < len(words):
            unknown_words.extend(word for word, each in zip(words, heard, strict=True) if each.state is None)
            return ItemStatus(ItemState.UNKNOWN, message=message)
        day = day or max((each.due for each in heard if each.due is not None), default=None)
        queue = max((each.queue for each in heard if each.queue is not None), default=None)
        decision = decided(states, flag=None, due=is_due or day is not None)
        return ItemStatus(decision, due=day, queue=queue, message="" if decision is ItemState.AVAILABLE else message)

    return state


@dataclass(frozen=True, slots=True)
class _KohaColumns:
    """Where the columns of Koha's items stand."""

    due: str
    not_for_loan: str
    lost: str
    withdrawn: str
    damaged: str
    restricted: str

    def __call__(self, system: System, field: Field, _: list[str]) -> ItemStatus:
        when = field.first(self.due)
        values = [field.first(code) for code in (self.not_for_loan, self.lost, self.withdrawn, self.damaged)]
        withdrawn, lost = _set(values[2]), _set(values[1])
        if withdrawn:
            return ItemStatus(ItemState.WITHDRAWN)
        if lost:
            return ItemStatus(ItemState.MISSING if lost == _MISSING else ItemState.LOST)
        if is_a_date(when):
            return ItemStatus(ItemState.ON_LOAN, due=system.due(when))
        if not any(values):
            return ItemStatus(ItemState.UNKNOWN)
        reason = _set(values[0])
        own = system.state_of(reason, {}) if reason else None
        if own is not None:
            return ItemStatus(own)
        if reason.startswith("-"):
            return ItemStatus(ItemState.ON_ORDER)
        if _set(values[3]):
            return ItemStatus(ItemState.NOT_FOR_LOAN)
        if reason:
            return ItemStatus(ItemState.NOT_FOR_LOAN if reason == _STAFF_ONLY else ItemState.AVAILABLE_ONSITE)
        return ItemStatus(ItemState.CHECK_WITH_LIBRARY if _set(field.first(self.restricted)) else ItemState.AVAILABLE)


_MISSING = "4"  # authorised values LOST of a fresh Koha
_STAFF_ONLY = "2"  # authorised value NOT_LOAN of a fresh Koha: Staff Collection


def _set(value: str) -> str:
    return "" if value == "0" else value


_SYMPHONY_STATES: Mapping[str, ItemState] = {  # places of Symphony that no copy can be fetched from, folded
    **dict.fromkeys(("checkedout", "ill", "ill-out", "long-ovrdue", "long-ovd", "lost-claim"), ItemState.ON_LOAN),
    **dict.fromkeys(("holds", "hold", "holdshelf", "onhold", "on-hold"), ItemState.ON_HOLD_SHELF),
    **dict.fromkeys(("intransit", "in-transit", "transit"), ItemState.IN_TRANSIT),
    **dict.fromkeys(
        ("inprocess", "in-process", "cataloging", "catalog", "acq", "bindery", "repair", "mending", "reshelving"),
        ItemState.IN_PROCESS,
    ),
    **dict.fromkeys(("on-order", "onorder", "order"), ItemState.ON_ORDER),
    **dict.fromkeys(("missing", "search", "trace"), ItemState.MISSING),
    **dict.fromkeys(("lost", "lost-assum", "lost-paid"), ItemState.LOST),
    **dict.fromkeys(("discard", "withdrawn", "weed", "deleted"), ItemState.WITHDRAWN),
    **dict.fromkeys(("unavailable", "unavail", "noncirc", "suppress", "shadowed"), ItemState.NOT_FOR_LOAN),
    **dict.fromkeys(("reserves", "reserve", "reference", "ref", "ref-desk", "reserv-desk"), ItemState.AVAILABLE_ONSITE),
    **dict.fromkeys(("avail_soon", "avail-soon"), ItemState.IN_PROCESS),
}
_SHELVES = re.compile(
    r"(?:book)?(?:stacks?|stks?|shelf|shelves|general|main|adult|juv|juvenile|child(?:ren)?s?|kids?|teens?|ya|young|fic|"
    r"fiction|nonfic|nonfiction|non|bio|biography|mystery|myst|scifi|western|romance|new|newbooks?|books?|easy|picture|"
    r"board|oversize|folios?|paperbacks?|pbk|largeprint|lp|dvds?|cds?|av|media|audio|music|leisure|popular|graphic|"
    r"browsing|periodicals?|perm|circ)(?:s|\d+)?"
)


def _by_place(current: str, home: str = "") -> Callable[[System, Field, list[str]], ItemStatus]:
    def state(system: System, field: Field, unknown_words: list[str]) -> ItemStatus:
        place = said(field.first(current))
        known = system.state_of(place, _SYMPHONY_STATES) if place else None
        if known is not None:
            return ItemStatus(known, message="" if known is ItemState.AVAILABLE else place)
        parts = [part for part in re.split(r"[-_ /]", place.casefold()) if part]
        if (home and place and place == said(field.first(home))) or (parts and _SHELVES.fullmatch(parts[0])):
            return ItemStatus(ItemState.AVAILABLE)
        if place:
            unknown_words.append(place)
        return ItemStatus(ItemState.UNKNOWN, message=place)

    return state


def _not_told(_: System, __: Field, ___: list[str]) -> ItemStatus:
    return ItemStatus(ItemState.UNKNOWN)


def _of_alma(system: System, marc: Marc, unknown_words: list[str]) -> Iterator[ItemStatus]:
    """AVA and AVE, which mean here what they mean in Alma's own answers; of other institutions they are not ours."""
    institution = system.service.institution
    holdings = []
    for field in marc.fields("AVA", "AVE"):
        subfields: dict[str, str] = {}
        for code, text in field.texts:
            subfields.setdefault(code, said(text))
        of = frozenset(said(field.first(code)) for code in ("ai" if field.tag == "AVE" else "a")) - {""}
        if not institution or institution in of:
            holdings.append(Holding(field.tag, subfields, of))
    yield from statuses(system, holdings, "", unknown_words)


_TLC_STATES: Mapping[str, ItemState] = {"a": ItemState.AVAILABLE}


def _of_tlc(system: System, field: Field, unknown_words: list[str]) -> ItemStatus:
    """982$s: A is available; the other letters are each site's own, and its file says what they mean."""
    letter = said(field.first("s"))
    state = system.state_of(letter, _TLC_STATES) if letter else None
    if state is None:
        state = understood(system, letter).state if len(letter) > 1 else None
    if letter and state is None:
        unknown_words.append(letter)
    return ItemStatus(state or ItemState.UNKNOWN, message="" if state is ItemState.AVAILABLE else letter)


_KOHA = MarcRule(
    tag="952",
    state=_KohaColumns(due="q", not_for_loan="7", lost="1", withdrawn="0", damaged="4", restricted="5"),
    sign="7",
    branch="ba",
    location="c",
    call_number="o",
    barcode="p",
    item_id="9",
    volume="h",
)
_KOHA_UNIMARC = MarcRule(
    tag="995",
    state=_KohaColumns(due="n", not_for_loan="o", lost="2", withdrawn="0", damaged="1", restricted="3"),
    sign="f",
    branch="cb",
    location="e",
    call_number="k",
    barcode="f",
    item_id="9",
    volume="v",
)
_EVERGREEN = MarcRule(
    tag="852",
    state=_by_word("n"),
    sign="nb",
    branch="b",
    location="c",
    call_number="j,k+h+i,h+i",
    barcode="pg",
)
_POLARIS = MarcRule(
    tag="852",
    state=_by_word("r", "u"),
    sign="r",
    branch="a",
    location="b",
    call_number="h+i",
    barcode="p",
    volume="v",
)
_SYMPHONY = MarcRule(
    tag="926",
    state=_by_place("b"),
    sign="abc",
    branch="a",
    location="b",
    call_number="c",
    barcode="",
)
_SYMPHONY_999 = MarcRule(
    tag="999",
    state=_by_place("k", "l"),
    sign="klm",
    branch="m",
    location="l",
    call_number="a",
    barcode="i",
    volume="v",
)
_TLC = MarcRule(tag="982", state=_of_tlc, sign="si", branch="b", location="c", call_number="m", barcode="i")
_TLC_949 = MarcRule(tag="949", state=_not_told, sign="g", location="a", call_number="c", barcode="g")
_ANY_852 = MarcRule(
    tag="852", state=_not_told, sign="", branch="ba", location="c", call_number="h+i,j", barcode="p", volume="3"
)

_SYSTEMS: Mapping[OpacSystem, Sequence[MarcRule]] = {
    "koha": (_KOHA, _KOHA_UNIMARC),
    "evergreen": (_EVERGREEN,),
    "polaris": (_POLARIS,),
    "symphony": (_SYMPHONY, _SYMPHONY_999),
    "tlc": (_TLC, _TLC_949),
}
"""In the order in which ``generic`` tries them: the most telling first."""


def _first(field: Field, codes: str) -> str:
    """The first of these subfields that is there."""
    return next((text for code in codes if (text := said(field.first(code)))), "")


def _call_number(field: Field, ways: str) -> str:
    """The first way of writing a call number that is there: subfields in turn (``h+i``)."""
    for way in ways.split(","):
        codes = way.split("+")
        if codes[0] and field.first(codes[0]):
            return said(" ".join(filter(None, (field.first(code) for code in codes))))
    return ""
