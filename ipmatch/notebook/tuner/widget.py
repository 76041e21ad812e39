"""Tuner: the tuning on a page of a notebook, by anywidget."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ipmatch.decisions import Decisions
from ipmatch.errors import IpmatchError, UsageError, needing
from ipmatch.expecting import PATH, expect
from ipmatch.notebook.tuner.tuning import Tuning
from ipmatch.notebook.tuner.view import view_of
from ipmatch.writing.json_document import json_text
from ipmatch.writing.policy_file import write_policy
from ipmatch.writing.whole import exists, write_whole

if TYPE_CHECKING:
    import anywidget

__all__ = ["Tuner"]


class Tuner(Tuning):
    """A page with a slider for every weight, the rules, and all pairs beside those of the base.

    End a cell with it in Jupyter, or wherever anywidget runs; in marimo show
    ``mo.ui.anywidget(tuner.widget)``. Each move is answered by the engine of :func:`ipmatch.match`; the page
    itself computes nothing. From Python the same moves are ``weigh``, ``rule``, ``keep``, ``forbid``,
    ``release``, ``undo``, ``redo``, ``reset``.

    Parameters
    ----------
    cohort, policy, criteria, decisions
        As for :func:`ipmatch.match`; the base with which all is compared.

    Raises
    ------
    InputError, InfeasibleError
        If the base cannot be matched.
    """

    _written: frozenset[Path] = frozenset()
    _turn = 0

    @cached_property
    def widget(self) -> anywidget.AnyWidget:
        """The page.

        Raises
        ------
        MissingExtraError
            If anywidget is not installed.
        """
        widget: anywidget.AnyWidget = _widget_class()(view=self._view("", ""))
        widget.on_msg(self._heard)
        return widget

    def save(self, destination: str | os.PathLike[str] = "policy.toml", *, force: bool = False) -> list[Path]:
        """Write the policy, and where there are any the decisions beside it as ``decisions.json``.

        What this tuner has written before it replaces.

        Raises
        ------
        UsageError
            If another file is there already, or the name does not end in ``.toml``.
        OutputError
            If it could not be written.
        """
        expect(destination=(destination, *PATH), force=(force, bool))
        path = Path(destination)
        beside = path.parent / "decisions.json"
        for place in (path, beside) if self.decisions else (path,):
            # Both or neither.
            if not force and place not in self._written and os.path.lexists(place):
                raise UsageError([exists(os.fspath(place))])
        write_policy(self.policy, path, force=force or path in self._written)
        written = [path]
        if self.decisions:
            decisions = json_text(
                Decisions(decisions=self.decisions).model_dump(mode="json", exclude_none=True)
            )
            write_whole(beside, decisions, force=force or beside in self._written)
            written.append(beside)
        self._written = self._written.union(written)
        return written

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)

    def _heard(self, widget: Any, message: Mapping[str, Any], buffers: Any) -> None:
        said = (
            self._saved(str(message.get("path")))
            if message.get("kind") == "save"
            else ("", self.answer(message))
        )
        widget.view = self._view(*said)

    def _saved(self, path: str) -> tuple[str, str]:
        try:
            names = [one.name for one in self.save(path)]
        except IpmatchError as error:
            return "", str(error)
        decided = f" --decisions {names[1]}" if len(names) > 1 else ""
        return f"Saved {' and '.join(names)}: ipmatch match COHORT --policy {names[0]}{decided}", ""

    def _view(self, saved: str, wrong: str) -> dict[str, Any]:
        # Numbered, so that every answer is news to the page, even if nothing changed.
        self._turn += 1
        return {**view_of(self), "saved": saved, "wrong": wrong, "turn": self._turn}


@cache
def _widget_class() -> Any:
    with needing("notebook", "The tuner"):
        import anywidget
        import traitlets

    page = resources.files("ipmatch.notebook.tuner")

    class TunerWidget(anywidget.AnyWidget):
        _esm = page.joinpath("tuner.js").read_text(encoding="utf-8")
        _css = page.joinpath("tuner.css").read_text(encoding="utf-8")
        view = traitlets.Dict().tag(sync=True)

    return TunerWidget
