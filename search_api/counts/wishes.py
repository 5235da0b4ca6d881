"""What was searched for and is not there, so that nobody can be recognised by it.

The words of a search are a reader's own affair. They are kept only as a number that cannot be turned back into words,
until they have been asked for often enough, on different days, to be the wish of many; and never where they look
like somebody's address or number.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

from indexer.identifiers import isbn13
from search_api.search_params import is_bare_number

MOST_CHARACTERS = 80
"""What is longer is a sentence, or a paste: it says more of who wrote it than of what is missing."""

_ADDRESS = re.compile(r"\S@\S|https?:|www\.", re.I)
_MANY_DIGITS = re.compile(r"(?:\d[ -]?){7,}")
_CARD = re.compile(r"\b[a-z]{1,2}\d{5,}", re.I)


def wish_of(text: str) -> str:
    """A search's words in one form, however they were typed; "" where they are no wish to be told.

    Numbers are told only where they are an ISBN: others are of telephones, cards and persons.
    """
    words = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    words = "".join(c for c in words if c.isprintable()).strip(" ,.;:，。；：、\"'「」『』")
    if not words or len(words) > MOST_CHARACTERS or _ADDRESS.search(words):
        return ""
    number = isbn13(words) if is_bare_number(words) else None
    if number:
        return number
    return "" if _MANY_DIGITS.search(words) or _CARD.search(words) else words


def key_of(wish: str, secret: bytes) -> str:
    """What a wish is counted under before it may be told: without the secret nothing can be guessed from it."""
    return hmac.new(secret, wish.encode(), hashlib.sha256).hexdigest()[:32]
