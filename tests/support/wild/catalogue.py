"""All scenarios, in the order of the catalogue of misbehaviours."""

from __future__ import annotations

from tests.support.wild import answers, dates, identity, misplaced, moving, tokens
from tests.support.wild.stage import Scenario

SCENARIOS: tuple[Scenario, ...] = (
    *tokens.SCENARIOS,
    *dates.SCENARIOS,
    *identity.SCENARIOS,
    *answers.SCENARIOS,
    *misplaced.SCENARIOS,
    *moving.SCENARIOS,
)
