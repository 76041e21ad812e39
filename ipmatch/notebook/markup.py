"""Small pieces of HTML for a notebook: they take the reader's own colours, so light and dark both work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["Markup", "bar", "facts", "folded", "page", "paragraph", "table", "text"]

# Lines and shades are mixed from the text's own colour, so that no theme has to be guessed.
STYLE = """
.ipmatch {
  --line: color-mix(in srgb, currentColor 22%, transparent);
  --faint: color-mix(in srgb, currentColor 7%, transparent);
  font-size: 13px; line-height: 1.45; max-width: 66em;
}
.ipmatch .ip-title { font-size: 1.2em; font-weight: 600; margin: 0 0 .15em }
.ipmatch p { margin: .2em 0 .5em }
.ipmatch .ip-soft { opacity: .78 }
.ipmatch dl { display: flex; flex-wrap: wrap; gap: .5em 2em; margin: .5em 0 .7em; padding: 0 }
.ipmatch dl div { display: flex; flex-direction: column-reverse; margin: 0 }
.ipmatch :is(dt, dd) { float: none; width: auto; white-space: nowrap }
.ipmatch dt { opacity: .78; font-weight: 400 }
.ipmatch dd { margin: 0; font-size: 1.35em; font-weight: 600; font-variant-numeric: tabular-nums }
.ipmatch .ip-scroll { max-height: 26em; overflow: auto; position: relative; margin: .3em 0 .7em }
.ipmatch :focus-visible { outline: 2px solid #3b82c4; outline-offset: 2px }
.ipmatch table.ip-table {
  border-collapse: collapse; font-size: 1em; margin: 0; width: auto; border: 0; color: inherit;
}
.ipmatch table.ip-table caption {
  caption-side: top; text-align: left; font-weight: 600; padding: .3em 0; color: inherit; white-space: nowrap;
}
.ipmatch table.ip-table tr { background: transparent }
.ipmatch table.ip-table tbody tr:hover { background: var(--faint) }
.ipmatch table.ip-table :is(th, td) {
  text-align: left; vertical-align: top; padding: .28em .9em .28em 0; font-weight: 400;
  border: 0; border-bottom: 1px solid var(--line); max-width: 46em; white-space: normal;
}
.ipmatch table.ip-table thead th { font-weight: 600; border-bottom-width: 2px; white-space: nowrap }
.ipmatch table.ip-table tbody th { font-weight: 600; white-space: nowrap }
.ipmatch table.ip-table .ip-num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.ipmatch .ip-bar {
  display: block; height: 3px; min-width: 4em; margin-top: 2px; background: var(--line); border-radius: 2px;
}
.ipmatch .ip-bar i { display: block; height: 3px; background: #3b82c4; border-radius: 2px }
.ipmatch summary { cursor: pointer; padding: .15em 0 }
"""


class Markup(str):
    """Text that is HTML already; any other is escaped."""


def text(words: object) -> Markup:
    """Words as HTML."""
    return words if isinstance(words, Markup) else Markup(escape(str(words)))


def page(label: str, *parts: str) -> str:
    """The parts as one section, with its style."""
    body = "".join(text(part) for part in parts)
    return f'<section class="ipmatch" aria-label="{escape(label)}"><style>{STYLE}</style>{body}</section>'


def paragraph(words: str, kind: str = "") -> Markup:
    """A paragraph; ``kind`` is ``title`` or ``soft``."""
    return Markup(f"<p{f' class=ip-{kind}' if kind else ''}>{text(words)}</p>") if words else Markup()


def facts(*pairs: tuple[str, object]) -> Markup:
    """A few numbers, each under its name."""
    inner = "".join(f"<div><dt>{text(name)}</dt><dd>{text(value)}</dd></div>" for name, value in pairs)
    return Markup(f"<dl>{inner}</dl>")


def bar(words: str, share: float) -> Markup:
    """A number over a bar of its share of the largest."""
    width = round(100 * min(max(share, 0.0), 1.0))
    return Markup(
        f'{text(words)}<span class="ip-bar" aria-hidden="true"><i style="width:{width}%"></i></span>'
    )


def table(
    caption: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    right: Sequence[int] = (),
    most: int | None = None,
    more: str = "",
) -> Markup:
    """A table with a caption, whose first column names its rows; nothing at all without rows.

    Parameters
    ----------
    right
        The columns of numbers, set flush right.
    most, more
        After so many rows the others are counted, and ``more`` says where they are.
    """
    body = [tuple(row) for row in rows]
    if not body:
        return Markup()
    left = len(body) - most if most is not None else 0
    shown = "".join(_row(row, right) for row in (body[:most] if left > 0 else body))
    heads = "".join(
        f'<th scope="col"{_kind(place, right)}>{text(head)}</th>' for place, head in enumerate(headings)
    )
    inner = (
        f'<table class="ip-table"><caption>{text(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{shown}</tbody></table>"
    )
    rest = paragraph(f"and {left:,} more{': ' + more if more else ''}", "soft") if left > 0 else ""
    label = escape(caption, quote=True)
    return Markup(
        f'<div class="ip-scroll" role="region" aria-label="{label}" tabindex="0">{inner}</div>{rest}'
    )


def folded(summary: str, *parts: str) -> Markup:
    """Parts behind a line that opens them; nothing at all without parts."""
    inner = "".join(map(text, parts))
    return Markup(f"<details><summary>{text(summary)}</summary>{inner}</details>" if inner else "")


def _row(row: Sequence[object], right: Sequence[int]) -> str:
    cells = (
        f"<{tag}{scope}{_kind(place, right)}>{text('' if cell is None else cell)}</{tag}>"
        for place, cell in enumerate(row)
        for tag, scope in [("th", ' scope="row"') if place == 0 else ("td", "")]
    )
    return f"<tr>{''.join(cells)}</tr>"


def _kind(place: int, right: Sequence[int]) -> str:
    return ' class="ip-num"' if place in right else ""
