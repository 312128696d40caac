"""Texts of the system description: Markdown with one level of headings."""

from django.utils.safestring import SafeString

from ui import markdown

_HEADING = "h4"  # below the part (h2) and the section (h3), on the page and on paper


def render(text: str) -> SafeString:
    """The text as HTML. What looks like HTML in it is shown as it was typed."""
    return markdown.render(text, lambda _level: _HEADING)
