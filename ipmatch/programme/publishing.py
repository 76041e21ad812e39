"""The results of a round as they may be published: no small count, nothing to work one out from, no ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ipmatch.programme.outcomes import Breakdown, Outcome, Share
from ipmatch.suppression import Flow, hidden_flows

__all__ = ["published_breakdowns", "published_outcomes", "to_hide"]

Key = tuple[str, ...]

# Some are asked because of what they, or their pairs, answered elsewhere: so many they are, or at the most.
_ASKED_AFTER: dict[str, Key] = {
    "those who came": ("introduction-attended", "participants", "yes"),
    "mentors with one": ("contract", "pairs", "yes"),
    "mentees with one": ("contract", "pairs", "yes"),
    "mentors who are none": ("dpp", "mentors", "no"),
}
# What a comparison of pairs counts, and where else that is told.
_COMPARED: dict[str, tuple[str, str]] = {
    "mentee-confidence": ("mentees", "up"),
    "frequency": ("mentees", "up"),
    "continuing": ("pairs", "yes"),
}


# What counts everybody as a no whom another question found to be one.
_CONSIDERED, _TOWARDS = "dpp-considered", "dpp-working-towards"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Counts that add up, and those of them, or behind them, that other sheets tell of too.

    ``beside`` are counts of another sheet that only bound those of this one; ``untold`` are of none.
    """

    flows: dict[Key, Flow]
    wholes: tuple[Key, ...] = ()
    beside: frozenset[Key] = frozenset()
    untold: frozenset[Key] = frozenset()

    def hidden(self, also: frozenset[Key], threshold: int) -> frozenset[Key]:
        """What is not shown of it, where so much is hidden already."""
        flows, untold = self.flows, self.untold
        return hidden_flows(flows, threshold=threshold, also=also, untold=untold, zeros_shown=True) - untold


def to_hide(outcomes: Sequence[Outcome], breakdowns: Sequence[Breakdown], threshold: int) -> frozenset[Key]:
    """Every count not to be shown: those from 1 up to the threshold, and what would give them away.

    Each table is protected as if its whole were known, unless that is hidden itself. What is hidden in one is
    hidden in all, and where a whole is hidden, so is all of every table it is the whole of: these then say
    nothing of it. How many did not answer is no secret, beside a whole in view.
    """
    sheets = [
        *_answered(outcomes),
        *map(_outcome, outcomes),
        *_towards(outcomes),
        *map(_breakdown, breakdowns),
    ]
    hidden: frozenset[Key] = frozenset()
    while True:
        found = set(hidden)
        for sheet in sheets:
            if not hidden.isdisjoint(sheet.wholes):
                found |= set(sheet.flows) - sheet.beside - sheet.untold
                continue
            also = hidden & set(sheet.flows)
            found |= sheet.hidden(also, threshold)
        if found == hidden:
            return hidden
        hidden = frozenset(found)


def published_outcomes(outcomes: Sequence[Outcome], hidden: frozenset[Key]) -> tuple[Outcome, ...]:
    """The outcomes without the counts that are hidden, nor the intervals that rest on them."""

    def shown(one: Outcome) -> Outcome:
        key = one.code, one.whose
        is_open = (*key, "of") not in hidden
        return one.model_copy(
            update={
                "of": one.of if is_open else None,
                "unknown": one.unknown if is_open else None,
                "shares": tuple(
                    _shown(share, (*key, share.answer) not in hidden, is_open) for share in one.shares
                ),
            }
        )

    return tuple(map(shown, outcomes))


def published_breakdowns(breakdowns: Sequence[Breakdown], hidden: frozenset[Key]) -> tuple[Breakdown, ...]:
    """The comparisons without the counts that are hidden, nor the intervals that rest on them."""

    def shown(one: Breakdown) -> Breakdown:
        keys = [(one.code, one.by, share.answer) for share in one.groups]
        are_open = [(*key, "of") not in hidden for key in keys]
        return one.model_copy(
            update={
                "groups": tuple(
                    _shown(share, (*key, "yes") not in hidden, is_open)
                    for key, share, is_open in zip(keys, one.groups, are_open, strict=True)
                ),
                "of": tuple(of if is_open else None for of, is_open in zip(one.of, are_open, strict=True)),
            }
        )

    return tuple(map(shown, breakdowns))


