"""Two records whose titles are one but for how they were typed → the same two with one title.

What stands for characters that could not be typed is filled from the other title where all else of it agrees. And a
number that one record counts to its title and the other takes for its part's is the part's in both.
"""

from __future__ import annotations

from dataclasses import replace

from indexer.gaps import fits
from indexer.profile import Form, Profile


def aligned(a: Profile, b: Profile) -> tuple[Profile, Profile]:
    """The two, most often as they are."""
    if a.whole.gaps or b.whole.gaps:
        a, b = (_filled(a, b), b) if a.whole.gaps else (a, _filled(b, a))
    if a.parts and not b.parts:
        return a, _parted_as(b, a)
    if b.parts and not a.parts:
        return _parted_as(a, b), b
    return a, b


def _filled(gapped: Profile, other: Profile) -> Profile:
    """The first with the other's title, when that is its own but for the gaps."""
    if other.whole.gaps:
        return gapped
    title, whole = _filled_form(gapped.title, other.title), _filled_form(gapped.whole, other.whole)
    if title is gapped.title and whole is gapped.whole:
        return gapped
    return replace(gapped, title=title, whole=title if gapped.whole is gapped.title else whole)


def _filled_form(gapped: Form, other: Form) -> Form:
    if not gapped.gaps or not fits(gapped.gaps, other.vernacular):
        return gapped
    return other._replace(gaps=gapped.gaps)


def _parted_as(whole: Profile, part: Profile) -> Profile:
    """The first with its title parted as the other's is, when they are one written together: 大江大海 1949."""
    if not whole.title.vernacular or whole.title.vernacular != part.title.vernacular + "".join(part.parts):
        return whole
    same = whole.whole is whole.title
    return replace(whole, title=part.title, parts=part.parts, whole=part.title if same else whole.whole)
