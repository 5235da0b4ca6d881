"""The shapes of the catalogue pages of systems that are wide-spread in Taiwan: a library's own keys go before them.

Where each shape was learnt stands in ``docs/availability/web.md``. Vendors and libraries change their pages: a preset
is a beginning, and ``allshelves ask`` shows whether it fits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_HYLIB_QUESTION = (
    "query getHoldByKeepSite($HoldForm: HoldForm) { getHoldByKeepSite(Input: $HoldForm) "
    "{ list { values { ref { key value } } } info { total count } } }"
)

PRESETS: Mapping[str, Mapping[str, Any]] = {
    # pages drawn in the browser from a GraphQL service, with a token against forged requests
    "hylib": {
        "before": {"path": "/", "patterns": {"token": r'"csrfToken"\s*:\s*"([^"]+)"'}},
        "path": "/api/HyLibWS/graphql",
        "method": "POST",
        "headers": {"X-CSRF-Token": "{token}"},
        "body": {
            "operationName": "getHoldByKeepSite",
            "query": _HYLIB_QUESTION,
            "variables": {
                "HoldForm": {
                    "marcId": "{local_id:number}",
                    "pageNo": "{page:number}",
                    "limit": 100,
                    "sort": "",
                    "order": "",
                    "keepSiteId": 0,
                    "canShowHoldLendAndRead": 0,
                    "keepSiteIdList": "",
                    "holdVolumnDesc": "",
                }
            },
        },
        "page_size": 100,
        "way": "json",
        "copies": "data.getHoldByKeepSite.list.values",
        "pairs": "ref",
        "fields": {
            "status": ["bookStatusLabelName"],
            "branch": ["keepSiteLabelName"],
            "location": ["keepRoomLabelName"],
            "call_number": ["callNumber"],
            "barcode": ["barcode"],
        },
    },
    # pages made by the server (JSP), one table of copies
    "hylib-jsp": {
        "path": "/bookDetail.do?id={local_id}",
        "copies": "table.order",
        "title": ["div.mainCon h2", "div.mainCon h3"],
    },
    # WebPAC PRO and its successors: the record's page with its first copies
    "innopac": {
        "path": "/record={local_id}",
        "id_pattern": r"^(?:\.(b\d+)[\dxX]|(b\d+))$",
        "copies": "table.bibItems",
        "title": [
            'td.bibInfoLabel:contains("題名") + td.bibInfoData',
            'td.bibInfoLabel:contains("Title") + td.bibInfoData',
        ],
        "more": ['a[href*="/holdings~"]', 'form[action*="/holdings~"] @action'],
    },
    # the list of copies is a page of its own, the title stands on the record's
    "t2": {
        "before": {"path": "/content.cfm?mid={local_id}", "title": ["div.book-detail h2", "div.right h2"]},
        "path": "/ajax_page/get_content_area.cfm?mid={local_id}&i_list_number=250&i_page={page}&i_sory_by=1",
        "page_size": 250,
    },
    # Tapestry pages; copies in a grid of twenty or so
    "toread": {
        "path": "/bibliographic_view?id={local_id}&view=CONTENT",
        "copies": "table.gridTable",
        "title": ["li.reslt_item_head"],
        "more": ['a[id^="DirectLink_0"]:contains("下一頁")'],
    },
}
