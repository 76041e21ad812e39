"""A matching in the words of an auditor: the rules, the order of levels, the proof, and how it was made."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ipmatch.decisions import Decision
from ipmatch.matching import Matching
from ipmatch.policy import TIERS, Policy
from ipmatch.scoring.rules import tier_labels
from ipmatch.sessions import Session
from ipmatch.words import counted, level_nouns, listed

__all__ = ["audit_page", "audit_sections", "rules_in_words"]

# The strengths of a mentor's past sector, of a related scope, and of one of the same group.
PAST = RELATED = Decimal("0.5")
GROUPED = Decimal("0.25")


def audit_page(matching: Matching) -> str:
    """The rules in words, the levels with their values, what proves them, and the record of the run."""
    summary = matching.summary
    lines = [
        f"{counted(summary.taking_part.mentors, 'mentor')} with {counted(summary.places, 'place')} and "
        f"{counted(summary.taking_part.mentees, 'mentee')} took part; {summary.placed} of these were placed."
    ]
    for title, sentences in audit_sections(matching):
        lines += ["", title, *(f"- {sentence}" for sentence in sentences)]
    return "\n".join(lines) + "\n"


def audit_sections(matching: Matching) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The same by section: a heading, and its sentences."""
    policy = matching.run.policy
    maximised = (
        "Beside the best by these levels" if _is_stable(matching) else "What was maximised, in this order"
    )
    return (
        *rules_in_words(policy),
        (maximised, tuple(_levels(matching))),
        ("Proof", tuple(_proof(matching))),
        ("Record", tuple(_record(matching))),
    )


