"""Plots of one matching: scores, tiers, supply and demand, loads, resilience."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from ipmatch.cohort import Cohort
from ipmatch.expecting import expect, one_of, whole
from ipmatch.front_door import check
from ipmatch.matching import Matching
from ipmatch.notebook.plots.drawing import (
    BLUE,
    GREY,
    ORANGE,
    SKY,
    TIERS_COLOURS,
    VERMILLION,
    axes_of,
    finished,
    whole_numbers,
)
from ipmatch.policy import Policy
from ipmatch.study import Study
from ipmatch.vocabulary.sectors import SECTORS, sector_label
from ipmatch.words import counted, names
from ipmatch.writing.digest import tier_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["loads", "resilience", "scores", "supply", "tiers"]

Kind = Literal["sector", "scope-group", "region"]

# Beyond so many people a side nobody could read their ids.
MOST_LABELS = 45


def scores(study: Study, *, ax: Axes | None = None) -> Axes:
    """The score of every pair as a map, mentors down and mentees across, the chosen pairs framed.

    Pairs that a rule removes are left blank.
    """
    expect(study=(study, Study))
    people, allowed = study.scores.people, study.scores.allowed
    mentors, mentees = ([person.id for person in side] for side in (people.mentors, people.mentees))
    points = study.scores.points / study.scores.scale
    rows, columns = points.shape
    ax = axes_of(ax, width=min(2.2 + 0.32 * columns, 12), height=min(1.6 + 0.3 * rows, 12))
    shown = np.ma.masked_array(points, ~allowed)
    if shown.size:
        image = ax.imshow(shown, cmap="cividis", aspect="equal")
        ax.figure.colorbar(image, ax=ax, shrink=0.8, pad=0.02, label="points")
    chosen = study.matching.pairings
    i = [mentors.index(pairing.mentor) for pairing in chosen]
    j = [mentees.index(pairing.mentee) for pairing in chosen]
    for colour, width in (("white", 3.4), (VERMILLION, 1.8)):
        _frame(ax, i, j, colour, width if max(rows, columns) <= MOST_LABELS else width / 3)
    if max(rows, columns) > MOST_LABELS:
        ax.set_aspect("auto")
    _name(ax, mentors, mentees)
    ax.set_xlabel("mentee")
    ax.set_ylabel("mentor")
    alt = (
        f"Map of the scores of {counted(rows, 'mentor')} with {counted(columns, 'mentee')}, of which "
        f"{counted(int(allowed.sum()), 'pair is', 'pairs are')} allowed"
    )
    if allowed.any():
        low, high = points[allowed].min(), points[allowed].max()
        framed = counted(len(i), "chosen pair is", "chosen pairs are")
        alt += f", from {low:g} to {high:g} points; {framed} framed"
    return finished(ax, "Scores, chosen pairs framed", f"{alt}.")


def tiers(matching: Matching, *, ax: Axes | None = None) -> Axes:
    """How many pairs of each tier there are, and how many mentees are left without a mentor."""
    expect(matching=(matching, Matching))
    summary = matching.summary
    alone = summary.taking_part.mentees - summary.placed
    bars = [(tier_words(tier), count, TIERS_COLOURS[tier]) for tier, count in summary.tiers.items()]
    bars += [("no mentor", alone, GREY)] if alone else []
    ax = axes_of(ax, height=0.9 + 0.45 * max(len(bars), 1))
    labels, counts = [label for label, _, _ in bars], [count for _, count, _ in bars]
    drawn = ax.barh(labels, counts, color=[colour for _, _, colour in bars])
    ax.bar_label(drawn, padding=4)
    ax.invert_yaxis()
    ax.set_xlabel("pairs" if not alone else "pairs; mentees without a mentor")
    ax.margins(x=0.12)
    told = ", ".join(f"{count} {label}" for label, count in zip(labels, counts, strict=True))
    return finished(ax, "Pairs by tier", f"Bars of the pairs by tier: {told or 'none'}.")


def supply(
    cohort: Cohort,
    policy: Policy | str | None = None,
    *,
    kind: Kind = "sector",
    ax: Axes | None = None,
) -> Axes:
    """Places of mentors against mentors wanted, by sector, scope group or region; among those taking part."""
    one_of("kind", kind, get_args(Kind))
    rows = [row for row in check(cohort, policy).supply if row.kind == kind]
    ax = axes_of(ax, height=1.2 + 0.5 * max(len(rows), 1))
    place = np.arange(len(rows))
    given = ax.barh(place - 0.2, [row.places for row in rows], 0.38, color=BLUE, label="places")
    asked = ax.barh(
        place + 0.2,
        [row.wanted for row in rows],
        0.38,
        color=ORANGE,
        hatch="//",
        edgecolor="white",
        label="wanted",
    )
    for bars in (given, asked):
        ax.bar_label(bars, padding=3, fontsize="small")
    labels = [sector_label(row.name) if row.name in SECTORS else row.name for row in rows]
    ax.set_yticks(place, labels)
    ax.invert_yaxis()
    ax.margins(x=0.1)
    ax.set_xlabel("people")
    ax.legend(frameon=False, loc="lower right")
    short = [
        f"{label} (short of {row.wanted - row.places})"
        for label, row in zip(labels, rows, strict=True)
        if row.wanted > row.places
    ]
    told = f"more is wanted than there is in {names(short)}" if short else "there is enough in each"
    words = kind.replace("-", " ")
    return finished(
        ax, f"Supply and demand by {words}", f"Bars of places and mentors wanted by {words}: {told}."
    )


def loads(matching: Matching, *, ax: Axes | None = None) -> Axes:
    """How many mentors have how many mentees, by how many places each has."""
    expect(matching=(matching, Matching))
    given = Counter(pairing.mentor for pairing in matching.pairings)
    places = given | {spare.mentor: spare.capacity for spare in matching.spare_mentors}
    most = max(places.values(), default=0)
    ax = axes_of(ax, width=5.5, height=3.4)
    bottom = np.zeros(most + 1)
    for free, colour, hatch, label in (
        (False, BLUE, "", "every place used"),
        (True, SKY, "..", "places left"),
    ):
        chosen = [given[mentor] for mentor in places if (places[mentor] > given[mentor]) == free]
        heights = np.bincount(chosen, minlength=most + 1).astype(float)
        ax.bar(
            range(most + 1), heights, bottom=bottom, color=colour, hatch=hatch, edgecolor="white", label=label
        )
        bottom += heights
    for load, height in enumerate(bottom):
        if height:
            ax.text(load, height, f"{height:g}", ha="center", va="bottom")
    ax.set_xticks(range(most + 1))
    ax.margins(y=0.12)
    ax.set_xlabel("mentees of a mentor")
    ax.set_ylabel("mentors")
    ax.legend(frameon=False)
    told = ", ".join(
        f"{counted(int(height), 'mentor has', 'mentors have')} {load}"
        for load, height in enumerate(bottom)
        if height
    )
    spare = sum(places.values()) - sum(given.values())
    alt = f"Bars of mentors by their number of mentees: {told or 'there are none'}"
    return finished(ax, "Loads", f"{alt}; {counted(spare, 'place')} left.")


def resilience(study: Study, *, most: int = 20, ax: Axes | None = None) -> Axes:
    """What each mentor's withdrawal would do at best: mentees left alone, and others who would move.

    Parameters
    ----------
    most
        How many mentors to show, those whose loss is worst first.
    """
    expect(study=(study, Study))
    most = whole("most", most)
    found = []
    for one in study.resilience():
        alone = len(one.best.newly_alone) if one.best else len(one.partners)
        moved = len({move.mentee for move in one.best.moves} - set(one.best.newly_alone)) if one.best else 0
        found.append((alone, moved, one.id))
    found.sort(key=lambda row: (-row[0], -row[1], row[2]))
    shown = found[:most]
    ax = axes_of(ax, height=1.2 + 0.3 * max(len(shown), 1))
    place = np.arange(len(shown))
    alone_of = np.array([alone for alone, _, _ in shown])
    ax.barh(place, alone_of, color=VERMILLION, label="left without a mentor")
    ax.barh(
        place,
        [moved for _, moved, _ in shown],
        left=alone_of,
        color=SKY,
        hatch="//",
        edgecolor="white",
        label="move to another mentor",
    )
    ax.set_yticks(place, [mentor for _, _, mentor in shown])
    ax.invert_yaxis()
    whole_numbers(ax.xaxis)
    ax.set_xlabel("mentees")
    if len(shown):
        ax.legend(frameon=False)
    hurt = sum(alone > 0 for alone, _, _ in found)
    alt = (
        f"Bars of what each of {counted(len(found), 'mentor')} leaving would do: "
        f"{hurt} would leave somebody without a mentor"
    )
    alt += (
        f"; the worst is {shown[0][2]}, with {shown[0][0]} left alone and {shown[0][1]} moving"
        if shown
        else ""
    )
    return finished(ax, "If a mentor withdrew", f"{alt}.")


def _frame(ax: Axes, rows: list[int], columns: list[int], colour: str, width: float) -> None:
    """Frame cells of a map, each just inside its edge."""
    from matplotlib.collections import PolyCollection

    cells = [
        [(x - 0.4, y - 0.4), (x + 0.4, y - 0.4), (x + 0.4, y + 0.4), (x - 0.4, y + 0.4)]
        for y, x in zip(rows, columns, strict=True)
    ]
    ax.add_collection(
        PolyCollection(cells, facecolors="none", edgecolors=colour, linewidths=width), autolim=False
    )


def _name(ax: Axes, mentors: list[str], mentees: list[str]) -> None:
    for axis, ids in ((ax.yaxis, mentors), (ax.xaxis, mentees)):
        if len(ids) <= MOST_LABELS:
            axis.set_ticks(range(len(ids)), ids, fontsize="small", rotation=90 if axis is ax.xaxis else 0)
        else:
            axis.set_ticks([])
