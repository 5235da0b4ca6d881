"""Whether two records name, as makers of books of one title, people who are not the same."""

from __future__ import annotations

from rapidfuzz import fuzz

from indexer.profile import Profile, is_short

PERSON = 4
"""Characters at most of a person's name; longer ones are bodies, or foreign names that houses spell their own way."""
UNLIKE = 60.0
"""How alike two persons' names in characters are at most: 王小明 and 王大明 may be one misread."""


def makers_differ(a: Profile, b: Profile) -> bool:
    """Whether both records name persons in characters as makers, translators apart, and no two are alike."""
    of_a = [name.vernacular for name in a.creators if name not in a.translators]
    of_b = [name.vernacular for name in b.creators if name not in b.translators]
    if not (of_a and of_b) or any(not 2 <= len(name) <= PERSON for name in (*of_a, *of_b)):
        return False
    return all(fuzz.ratio(one, other) < UNLIKE for one in of_a for other in of_b)


def namesakes(a: Profile, b: Profile) -> bool:
    """Whether two records of one short title in Latin letters enter it under persons of wholly unlike surnames, of whom
    neither is named in the other: a pseudonym and its bearer mostly are."""
    if not (is_short(a.whole) and is_short(b.whole) and a.creators and b.creators):
        return False
    surnames = [[name.surname for name in one.creators] for one in (a, b)]
    entered = [one.creators[0] for one in (a, b)]
    if any(not name.surname or name.surname == name.joined or name.vernacular for name in entered):
        return False  # a body, or no surname
    if not (a.stated.isdisjoint(surnames[1]) and b.stated.isdisjoint(surnames[0])):
        return False
    return all(fuzz.ratio(one, other) < UNLIKE for one in surnames[0] for other in surnames[1])
