"""The score map as SVG: one square for each pair, stronger for more points, the chosen ones outlined."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ipmatch.answers.alternatives import BoolMatrix
from ipmatch.scoring.scores import Scores
from ipmatch.writing.layout import number

__all__ = ["Band", "ScoreMap", "score_map"]

BANDS = 5
# More squares than this make a slow page; more than so many people, a map whose ids nobody can read.
MOST_SQUARES = 50_000
MOST_NAMED = 40
MOST_NUMBERED = 24
WIDEST = 880


@dataclass(frozen=True, slots=True)
class Band:
    """Scores from one to another, told by one shade: how many pairs, how many of them chosen, and where."""

    low: str
    high: str
    pairs: int
    chosen: int
    path: str


@dataclass(frozen=True, slots=True)
class ScoreMap:
    """Mentors down, mentees across, each square ``side`` units wide."""

    side: int
    mentors: tuple[str, ...]
    mentees: tuple[str, ...]
    bands: tuple[Band, ...]
    ruled_out: Band
    chosen: tuple[tuple[int, int], ...]
    scores: tuple[tuple[str, ...], ...]

    @property
    def is_named(self) -> bool:
        """Whether ids stand beside the squares."""
        return max(len(self.mentors), len(self.mentees)) <= MOST_NAMED


def score_map(scores: Scores, paired: frozenset[tuple[str, str]]) -> ScoreMap | None:
    """The map of a scored cohort; ``None`` if there is nobody, or too many to draw."""
    points, allowed = scores.points, scores.allowed
    if not 0 < points.size <= MOST_SQUARES:
        return None
    mentors = tuple(person.id for person in scores.people.mentors)
    mentees = tuple(person.id for person in scores.people.mentees)
    chosen = np.array([[(mentor, mentee) in paired for mentee in mentees] for mentor in mentors])
    largest = max(points.shape)
    side = 34 if largest <= MOST_NUMBERED else 18 if largest <= MOST_NAMED else max(2, WIDEST // largest)
    numbered = largest <= MOST_NUMBERED
    return ScoreMap(
        side=side,
        mentors=mentors,
        mentees=mentees,
        bands=tuple(_bands(scores, allowed, chosen, side)),
        ruled_out=_band(scores, ~allowed, chosen, side),
        chosen=tuple((int(i), int(j)) for i, j in zip(*np.nonzero(chosen), strict=True)),
        scores=tuple(
            tuple(number(scores.decimal(int(units))) for units in row) for row in (points if numbered else ())
        ),
    )


def _bands(scores: Scores, allowed: BoolMatrix, chosen: BoolMatrix, side: int) -> list[Band]:
    """Bands of equal width between the lowest and the highest score that is allowed."""
    if not allowed.any():
        return []
    points = scores.points
    low, high = int(points[allowed].min()), int(points[allowed].max())
    shade = (points - low) * BANDS // max(1, high - low + 1)
    marks = [allowed & (shade == band) for band in range(BANDS)]
    return [_band(scores, mark, chosen, side) for mark in marks if mark.any()]


def _band(scores: Scores, mark: BoolMatrix, chosen: BoolMatrix, side: int) -> Band:
    points = scores.points[mark]
    low, high = (
        (scores.decimal(int(points.min())), scores.decimal(int(points.max()))) if points.size else (0, 0)
    )
    return Band(number(low), number(high), int(mark.sum()), int((mark & chosen).sum()), _path(mark, side))


def _path(mark: BoolMatrix, side: int) -> str:
    """Squares as one path; neighbours in a row are drawn in one."""
    edged = np.pad(mark.astype(np.int64), ((0, 0), (1, 1)))
    edges = edged[:, 1:] - edged[:, :-1]
    rows, starts = np.nonzero(edges == 1)
    stops = np.nonzero(edges == -1)[1]
    return "".join(
        f"M{start * side} {row * side}h{(stop - start) * side}v{side}h{(start - stop) * side}z"
        for row, start, stop in zip(rows.tolist(), starts.tolist(), stops.tolist(), strict=True)
    )
