"""What an OPAC record says of copies in each situation, over Z39.50 and SRU alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search_api.availability.opac.record import Circulation, OpacHolding
from tests.support.opac import holding
from tests.support.situations import DUE, STRANGE_WORD, TOO_MANY

OTHER_TITLE = "另一本書"

_HERE = Circulation(available_now=True)

COPIES: Mapping[str, Sequence[OpacHolding]] = {
    "available": (holding(_HERE, local_location="Main library"),),
    "on_loan": (holding(Circulation(available_now=False, available_date=DUE.isoformat())),),
    "contradiction": (holding(Circulation(available_now=True, available_date=DUE.isoformat())),),
    "hold_shelf": (holding(Circulation(available_now=True, on_hold=True)),),
    "in_transit": (holding(Circulation(available_now=False, restrictions="In transit")),),
    "reference": (holding(Circulation(available_now=True, restrictions="Library use only")),),
    "on_order": (holding(public_note="ON ORDER"),),
    "lost": (holding(Circulation(available_now=False, restrictions="Lost")),),
    "strange_word": (holding(public_note=STRANGE_WORD),),
    "no_items": (),
    "too_many": (holding(*[_HERE] * TOO_MANY),),
}
