"""When a library is left alone, by its own clock; what its file may say of it."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from mappings.library import load_library
from mappings.schedule import Schedule


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def schedule(*quiet: str, zone: str = "Asia/Taipei") -> Schedule:
    return Schedule(quiet=quiet, time_zone=zone)


OPEN = [
    (schedule(), "2024-05-01T03:00", "2024-05-01T03:00", "without quiet hours every moment will do"),
    (schedule("08:00-22:00"), "2024-05-01T03:00", "2024-05-01T14:00", "11 in Taipei is quiet until 22 there"),
    (schedule("08:00-22:00"), "2024-05-01T14:00", "2024-05-01T14:00", "the end is no part of it"),
    (schedule("08:00-22:00"), "2024-05-01T00:00", "2024-05-01T14:00", "the beginning is"),
    (schedule("08:00-22:00"), "2024-04-30T23:59", "2024-04-30T23:59", "a minute before is not"),
    (schedule("22:00-06:00"), "2024-05-01T15:00", "2024-05-01T22:00", "over midnight, before it"),
    (schedule("22:00-06:00"), "2024-05-01T20:00", "2024-05-01T22:00", "over midnight, after it"),
    (schedule("08:00-12:00", "12:00-18:00"), "2024-05-01T01:00", "2024-05-01T10:00", "one after the other is one"),
    (schedule("08:00-12:00", "11:00-13:00"), "2024-05-01T01:00", "2024-05-01T05:00", "they may overlap"),
    (schedule("08:00-00:00"), "2024-05-01T01:00", "2024-05-01T16:00", "until midnight"),
    (schedule("08:00-20:00", zone="Europe/Berlin"), "2024-03-30T08:00", "2024-03-30T19:00", "winter time"),
    (schedule("08:00-20:00", zone="Europe/Berlin"), "2024-03-31T08:00", "2024-03-31T18:00", "clocks went forward"),
    (schedule("01:00-05:00", zone="Europe/Berlin"), "2024-10-27T00:30", "2024-10-27T04:00", "clocks go back in it"),
    (
        schedule("02:15-02:45", zone="Europe/Berlin"),
        "2024-03-31T01:20",
        "2024-03-31T01:45",
        "an hour that is not there",
    ),
]


@pytest.mark.parametrize(("given", "at", "expected", "why"), OPEN)
def test_the_first_moment_that_is_not_quiet(given: Schedule, at: str, expected: str, why: str) -> None:
    assert given.open_at(moment(at)) == moment(expected), why


QUIET_FROM = [
    (schedule(), "2024-05-01T03:00", None, "never"),
    (schedule("08:00-22:00"), "2024-04-30T20:00", "2024-05-01T00:00", "the next morning"),
    (schedule("08:00-22:00"), "2024-05-01T03:00", "2024-05-01T03:00", "it is quiet already"),
    (schedule("08:00-22:00"), "2024-05-01T14:00", "2024-05-02T00:00", "it has just ended"),
    (schedule("22:00-06:00", "12:00-13:00"), "2024-05-01T00:00", "2024-05-01T04:00", "the nearer of two"),
]


@pytest.mark.parametrize(("given", "at", "expected", "why"), QUIET_FROM)
def test_when_quiet_hours_begin(given: Schedule, at: str, expected: str | None, why: str) -> None:
    assert given.quiet_from(moment(at)) == (None if expected is None else moment(expected)), why


LATE = [
    (Schedule(), 48, 144, "a day missed is not late"),
    (Schedule(every_hours=1), 2, 6, "every hour"),
    (Schedule(every_hours=1, quiet="08:00-22:00"), 16, 48, "quiet hours are nobody's fault"),
    (Schedule(every_hours=1, quiet=("08:00-12:00", "11:00-13:00")), 7, 21, "counted once where they overlap"),
    (Schedule(every_hours=168, late_after_hours=200), 200, 600, "as the file says"),
    (Schedule(alarm_after_hours=50), 48, 50, "as the file says of the alarm"),
]


@pytest.mark.parametrize(("given", "late", "alarm", "why"), LATE)
def test_from_what_age_on_records_are_late(given: Schedule, late: float, alarm: float, why: str) -> None:
    assert (given.late_after, given.alarm_after) == (timedelta(hours=late), timedelta(hours=alarm)), why


WRONG = [
    ({"time_zone": "Taipei"}, "must be a time zone"),
    ({"time_zone": "../../etc/passwd"}, "must be a time zone"),
    ({"quiet": "8-22"}, "must be two times of a day"),
    ({"quiet": "08:00-25:00"}, "must be two times of a day"),
    ({"quiet": "08:00-08:00"}, "must be two times of a day"),
    ({"quiet": ["00:00-12:00", "12:00-23:45"]}, "less than half an hour"),
    ({"every_hours": 0}, "greater than or equal"),
    ({"late_after_hours": 100, "alarm_after_hours": 50}, "is below"),
    ({"hours": 3}, "Extra inputs"),
]


@pytest.mark.parametrize(("values", "problem"), WRONG)
def test_a_schedule_that_cannot_be_kept_is_refused(values: dict[str, object], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Schedule.model_validate(values)


DOCS = Path(__file__).parents[2] / "docs"


def test_the_examples_of_the_guides_can_be_used(tmp_path: Path) -> None:
    [example] = re.findall(
        r"```toml\n(\[schedule\].+?)```", (DOCS / "operating.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert Schedule.model_validate(tomllib.loads(example)["schedule"]).quiet == ("08:00-21:30",)
    whole = re.findall(
        r"```toml\n(code = .+?)```", (DOCS / "adding-a-library.md").read_text(encoding="utf-8"), re.DOTALL
    )
    file = tmp_path / "riverton.toml"
    file.write_text(whole[0], encoding="utf-8")
    assert load_library(file).schedule.quiet == ("08:00-21:30",)
