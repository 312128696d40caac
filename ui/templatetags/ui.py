"""Components as template tags. Built into the engine, so templates need not load them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from ui import icons, values
from ui.components import Badge, Tone
from ui.differences import Change, changes
from ui.links import may_open, site_path

register = template.Library()


@register.simple_tag
def badge(label: object, tone: Tone = "muted") -> SafeString:
    """{% badge "Overdue" "bad" %}"""
    return Badge(str(label), tone).__html__()


@register.simple_tag
def when(moment: datetime | None) -> SafeString:
    """A relative time with the exact one on hover and in print."""
    return values.when(moment)


@register.simple_tag
def noted(moment: datetime | None) -> SafeString:
    """A time that another system gave, or the day where it gave no more."""
    return values.noted(moment)


@register.simple_tag
def day(value: date | None) -> SafeString:
    """3 Nov 2026"""
    return values.day(value)


@register.simple_tag
def due(value: date | None, done: object = None) -> SafeString:
    """A due date, with the days late unless it is done: `3 Nov 2026 · 2 days late`."""
    if value is None or done:
        return values.day(value)
    days = (value - timezone.localdate()).days
    if days > 7:
        return values.day(value)
    tone = "bad" if days < 0 else "warn" if days < 3 else "muted"
    return format_html('{} <span class="tone {} nowrap">{}</span>', values.day(value), tone, _days(days))


def _days(days: int) -> str:
    if days == 0:
        return "today"
    amount = "1 day" if abs(days) == 1 else f"{abs(days)} days"
    return f"{amount} late" if days < 0 else f"in {amount}"


@register.simple_tag
def show(value: object) -> str | SafeString:
    """Any value as a cell shows it."""
    return values.display(value)


@register.simple_tag
def number(value: int | None) -> str | SafeString:
    """12,345"""
    return values.NOTHING if value is None else number_format(value, force_grouping=True)


@register.simple_tag
def icon(name: str) -> SafeString:
    return icons.icon(name)


@register.simple_tag
def person(someone: Any) -> SafeString:
    """A name with the e-mail address below it; a dash for nobody."""
    if someone is None:
        return values.NOTHING
    email = getattr(someone, "email", "")
    return format_html(
        '<span class="person">{} <small class="muted">{}</small></span>', getattr(someone, "name", "") or someone, email
    )


@register.simple_tag
def digest(sha256: str) -> SafeString:
    """The beginning of a hash, the whole on hover, and a button that copies it."""
    if not sha256:
        return values.NOTHING
    return format_html(
        '<span class="digest"><code title="{0}">{1}…</code>'
        '<button type="button" class="button quiet small" data-copy="{0}" aria-label="Copy the SHA-256">{2}</button></span>',
        sha256,
        sha256[:12],
        icons.icon("copy"),
    )


@register.filter
def opens_for(address: str, member: Any) -> bool:
    """Whether there is an address, and somebody's role opens it: a link to what is refused is none."""
    return bool(address) and may_open(member, address)


@register.inclusion_tag("ui/stat.html")
def stat(label: str, value: object, tone: str = "", note: str = "", url: str = "") -> dict[str, Any]:
    """A tile with one figure, its label, a note, and where it leads."""
    return {"label": label, "value": value, "tone": tone, "note": note, "url": url}


@register.inclusion_tag("ui/answer.html")
def answer(key: str, label: str, to: str, *args: Any, tone: str = "", whole: bool = False, **query: Any) -> dict[str, Any]:
    """A button that answers what waits on this page, and the key that presses it: `a` says yes, `r` says no.

    It opens the form named `to` in a dialog, or on a page of its own when `whole`; `query` goes into its address.
    """
    url = reverse(to, args=args)
    return {"key": key, "label": label, "url": f"{url}?{urlencode(query)}" if query else url, "tone": tone, "whole": whole}


@register.inclusion_tag("ui/progress.html")
def progress(done: int | None, total: int | None, label: str = "Progress", tone: str = "", *, unit: str = "") -> dict[str, Any]:
    """A bar with its numbers, and `unit` where no heading says of what; without a total a bar that says it is working."""
    percent = values.percent_of(done or 0, total or 0)
    return {"done": done or 0, "total": total, "label": label, "percent": percent, "tone": tone, "unit": unit}


@register.inclusion_tag("ui/empty_state.html")
def empty_state(
    title: str, reason: str = "", action: str = "", url: str = "", *, sample: str = "", sample_url: str = ""
) -> dict[str, Any]:
    """Why there is nothing, the one thing to do, and a sample to try it with."""
    return {
        "title": title,
        "reason": reason,
        "action": (action, url) if action and url else None,
        "sample": (sample, sample_url) if sample and sample_url else None,
    }


@register.inclusion_tag("ui/diff.html")
def diff(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, list[Change]]:
    """What changed between two dicts, one line per key that differs."""
    return {"changes": changes(before or {}, after or {})}


@register.inclusion_tag("ui/facts.html")
def facts(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """A description list of (term, value)."""
    return {"pairs": [(term, values.display(value)) for term, value in pairs]}


@register.simple_block_tag
def callout(content: SafeString, tone: str = "info", title: str = "") -> SafeString:
    """{% callout "warn" "Title" %}...{% endcallout %}"""
    sign = icons.icon({"warn": "warning", "bad": "warning", "ok": "check"}.get(tone, "info"))
    heading = format_html("<strong>{}</strong>", title) if title else ""
    return format_html('<div class="callout {}">{}<div>{}{}</div></div>', tone, sign, heading, content)


@register.simple_tag(takes_context=True)
def query_replace(context: Context, **changes: Any) -> str:
    """The current query string with parameters replaced, or removed by None or ""."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag
def site_url(name: str, *args: Any, optional: bool = False, **kwargs: Any) -> str:
    """The path of a page outside the organizations. Raises NoReverseMatch, or gives "" when `optional`."""
    try:
        return site_path(name, *args, **kwargs)
    except NoReverseMatch:
        if optional:
            return ""
        raise


@register.simple_tag(takes_context=True)
def again(context: Context, name: str) -> str:
    """The content of a block once more: Django allows a block's name only once per template."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return SafeString(block.render(context).strip())
