"""What staff find in the menu and on their home page, and who finds it."""

from __future__ import annotations

from dataclasses import dataclass

from search_api.staff.roles import Actor, Role


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the staff's. ``name`` is the key of its texts: ``staff.menu_…`` and ``staff.about_…``."""

    name: str
    path: str
    roles: tuple[Role, ...]  # none: all staff


PLACES = (
    Place("overlap", "staff/overlap", (Role.SELECTOR,)),
    Place("collections", "staff/collections", (Role.SELECTOR,)),
    Place("lists", "staff/lists", (Role.SELECTOR,)),
    Place("lenders", "staff/lenders", (Role.ILL,)),
    Place("members", "staff/members", ()),
    Place("counts", "staff/counts", ()),
    Place("accounts", "staff/accounts", (Role.ADMIN,)),
    Place("log", "staff/log", (Role.ADMIN,)),
)
"""In the order of the menu."""


def places(actor: Actor) -> tuple[Place, ...]:
    """The pages that somebody may open."""
    return tuple(place for place in PLACES if not place.roles or actor.may(*place.roles))
