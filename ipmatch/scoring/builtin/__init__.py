"""The ten criteria of the contract; the one that makes the number writes the sentence."""

from ipmatch.scoring.builtin.base import Builtin
from ipmatch.scoring.builtin.person import Availability, Experience, KnownTo, MeetingMode, Preferences, Tags
from ipmatch.scoring.builtin.practice import Organisation, Region, Scope, Sector

__all__ = [
    "BUILTIN",
    "Availability",
    "Builtin",
    "Experience",
    "KnownTo",
    "MeetingMode",
    "Organisation",
    "Preferences",
    "Region",
    "Scope",
    "Sector",
    "Tags",
]

# In the order contributions are listed.
BUILTIN: tuple[Builtin, ...] = (
    Sector(),
    Scope(),
    Region(),
    Organisation(),
    Experience(),
    Availability(),
    KnownTo(),
    Preferences(),
    MeetingMode(),
    Tags(),
)
