"""How near two libraries are: by what goes between them, by kilometres, by region."""

from __future__ import annotations

import math
from enum import IntEnum

from mappings.library import Library

EARTH_KM = 6371.0
NEAR_KM, FAR_KM = 60, 300


class Nearness(IntEnum):
    """In the order of asking; libraries of one step are equally near, so that their load can tell them apart."""

    SAME_COURIER = 0
    NEAR = 1
    SAME_REGION = 2
    ELSEWHERE = 3
    FAR = 4


def kilometres(one: Library, other: Library) -> int | None:
    """As the crow flies; None when one of them does not say where it is."""
    here, there = one.place.point, other.place.point
    if here is None or there is None:
        return None
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, point)) for point in (here, there))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return round(2 * EARTH_KM * math.asin(math.sqrt(half)))


def nearness(one: Library, other: Library, *, courier: bool) -> Nearness:
    """The step that two libraries are on."""
    if courier:
        return Nearness.SAME_COURIER
    distance = kilometres(one, other)
    if distance is not None and distance <= NEAR_KM:
        return Nearness.NEAR
    if one.region == other.region:
        return Nearness.SAME_REGION
    return Nearness.FAR if distance is not None and distance > FAR_KM else Nearness.ELSEWHERE
