"""The connectors against the demo members' own servers: every copy's state is understood as it truly is."""

from __future__ import annotations

from collections import Counter

import pytest

from fixtures.consortium.items import Copy, State, StateKind
from fixtures.servers import MemberServer, running_consortium
from indexer.record import Item
from search_api.availability.http import ConnectorTimedOut, ImpatientHttp
from search_api.availability.status import AnswerState, ItemState, ItemStatus, is_of
from tests.support.status import asked

DAIA: dict[StateKind, ItemState] = {
    "available": ItemState.AVAILABLE,
    "on_request": ItemState.ON_REQUEST,
    "on_request_onsite": ItemState.AVAILABLE_ONSITE,
    "reference": ItemState.AVAILABLE_ONSITE,
    "on_loan": ItemState.ON_LOAN,
    "on_hold_shelf": ItemState.ON_LOAN,  # DAIA has no word for why a copy is away
    "in_transit": ItemState.ON_LOAN,
    "in_process": ItemState.ON_LOAN,
    "missing": ItemState.NOT_FOR_LOAN,
    "withdrawn": ItemState.NOT_FOR_LOAN,
    "damaged": ItemState.NOT_FOR_LOAN,
    "unknown": ItemState.UNKNOWN,
}
KOHA: dict[StateKind, ItemState] = {
    "available": ItemState.AVAILABLE,
    "on_request": ItemState.AVAILABLE,  # ILS-DI has no word for closed stacks
    "on_request_onsite": ItemState.AVAILABLE_ONSITE,
    "reference": ItemState.AVAILABLE_ONSITE,
    "on_loan": ItemState.ON_LOAN,
    "on_hold_shelf": ItemState.ON_HOLD_SHELF,
    "in_transit": ItemState.IN_TRANSIT,
    "in_process": ItemState.AVAILABLE,
    "missing": ItemState.LOST,
    "withdrawn": ItemState.WITHDRAWN,
    "damaged": ItemState.NOT_FOR_LOAN,
    "unknown": ItemState.LOST,
}
EXPECTED = {"daia": DAIA, "koha-ils-di": KOHA}


async def statuses(http: ImpatientHttp, member: MemberServer, local_ids: list[str]) -> dict[str, list[ItemStatus]]:
    service = member.library.availability.model_copy(update={"url": member.status_url})
    found: dict[str, list[ItemStatus]] = {}
    for first in range(0, len(local_ids), service.batch_size):
        some = local_ids[first : first + service.batch_size]
        reply = await asked(http, service, some)
        assert reply.unknown_words == ()
        assert [a.local_id for a in reply.answers] == some
        assert {a.state for a in reply.answers} == {AnswerState.OK}
        found.update({a.local_id: list(a.items) for a in reply.answers})
    return found


def status_of(copy: Copy, items: list[ItemStatus]) -> ItemStatus:
    [found] = [item for item in items if is_of(item, Item(barcode=copy.barcode, item_id=copy.item_id))]
    return found


@pytest.mark.parametrize("code", ["ntl", "haifeng", "shancheng", "daolang", "fengdao", "riverside"])
async def test_every_copy_of_a_member_is_understood(code: str) -> None:
    http = ImpatientHttp()
    kinds: Counter[StateKind] = Counter()
    async with running_consortium((code,), editions_limit=120) as consortium:
        member = consortium[code]
        expected = EXPECTED[member.library.availability.protocol]
        local_ids = [entry.local_id for entry in member.repository.live]
        found = await statuses(http, member, local_ids)
        for local_id in local_ids:
            copies = member.shelves.copies(local_id)
            for copy in copies:
                state: State = member.shelves.state(copy)
                item = status_of(copy, found[local_id])
                kinds[state.kind] += 1
                assert item.state is expected[state.kind], (local_id, copy, state)
                assert item.due == (state.due if state.kind == "on_loan" else None)
                assert item.call_number == copy.full_call_number
            if copies:
                assert len(found[local_id]) == len(copies)
    await http.close()
    assert {"available", "on_loan"} <= set(kinds)


async def test_the_member_whose_system_is_down_does_not_answer() -> None:
    http = ImpatientHttp()
    async with running_consortium(("shiqiao",), editions_limit=20) as consortium:
        member = consortium["shiqiao"]
        service = member.library.availability.model_copy(update={"url": member.status_url, "timeout_seconds": 0.1})
        with pytest.raises(ConnectorTimedOut):
            await asked(http, service, [member.repository.live[0].local_id])
    await http.close()


@pytest.mark.parametrize("code", ["ntl", "haifeng"])
async def test_a_record_no_member_has_is_not_found(code: str) -> None:
    http = ImpatientHttp()
    async with running_consortium((code,), editions_limit=20) as consortium:
        member = consortium[code]
        service = member.library.availability.model_copy(update={"url": member.status_url})
        reply = await asked(http, service, ["99999999"])
    await http.close()
    assert [a.state for a in reply.answers] == [AnswerState.NOT_FOUND]
