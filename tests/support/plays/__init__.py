"""How each protocol tells of every situation of ``tests/support/situations.py``: one module each, one line here."""

from __future__ import annotations

from collections.abc import Mapping

from tests.support.plays import (
    alma,
    daia,
    evergreen,
    folio_rtac,
    koha_ilsdi,
    koha_rest,
    ncip,
    sierra,
    sip2,
    sru,
    web,
    z3950,
)
from tests.support.situations import Plays

PLAYS: Mapping[str, Plays] = {
    "daia": daia.PLAYS,
    "koha-ils-di": koha_ilsdi.PLAYS,
    "koha-rest": koha_rest.PLAYS,
    "alma": alma.PLAYS,
    "evergreen": evergreen.PLAYS,
    "folio-rtac": folio_rtac.PLAYS,
    "ncip": ncip.PLAYS,
    "sierra": sierra.PLAYS,
    "sip2": sip2.PLAYS,
    "web": web.PLAYS,
    "sru": sru.PLAYS,
    "z3950": z3950.PLAYS,
}
