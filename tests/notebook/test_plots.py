import sys

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.collections import PolyCollection

from ipmatch import plots
from ipmatch.cohort import Cohort
from ipmatch.errors import MissingExtraError, UsageError
from ipmatch.front_door import match
from ipmatch.study import Study
from ipmatch.sweeping import sweep
from ipmatch.synthetic import demo_cohort

matplotlib.use("Agg")


@pytest.fixture(autouse=True)
def closed():
    pyplot.close("all")
    yield
    pyplot.close("all")


@pytest.fixture(scope="module")
def cohort():
    return demo_cohort(12, 14, seed=4)


@pytest.fixture(scope="module")
def swept(cohort):
    return sweep(cohort, weights={"region": [0, 10, 40], "scope": [25, 50]})


def widths(container):
    return [bar.get_width() for bar in container]


def test_the_score_map_frames_the_chosen_pairs_and_leaves_blank_what_rules_remove(study):
    ax = plots.scores(study)
    image = ax.images[0].get_array()
    assert image.shape == study.scores.points.shape
    assert (~image.mask == study.scores.allowed).all()
    framed = [path.vertices.mean(axis=0) for path in ax.collections[0].get_paths()]
    people = study.scores.people
    corners = [path.vertices[:-1] for path in ax.collections[0].get_paths()]
    pairs = {
        (people.mentors[round(corner[:, 1].mean())].id, people.mentees[round(corner[:, 0].mean())].id)
        for corner in corners
    }
    assert isinstance(ax.collections[0], PolyCollection)
    assert len(framed) == len(study.matching.pairings)
    assert pairs == study.matching.pairs()
    assert [label.get_text() for label in ax.get_yticklabels()] == [one.id for one in people.mentors]
    assert "9 chosen pairs are framed" in ax.alt


def test_tier_bars_count_pairs_and_mentees_left(study):
    ax = plots.tiers(study.matching)
    summary = study.matching.summary
    assert widths(ax.containers[0]) == [*summary.tiers.values(), summary.taking_part.mentees - summary.placed]
    assert (
        ax.alt == "Bars of the pairs by tier: 4 scope and sector, 3 sector, 1 scope, 1 outlier, 5 no mentor."
    )


@pytest.mark.parametrize("kind", ["sector", "scope-group", "region"])
def test_supply_bars_are_the_places_and_the_wishes(tight, kind):
    ax = plots.supply(tight, kind=kind)
    rows = tight.to_frame("supply").query(f"kind == '{kind}'")
    assert widths(ax.containers[0]) == rows["places"].tolist()
    assert widths(ax.containers[1]) == rows["wanted"].tolist()


def test_supply_says_where_there_is_too_little(tight):
    assert "acute hospital (short of 2)" in plots.supply(tight).alt


def test_loads_count_every_mentor_once(study):
    ax = plots.loads(study.matching)
    assert sum(bar.get_height() for bars in ax.containers for bar in bars) == 11
    assert "5 places left" in ax.alt


def test_resilience_shows_the_worst_first_and_no_more_than_asked(study):
    ax = plots.resilience(study, most=3)
    frame = study.to_frame("resilience").sort_values("newly_alone", ascending=False)
    assert widths(ax.containers[0]) == frame["newly_alone"].head(3).tolist()
    assert f"{(frame['newly_alone'] > 0).sum()} would leave somebody" in ax.alt


def test_the_lines_of_changed_pairs_are_the_sweep_s(swept):
    ax = plots.changed(swept)
    lines = {line.get_label(): line for line in ax.get_lines() if line.get_label().startswith("scope")}
    for scope in (25, 50):
        expected = [row.left for row in swept.rows if row.weights["scope"] == scope]
        assert lines[f"scope {scope}"].get_ydata().tolist() == expected
    assert plots.changed(swept, weight="scope").get_xlabel() == "weight of scope, points"


def test_one_weight_alone_needs_no_legend(cohort):
    ax = plots.changed(sweep(cohort, weights={"scope": [20, 25]}))
    assert ax.get_legend() is None
    assert "none between" in ax.alt


def test_weights_between_which_some_pair_changes_are_not_said_to_change_none(cohort):
    found = sweep(cohort, weights={"scope": [20, 25, 30]})
    rows = tuple(
        row.model_copy(update={"left": left}) for row, left in zip(found.rows, (0, 2, 0), strict=True)
    )
    assert "none between" not in plots.changed(found.model_copy(update={"rows": rows})).alt


def test_a_weight_that_was_not_swept_is_named(swept):
    with pytest.raises(UsageError, match=r'weight: "sector" was not swept\. Use region, scope\.'):
        plots.changed(swept, weight="sector")


def test_a_trade_off_has_a_point_for_every_policy(swept):
    ax = plots.tradeoff(swept, x="score", y="left")
    assert "6 policies" in ax.alt
    points = ax.collections[0].get_offsets().data
    frame = swept.to_frame()
    assert {tuple(point) for point in points} == {
        (float(x), float(y)) for x, y in zip(frame["score"], frame["left"], strict=True)
    }
    with pytest.raises(UsageError, match=r'y: "because" is not known\.'):
        plots.tradeoff(swept, y="because")


def test_the_frontier_has_every_breakpoint():
    front = Study(demo_cohort(40, 40, seed=0)).frontier("scope", "organisation")
    ax = plots.frontier(front)
    ratios = {text.get_text() for text in ax.texts}
    assert len(front.breakpoints) > 0
    assert ratios == {
        f"{one.numerator}" if one.denominator == 1 else f"{one.numerator}/{one.denominator}"
        for one in front.breakpoints
    }
    assert len(ax.collections[0].get_offsets()) == len(front.points)
    assert "today" in [text.get_text() for text in ax.get_legend().get_texts()]


def test_axes_given_are_drawn_on_and_no_others_are_made(study, swept, tight):
    figure, axes = pyplot.subplots(2, 3)
    draws = [
        lambda ax: plots.scores(study, ax=ax),
        lambda ax: plots.tiers(study.matching, ax=ax),
        lambda ax: plots.supply(tight, ax=ax),
        lambda ax: plots.loads(study.matching, ax=ax),
        lambda ax: plots.resilience(study, ax=ax),
        lambda ax: plots.changed(swept, ax=ax),
    ]
    for draw, ax in zip(draws, np.ravel(axes), strict=True):
        assert draw(ax) is ax
        assert ax.alt.endswith(".")
    assert pyplot.get_fignums() == [figure.number]


def test_nobody_at_all_can_be_drawn():
    nothing = match(Cohort())
    for ax in (plots.tiers(nothing), plots.loads(nothing), plots.supply(Cohort())):
        ax.figure.canvas.draw()
    for ax in (plots.scores(Study(Cohort())), plots.resilience(Study(Cohort()))):
        ax.figure.canvas.draw()


def test_a_described_plot_is_a_picture_with_its_words(study):
    shown = plots.described(plots.tiers(study.matching))
    assert 'alt="Bars of the pairs by tier: 4 scope' in shown._repr_html_()
    assert shown.image.startswith(b"\x89PNG")
    assert "PNG" not in repr(shown)
    assert pyplot.get_fignums() == []


def test_only_plots_of_ipmatch_have_words():
    with pytest.raises(UsageError, match="these axes have no words"):
        plots.described(pyplot.subplots()[1])


def test_without_matplotlib_the_extra_is_named(study, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(
        MissingExtraError, match=r'A plot needs the notebook extra: pip install "ipmatch\[note'
    ):
        plots.tiers(study.matching)
