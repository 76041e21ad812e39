"""A criterion of one's own: the newly qualified go to a designated prescribing practitioner (DPP).

In Python, ``match(cohort, policy, criteria=[dpp_for_new])``; on the command line,
``ipmatch match COHORT --policy POLICY --criteria examples/own_criterion.py:dpp_for_new``. Its weight stands
under its name in the policy: ``weights = {dpp_for_new = 15}``.
"""

from __future__ import annotations

from decimal import Decimal

from ipmatch.people import Mentee, Mentor

NEWLY_QUALIFIED_FROM = 2022
NOT_CONFIDENT_AT_ALL = 1


class DppForNew:
    """1 if a newly qualified mentee gets a DPP; two people without any confidence are never paired."""

    name = "dpp_for_new"

    def mentor_key(self, mentor: Mentor) -> tuple[bool, bool]:
        """What is asked of a mentor; strengths are asked once per pair of keys, not of people."""
        return mentor.dpp is True, mentor.confidence == NOT_CONFIDENT_AT_ALL

    def mentee_key(self, mentee: Mentee) -> tuple[bool, bool]:
        """What is asked of a mentee."""
        is_new = mentee.qualified_year is not None and mentee.qualified_year >= NEWLY_QUALIFIED_FROM
        return is_new, mentee.confidence == NOT_CONFIDENT_AT_ALL

    def strength(self, mentor_key: tuple[bool, bool], mentee_key: tuple[bool, bool]) -> int | None:
        """0 or 1, or ``None`` to remove the pair: that is a hard rule, whatever the weight."""
        (is_dpp, unsure_mentor), (is_new, unsure_mentee) = mentor_key, mentee_key
        if unsure_mentor and unsure_mentee:
            return None
        return int(is_dpp and is_new)

    def because(self, mentor: Mentor, mentee: Mentee, strength: Decimal) -> str:
        """The sentence that stands beside the points."""
        if strength:
            return f"{mentor.id} is a DPP, and {mentee.id} qualified in {mentee.qualified_year}."
        return f"{mentor.id} is no DPP, or {mentee.id} did not qualify lately."


dpp_for_new = DppForNew()
