"""What a correction of a search does: apart from what makes them, so that schemas may name it."""

from __future__ import annotations

from typing import Literal

CorrectionKind = Literal[
    "isbn_check_digit", "spelling", "without_filters", "without_quotes", "without_word", "any_field"
]
