"""Sectors, scopes and organisations: the words people type, read against tables anyone can open."""

from .organisations import near_equal, organisation_key
from .scopes import (
    Relation,
    ScopeReading,
    known_scopes,
    read_scope,
    relation,
    scope_group,
    scope_groups,
)
from .sectors import SECTORS, read_sector, sector_label, shared_sectors
from .text import normalise, suggest

__all__ = [
    "SECTORS",
    "Relation",
    "ScopeReading",
    "known_scopes",
    "near_equal",
    "normalise",
    "organisation_key",
    "read_scope",
    "read_sector",
    "relation",
    "scope_group",
    "scope_groups",
    "sector_label",
    "shared_sectors",
    "suggest",
]
