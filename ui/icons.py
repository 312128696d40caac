"""A small set of line icons, drawn inline: the content policy allows no other way without a request."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_PATHS = {
    "arrow": "M3 8h9M8.5 4.5 12 8l-3.5 3.5",
    "bell": "M4 11V7a4 4 0 0 1 8 0v4l1 1H3zM6.5 14h3",
    "calendar": "M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2v3M10.5 2v3",
    "check": "m3 8.5 3.2 3.2L13 4.8",
    "chevron": "m5 6.5 3 3 3-3",
    "clock": "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 5v3.2l2 1.3",
    "copy": "M5.5 5.5h8v8h-8zM3 10.5h-.5v-8h8V3",
    "cross": "m4 4 8 8M12 4l-8 8",
    "download": "M8 2v8M4.8 7 8 10.2 11.2 7M2.5 13.5h11",
    "file": "M4 1.5h5l3.5 3.5v9.5H4zM9 1.5V5h3.5",
    "flag": "M4 14V2.5h7.5L10 5.5l1.5 3H4",
    "help": "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM6.3 6.3A1.8 1.8 0 1 1 8 8.6v.6M8 11.2v.1",
    "info": "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 7.5v3.5M8 5v.1",
    "key": "M10.5 2.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8.3 7.7 2.5 13.5M5 11l1.5 1.5",
    "lock": "M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
    "menu": "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
    "minus": "M3.5 8h9",
    "pencil": "m3 13 .6-2.8 7-7 2.2 2.2-7 7z",
    "person": "M8 2.5a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4zM3 13.5c.5-2.6 2.4-3.8 5-3.8s4.5 1.2 5 3.8",
    "plus": "M8 3.5v9M3.5 8h9",
    "search": "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.2 3.2",
    "shield": "M8 1.8 13 3.5v4c0 3.2-2 5.4-5 6.7-3-1.3-5-3.5-5-6.7v-4z",
    "sign-out": "M6.5 2.5h-4v11h4M6 8h7.5M10.5 5l3 3-3 3",
    "upload": "M8 10.5v-8M4.8 5.5 8 2.3l3.2 3.2M2.5 13.5h11",
    "warning": "M8 2.2 14.3 13.5H1.7zM8 6.5v3.2M8 11.5v.1",
}


def icon(name: str) -> SafeString:
    """A 16 px icon in the colour of its text, hidden from screen readers. Raises KeyError."""
    path = _PATHS[name]
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(f'<path d="{path}"/>'),  # noqa: S308 (from the table above)
    )
