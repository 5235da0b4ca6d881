"""In which language the front page greets somebody who names none: as their browser says (RFC 9110, 12.5.4).

Every address but ``/`` says its language, so that links and bookmarks stay as they are. ``/`` leads on to the language
that a browser asks for; ``/zh-Hant/`` is the same page for who has chosen it. Whoever comes from a page of the
catalogue has chosen already.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import RedirectResponse

from search_api.texts import LANGUAGES

CHOSEN_DEFAULT = f"/{LANGUAGES[0]}/"
"""Where the front page stands in the default language, whatever a browser asks for."""

VARIES = {"Vary": "Accept-Language, Referer"}

_BY_BEGINNING = {
    **{language.partition("-")[0]: language for language in LANGUAGES},
    "in": "id",  # Indonesian, before 1989 and in old browsers
}
_RANGE = re.compile(r"\s*([A-Za-z]{1,8}|\*)((?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")
_MOST_RANGES = 30


def preferred(accepted: str) -> str:
    """The interface language that an Accept-Language header likes best; the default where it names none of ours.

    Readers of any Chinese get 繁體中文.
    """
    best, weight = LANGUAGES[0], 0.0
    for part in accepted.split(",")[:_MOST_RANGES]:
        match = _RANGE.fullmatch(part)
        if match is None:
            continue
        language = LANGUAGES[0] if match[1] == "*" else _BY_BEGINNING.get(match[1].lower(), "")
        quality = float(match[3]) if match[3] else 1.0
        if language and quality > weight:
            best, weight = language, quality
    return best


def led_on(request: Request) -> RedirectResponse | None:
    """Where ``/`` leads whoever has not chosen a language; None where it is to be shown itself."""
    language = preferred(request.headers.get("accept-language", ""))
    if language == LANGUAGES[0] or _comes_from_here(request):
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/{language}/{query}", 302, {**VARIES, "Cache-Control": "no-cache"})


def _comes_from_here(request: Request) -> bool:
    came_from = urlsplit(request.headers.get("referer", ""))
    return bool(came_from.netloc) and came_from.netloc == request.url.netloc