def rules_in_words(policy: Policy) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The sections on what pairs may be made, and what each is worth."""
    return (("Rules", tuple(_rules(policy))), ("Points of a pair", tuple(_points(policy))))


def _rules(policy: Policy) -> Iterator[str]:
    years = policy.eligibility.min_years_prescribing
    if years:
        yield (
            f"A mentor known to have prescribed for less than {counted(years, 'year')} does not take part, "
            "nor does anyone withdrawn, paused, who refuses consent or is known not to be qualified."
        )
    else:
        yield (
            "Nobody takes part who is withdrawn or paused, refuses consent or is known not to be qualified."
        )
    yield "No pair is made that is forbidden, in which one avoids the other, or of one and the same person."
    yield _shared(policy)
    if policy.organisation.same == "forbid":
        yield "Nobody is paired within what is known to be their own organisation."
    if policy.eligibility.availability == "require":
        yield "Two people who both gave their availability must share some of it."
    if policy.sessions:
        labels = listed([_session(session) for session in policy.sessions], "or")
        yield f"Both of a pair can come to the same session, of {labels}; who gave no availability, to any."
    for quota in policy.quotas:
        least = f"at least {counted(quota.min, 'person', 'people')} paired" if quota.min else ""
        most = "" if quota.max is None else f"at most {counted(quota.max, 'pair')}"
        yield f"{quota.title}: {' and '.join(part for part in (least, most) if part) or 'no limit'}."
    overridden = listed(["organisation", "availability", *["sessions"] * bool(policy.sessions)])
    yield f"Required pairs override what a pair must share, and the rules on {overridden}."


def _session(session: Session) -> str:
    places = "" if session.places is None else f" ({counted(session.places, 'place')} for pairs)"
    return f"{session.label}{places}"


def _shared(policy: Policy) -> str:
    """What the list of tiers asks of a pair."""
    order, tiers = policy.tiers.order, policy.tiers
    if "outlier" in order:
        # What a pair shares is left out all the same if the tier it is then told as is not listed.
        kinds = ("both", "a sector alone", "a scope alone")
        out = [
            kind
            for kind, tier in zip(kinds, tier_labels(policy)[0], strict=False)
            if TIERS[tier] not in order
        ]
        but = f", but none is made that shares {listed(out, 'or')}" if out else ""
        return f"A pair need share neither a sector nor a scope{but}."
    sector = "a sector (one from the mentor's past will do)" if tiers.sector_from <= PAST else "a sector"
    scope = "a scope"
    if tiers.scope_from <= RELATED:
        will_do = "one of the same group" if tiers.scope_from <= GROUPED else "a related one"
        scope = f"a scope ({will_do} will do)"
    words = {"sector": sector, "scope": scope}
    asked = [words[name] for name in words if name in order]
    return f"A pair must share {listed(asked, 'or') if asked else f'both {sector} and {scope}'}."


def _points(policy: Policy) -> Iterator[str]:
    for name, weight in policy.weights.items():
        if name == "organisation":
            if policy.organisation.same == "penalise" and weight:
                yield f"{weight:f} are taken off where both work for the same organisation."
        elif weight:
            yield f"{name.replace('_', ' ')}: up to {counted(weight, 'point')}."


def _levels(matching: Matching) -> Iterator[str]:
    for place, level in enumerate(matching.objective, 1):
        proved = (
            "not proved"
            if level.bound is None
            else "proved the most"
            if level.bound == level.value
            else f"at most {level.bound:f}"
        )
        words = level_nouns(level.level)
        yield f"{place}. {counted(level.value, *words)}: {proved}, given what stands before."
    yield f"Last, among equals, a lottery drawn from the ids and the seed {matching.run.seed}."
    if matching.fairness:
        yield matching.fairness.because
    if matching.stability:
        yield from (told.because for told in (matching.stability, matching.stability.cost) if told)


def _proof(matching: Matching) -> Iterator[str]:
    order = matching.certificate.order
    if _is_stable(matching):
        yield (
            "No allowed pair blocks the pairing and, once ties are drawn by lot, no other that none blocks "
            "is better for any mentee. The certificate's prices prove the best matching, beside which it is "
            "put."
        )
    elif matching.status != "optimal":
        yield "Time ran out or a proof was not found: the bounds above say how much better it could be."
    elif matching.certificate.method == "network":
        own = sum(not name.startswith("without.") for name in order)
        drawn = any(name.partition(".")[0] == "lottery" for name in order)
        lottery = ", the lottery's included," if drawn else ""
        yield (
            f"For each of {counted(own, 'level')}{lottery} the certificate gives every "
            "person a price. By these prices no other matching that keeps the rules is better."
        )
    else:
        yield (
            "Some rules overlap, so people have no prices alone. For each of "
            f"{counted(len(matching.objective), 'level')} the certificate gives these rules prices, too, "
            "case by case where that takes several: by them no other matching that keeps the rules is better."
        )
    if matching.fairness:
        yield (
            "For the lowest score the prices prove that some pair must score no more; those whose level "
            "begins with without prove the matching that fairness is compared with."
        )
    yield "ipmatch verify COHORT MATCHING checks it: it scores the cohort anew and asks no solver."


def _is_stable(matching: Matching) -> bool:
    return matching.run.policy.objective.method == "stable"


def _record(matching: Matching) -> Iterator[str]:
    run = matching.run
    yield f"ipmatch {run.ipmatch}, preset {run.policy.preset}, seed {run.seed}."
    yield f"Cohort, without anybody's name or contact (SHA-256): {run.cohort_sha256}."
    if run.criteria:
        yield f"Criteria of the programme's own: {listed(run.criteria)}."
    for decision in run.decisions:
        yield f"Decided: {_decided(decision)}."
    if matching.rematch:
        earlier = counted(len(matching.rematch.earlier), "earlier pair")
        yield f"A re-match of {earlier}, keep: {matching.rematch.keep}."


def _decided(decision: Decision) -> str:
    pairs = [(decision.mentor, decision.mentee), (decision.other_mentor, decision.other_mentee)]
    whom = decision.id or " and ".join(f"{mentor} with {mentee}" for mentor, mentee in pairs if mentor)
    return f"{decision.kind} {whom}{f', {decision.when}' if decision.when else ''}"
