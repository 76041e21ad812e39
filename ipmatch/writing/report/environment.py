"""The one Jinja environment: everything escaped, invisible characters spelt out, numbers exact."""

from __future__ import annotations

import base64
import functools
import hashlib
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ipmatch.errors import needing
from ipmatch.writing import digest
from ipmatch.writing.characters import shown
from ipmatch.writing.layout import number

if TYPE_CHECKING:
    import jinja2

__all__ = ["environment", "render"]

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, *, script: str | None = None, **values: Any) -> str:
    """One self-contained page: the style and the script stand in it, and the policy allows no other.

    Parameters
    ----------
    template, script
        Files of the templates' folder.
    values
        What the template shows.

    Raises
    ------
    MissingExtraError
        If Jinja2 is not installed.
    """
    from_file = environment()
    style, code = _text("page.css"), _text(script) if script else ""
    import markupsafe

    return from_file.get_template(template).render(
        style=markupsafe.Markup(style),  # noqa: S704 (our own file)
        script=markupsafe.Markup(code),  # noqa: S704 (our own file)
        style_hash=_hash(style),
        script_hash=_hash(code),
        version=version("ipmatch"),
        **values,
    )


@functools.cache
def environment() -> jinja2.Environment:
    """The environment of our own templates."""
    with needing("office", "A page"):
        import jinja2
        import markupsafe

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: (
            shown(value) if isinstance(value, str) and not isinstance(value, markupsafe.Markup) else value
        ),
    )
    made.filters["figure"] = _figure
    made.filters["words"] = lambda code: code.replace("_", " ").replace("-", " ")
    made.filters["why"] = digest.why
    return made


def _figure(value: Decimal | int) -> str:
    """A number exactly, with thousands set apart and a true minus."""
    return f"{Decimal(number(value)):,f}".replace("-", "−")


def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8").strip()


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
