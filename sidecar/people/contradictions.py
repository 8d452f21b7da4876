"""What is known of a person against what is seen. It can make a match less sure, and never more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from sidecar.faces import FaceTraits, SexName

SURE = 0.9
"""Mean confidence from which on a guessed sex counts."""
ADULT_YEARS = 18
FAR_OFF_YEARS = 20
"""Age guesses of published models are off by seven years on average, and by far more for some groups of people."""

_DAY = 1 / 372
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the client said of a person. birthdate: "YYYY", "YYYY-MM", "YYYY-MM-DD" or ""."""

    sex: SexName = ""
    birthdate: str = ""


def contradictions(facts: PersonFacts, traits: Sequence[FaceTraits], date: str = "") -> tuple[str, ...]:
    """ "sex" and "birthdate", where what is known cannot be true of the person who is seen. Empty if it may be.

    traits: of each good view; empty where the model guesses nothing. date: of the medium, written like a birthdate.
    A date that cannot be read says nothing.
    """
    found = []
    if _is_of_other_sex(facts.sex, traits):
        found.append("sex")
    if _is_of_other_age(facts.birthdate, traits, date):
        found.append("birthdate")
    return tuple(found)


def _is_of_other_sex(known: SexName, traits: Sequence[FaceTraits]) -> bool:
    guesses = [one for one in traits if one.sex]
    if not known or not guesses:
        return False
    # How sure they are of the other sex, all together: 0 to 1.
    other = [one.sex_confidence if one.sex != known else 1 - one.sex_confidence for one in guesses]
    return sum(other) / len(other) >= SURE


def _is_of_other_age(birthdate: str, traits: Sequence[FaceTraits], date: str) -> bool:
    born, seen = _days(birthdate), _days(date)
    if born is None or seen is None:
        return False
    youngest, oldest = seen[0] - born[1], seen[1] - born[0]
    if oldest < ADULT_YEARS:
        return True
    ages = [one.age_years for one in traits if one.age_years is not None]
    if not ages:
        return False
    guess = median(ages)
    return guess < youngest - FAR_OFF_YEARS or guess > oldest + FAR_OFF_YEARS


def _days(date: str) -> tuple[float, float] | None:
    """First and last day that a date may mean, in years whose months all have 31 days."""
    match = _DATE.fullmatch(date)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if (match[2] and not 1 <= month <= 12) or (match[3] and not 1 <= day <= 31):
        return None
    first = year + (month - 1 if month else 0) / 12 + (day - 1 if day else 0) * _DAY
    return first, first if day else (first + 1 / 12 if month else year + 1) - _DAY
