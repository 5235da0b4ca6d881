"""Every page there is, by a name and its path below a language: for tests that look at all of them and for pictures."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from search_api.texts import LANGUAGES, STAFF_LANGUAGES

EDITION = "EDITION"
"""In a path: the id of an edition that many libraries hold."""

PUBLIC: Mapping[str, str] = {
    "home": "",
    "results": f"search?q={quote('紅樓夢')}",
    "results-narrowed": "search?language=vie&format=book&year_from=1990",
    "results-live": f"search?q={quote('紅樓夢')}&live=1",
    "no-hit": "search?q=qqqqzzzz",
    "edition": f"editions/{EDITION}",
    "advanced": "advanced",
    "advanced-filled": "advanced?title=sapiens&creator=harari",
    "reading": "languages",
    "reading-vietnamese": "languages/vie",
    "browse": "browse?list=subject",
    "browse-shelf": "browse?list=call_number",
    "libraries": "libraries",
    "api": "api/",
    "list": "list",
    "list-shared": f"list?ids={EDITION}",
    "error": "editions/nosuch",
}
"""Pages for everybody, in every language."""

STAFF: Mapping[str, str] = {
    "login": "staff/login",
    "staff": "staff",
    "staff-me": "staff/me",
    "staff-overlap": "staff/overlap",
    "staff-lists": "staff/lists",
    "staff-collections": "staff/collections",
    "staff-themes": "staff/collections/themes",
    "staff-axis": "staff/collections/by/language",
    "staff-lending": "staff/lenders",
    "staff-lenders": f"staff/lenders?edition={EDITION}&needed_by=2099-12-31&borrower=fengdao",
    "staff-lending-request": f"staff/lenders/request?edition={EDITION}&borrower=fengdao&to=haifeng",
    "staff-lending-list": f"staff/lenders/batch?ids={EDITION}",
    "staff-lending-rules": "staff/lenders/policies",
    "staff-lending-counts": "staff/lenders/counts",
    "staff-members": "staff/members",
    "staff-member": "staff/members/haifeng",
    "staff-counts": "staff/counts",
    "staff-accounts": "staff/accounts",
    "staff-log": "staff/log",
}
"""Pages of staff, in their languages."""


def languages_of(page: str) -> tuple[str, ...]:
    """The languages that a page is in."""
    return STAFF_LANGUAGES if page in STAFF else LANGUAGES


def path_of(page: str, edition: str) -> str:
    """A page's path below its language."""
    return {**PUBLIC, **STAFF}[page].replace(EDITION, edition)
