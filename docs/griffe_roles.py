"""Lets the site read docstrings as they are written: roles as code, names told of together one by one."""

from __future__ import annotations

import re
from typing import Any

import griffe

_ROLE = re.compile(r":\w+:`~?([^`]+)`")
_TOGETHER = re.compile(r"^( *)(\w+(?:, \w+)+)\n((?:\1 {4}.*\n?|\n)+)", re.MULTILINE)


class Roles(griffe.Extension):
    """Changes the text of every docstring before it is parsed."""

    def on_instance(self, *, node: Any, obj: griffe.Object, agent: Any, **kwargs: Any) -> None:
        """Griffe calls this for every module, class, function and attribute."""
        if obj.docstring is not None:
            text = _ROLE.sub(r"`\1`", obj.docstring.value)
            before, section, after = text.partition("Parameters\n----------\n")
            head, line, tail = after.partition("\n-----")
            obj.docstring.value = before + section + _TOGETHER.sub(_apart, head) + line + tail


def _apart(found: re.Match[str]) -> str:
    indent, names, words = found.groups()
    return "".join(f"{indent}{name}\n{words}" for name in names.split(", "))