def _shown(share: Share, is_open: bool, of_is_open: bool) -> Share:
    if is_open and of_is_open:
        return share
    return Share(answer=share.answer, count=share.count if is_open else None)


def _answered(outcomes: Sequence[Outcome]) -> Iterator[_Sheet]:
    """Who answered, of mentors and of mentees: both together are told too."""
    found = {one.whose: one for one in outcomes if one.code == f"{one.whose}-answered"}
    if set(found) != {"participants", "mentors", "mentees"}:
        return
    whole = found.pop("participants")
    flows: dict[Key, Flow] = {}
    for whose, one in found.items():
        flows |= {
            (one.code, whose, share.answer): Flow(whose, share.answer, share.count or 0)
            for share in one.shares
        }
        flows[one.code, whose, "of"] = Flow("everyone", whose, one.of or 0)
    for share in whole.shares:
        flows[whole.code, whole.whose, share.answer] = Flow(share.answer, "end", share.count or 0)
    flows[whole.code, whole.whose, "of"] = Flow("end", "everyone", whole.of or 0)
    yield _Sheet(flows)


def _outcome(one: Outcome) -> _Sheet:
    """The answers to a question; where several may be given, each is a part of all who answered."""
    key, of = (one.code, one.whose), one.of or 0
    flows: dict[Key, Flow] = {}
    for place, share in enumerate(one.shares):
        tail, head = "start", "end"
        if one.several:
            tail = f"before {place}" if place else tail
            head = f"before {place + 1}" if place + 1 < len(one.shares) else head
            flows[(*key, share.answer, "not")] = Flow(tail, head, of - (share.count or 0))
        flows[(*key, share.answer)] = Flow(tail, head, share.count or 0)
    flows[(*key, "of")] = Flow("end", "start", of)
    asked = _ASKED_AFTER.get(one.whose)
    return _Sheet(flows, ((*key, "of"), *([asked] if asked else [])))


def _towards(outcomes: Sequence[Outcome]) -> Iterator[_Sheet]:
    """Who works towards what they may have considered: whoever has not is a no to both."""
    found = {one.code: one for one in outcomes if one.code in (_CONSIDERED, _TOWARDS)}
    if len(found) < 2:
        return
    counts = {
        (code, one.whose, word): count or 0
        for code, one in found.items()
        for word, count in (*((share.answer, share.count) for share in one.shares), ("of", one.of))
    }
    first, second = ((code, found[code].whose) for code in (_CONSIDERED, _TOWARDS))
    others, everyone = (*second, "no, though considered"), (*second, "everyone")
    counts[others] = counts[*second, "no"] - counts[*first, "no"]
    counts[everyone] = counts[*first, "of"] + counts[others] + counts[*second, "yes"]
    ends = {
        (*first, "of"): ("start", "asked"),
        (*first, "yes"): ("asked", "end"),
        (*first, "no"): ("asked", "no"),
        others: ("start", "no"),
        (*second, "no"): ("no", "asked again"),
        (*second, "yes"): ("start", "asked again"),
        (*second, "of"): ("asked again", "end"),
        everyone: ("end", "start"),
    }
    flows: dict[Key, Flow] = {key: Flow(*there, counts[key]) for key, there in ends.items()}
    beside = frozenset(key for key in flows if key[0] == _CONSIDERED)
    wholes = ((*second, "of"), _ASKED_AFTER[found[_TOWARDS].whose])
    yield _Sheet(flows, wholes, beside, frozenset((others, everyone)))


def _breakdown(one: Breakdown) -> _Sheet:
    """One answer group by group, those who did not give it beside."""
    whose, answer = _COMPARED[one.code]
    flows: dict[Key, Flow] = {}
    gave = of_all = 0
    for share, of in zip(one.groups, one.of, strict=True):
        key, row, count = (one.code, one.by, share.answer), ("group", share.answer), share.count or 0
        flows[(*key, "yes")] = Flow(row, "yes", count)
        flows[(*key, "no")] = Flow(row, "no", (of or 0) - count)
        flows[(*key, "of")] = Flow("groups", row, of or 0)
        gave, of_all = gave + count, of_all + (of or 0)
    whole, gave_it = (one.code, whose, "of"), (one.code, whose, answer)
    flows[gave_it] = Flow("yes", "end", gave)
    flows[one.code, whose, "not"] = Flow("no", "end", of_all - gave)
    flows[whole] = Flow("end", "groups", of_all)
    return _Sheet(flows, (whole, gave_it))
