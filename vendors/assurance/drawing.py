"""The time line of an audit period as SVG, the same on a page and on paper, and as sentences."""

import datetime as dt

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ui.components import Tone
from ui.values import spelled
from vendors.assurance.windows import Span, Window

WIDTH, HEIGHT = 1000, 20
# As ui/charts.py has them: classes for the screen, colours for paper.
TONES: dict[str, Tone] = {"covered": "ok", "bridged": "info", "gap": "bad"}
_PAPER = {"ok": "#2e8b57", "info": "#2b4fc7", "bad": "#c43131"}
WORDS = {"covered": "Covered by a report", "bridged": "Bridge letter only", "gap": "Not covered"}


def timeline(found: Window, *, name: str, title: str) -> SafeString:
    """The period from left to right, each part in its own colour and pattern; `name` is its id on the page."""
    period = found.period
    boxes = format_html_join("", "{}", ((_box(kind, one, period),) for kind, one in found.parts))
    return format_html(
        '<svg class="chart bar" role="img" aria-labelledby="{name}-title {name}-desc" viewBox="0 0 {w} {h}" width="{w}" '
        'height="{h}" preserveAspectRatio="none" xmlns="http://www.w3.org/2000/svg"><title id="{name}-title">{title}</title>'
        '<desc id="{name}-desc">{told}</desc>{boxes}</svg>',
        name=name,
        w=WIDTH,
        h=HEIGHT,
        title=title,
        told=" ".join(sentences(found)),
        boxes=boxes,
    )


def _box(kind: str, one: Span, period: Span) -> SafeString:
    """A part; what is not covered is thinner, and a bridge thinner than a report, so that no colour is needed to tell them."""
    left = _place(one.first, period)
    right = _place(one.last + dt.timedelta(days=1), period)
    height = {"covered": HEIGHT, "bridged": HEIGHT * 3 // 5, "gap": HEIGHT // 4}[kind]
    tone = TONES[kind]
    return format_html(
        '<g><title>{}: {}</title><rect class="{}" x="{}" y="{}" width="{}" height="{}" fill="{}"/></g>',
        WORDS[kind], said(one), tone, left, HEIGHT - height, max(1, right - left), height, _PAPER[tone],
    )  # fmt: skip


def _place(day: dt.date, period: Span) -> int:
    return round(WIDTH * (day - period.first).days / period.days)


def said(one: Span) -> str:
    """Such as `1 March to 30 June 2026`, and how many days."""
    days = f"{one.days:,} {'day' if one.days == 1 else 'days'}"
    return f"{spelled(one.first)} to {spelled(one.last)} ({days})" if one.days > 1 else f"{spelled(one.first)} ({days})"


def sentences(found: Window) -> list[str]:
    """What is covered and what is not, in words."""
    total = found.period.days
    lines = [f"Reports cover {found.covered_days:,} of {total:,} days."]
    lines += [f"Covered: {said(one)}." for one in found.covered]
    lines += [f"Only a bridge letter speaks of {said(one)}: not covered." for one in found.bridged]
    lines += [f"Not covered: {said(one)}." for one in found.gaps]
    return lines
