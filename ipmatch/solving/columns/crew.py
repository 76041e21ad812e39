"""Who looks at the pairs: this process, or the workers of an executor, each at a part of the mentees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ipmatch.solving.arrays import IndexVector
from ipmatch.solving.columns.charted import charted_scan
from ipmatch.solving.columns.scan import Hits, Question, TooMany, scan
from ipmatch.solving.columns.terrain import Terrain
from ipmatch.solving.memory import memory_kept

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

__all__ = ["Crew", "work"]

PART = 6_000
"""Mentees in a part of a scan: enough that asking costs little beside it."""
FEWEST, MOST = 4, 32
"""Parts of a scan: enough to keep workers busy to the end, few enough that sending prices costs little."""

_known: dict[bytes, Terrain] = {}
_UNKNOWN = "unknown terrain"


class Crew:
    """Scans of one terrain, shared out over an executor if there is one.

    A part that a worker loses, for whatever reason, is done here: the answer is the same. Without workers
    what pairs gain is written down once, unless this is not to be ``charted``.
    """

    def __init__(self, terrain: Terrain, executor: Executor | None = None, *, charted: bool = True) -> None:
        self._terrain, self._executor, self._charted = terrain, executor, charted
        order = np.argsort(terrain.kind, kind="stable")
        count = min(max(FEWEST, len(order) // PART), MOST)
        self._parts = [part for part in np.array_split(order, count) if len(part)]

    def scan(self, question: Question) -> Hits:
        """Answer a question about all pairs.

        Raises
        ------
        TooMany
            If there are more tight pairs than were to be listed.
        """
        parts, count = list[Hits](), 0
        for hits in self._answers(question):
            parts.append(hits)
            count += len(hits.mentor)
            if question.tight and count > question.most:
                raise TooMany
        return Hits.joined(parts)

    def _answers(self, question: Question) -> Iterator[Hits]:
        if self._executor is None:
            hits = charted_scan(self._terrain, question) if self._charted else None
            if hits is not None:
                yield hits
                return
            for part in self._parts:
                yield scan(self._terrain, question, part)
            return
        asked = [self._submitted(self._executor, question, part) for part in self._parts]
        # A worker that does not know the terrain yet says so, and is told it.
        again = [
            self._submitted(self._executor, question, part, self._terrain)
            if _result(future) == _UNKNOWN
            else future
            for part, future in zip(self._parts, asked, strict=True)
        ]
        for part, future in zip(self._parts, again, strict=True):
            answer = _result(future)
            yield answer if isinstance(answer, Hits) else scan(self._terrain, question, part)

    def _submitted(
        self, executor: Executor, question: Question, part: IndexVector, terrain: Terrain | None = None
    ) -> Future[object] | None:
        try:
            return executor.submit(work, self._terrain.name, terrain, question, part)
        except Exception:  # noqa: BLE001 - a broken pool, of whatever kind: this process takes over
            return None


def work(name: bytes, terrain: Terrain | None, question: Question, part: IndexVector) -> object:
    """Scan a part of a terrain that was sent before, or is sent now."""
    if terrain is None:
        terrain = _known.get(name)
    elif name not in _known:
        _known.clear()
        _known[name] = terrain
    if terrain is None:
        return _UNKNOWN
    with memory_kept():
        return scan(terrain, question, part)


def _result(future: Future[object] | None) -> object:
    try:
        return None if future is None else future.result()
    except TooMany:
        raise
    except Exception:  # noqa: BLE001 - whatever became of the worker, its part is done here
        return None
