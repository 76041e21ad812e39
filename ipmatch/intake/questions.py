"""The questions of an enrolment, as ``questions.toml`` lists them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from ipmatch.people import Side
from ipmatch.vocabulary.tables import read_table

__all__ = ["Question", "bookkeeping", "questions", "sector_options"]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing asked of people, or noted by a survey tool; its fields are told in ``questions.toml``."""

    field: str
    known: tuple[str, ...]
    mentor: str | None = None
    mentee: str | None = None
    side: Side | None = None
    options: tuple[str, ...] = ()
    many: bool = False
    added: bool = False
    hint: str = ""
    tells_mentor: str = "(?!)"
    tells_mentee: str = "(?!)"

    def heading(self, side: Side) -> str | None:
        """How the template asks one side, or ``None`` if it does not."""
        return self.mentor if side == "mentor" else self.mentee

    def is_asked_by(self, words: str) -> bool:
        """Whether a heading, given by its plain words, asks this."""
        return bool(_pattern(self.known).search(words))

    def tells(self, words: str) -> Side | None:
        """Whose sheet a heading that asks this stands in, where its words tell."""
        if self.side:
            return self.side
        mentor, mentee = (re.search(tells, words) for tells in (self.tells_mentor, self.tells_mentee))
        return ("mentor" if mentor else "mentee") if bool(mentor) != bool(mentee) else None


def questions() -> Mapping[str, Question]:
    """Every question by its field, in the order of the template."""
    return _tables()["question"]


def bookkeeping() -> Mapping[str, Question]:
    """What a survey tool adds to every answer, and what a file of a cohort holds besides, by field."""
    return _tables()["bookkeeping"]


@cache
def sector_options() -> tuple[str, ...]:
    """The sectors as the survey prints them."""
    return tuple(row["survey"] for row in read_table("sectors") if row["slug"] != "other")


@cache
def _tables() -> dict[str, dict[str, Question]]:
    text = resources.files(__package__).joinpath("questions.toml").read_text(encoding="utf-8")
    tables: dict[str, list[dict[str, Any]]] = tomllib.loads(text)
    return {name: {row["field"]: _question(row) for row in rows} for name, rows in tables.items()}


def _question(row: Mapping[str, Any]) -> Question:
    fields: dict[str, Any] = {
        key: tuple(value) if type(value) is list else value for key, value in row.items()
    }
    return Question(**fields)


@cache
def _pattern(known: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(known))
