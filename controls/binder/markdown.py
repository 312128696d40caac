"""Texts in Markdown as safe HTML: no HTML of the writer's own, no images, and one level of headings."""

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_HEADING = "h4"  # below the part (h2) and the section (h3), on the page and on paper
_parser = (
    MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable(["image", "html_block", "html_inline"])
)


def render(text: str) -> SafeString:
    """The text as HTML. What looks like HTML in it is shown as it was typed."""
    tokens = _parser.parse(text)
    for token in tokens:
        _tame(token)
    html: str = _parser.renderer.render(tokens, _parser.options, {})
    return mark_safe(html)  # noqa: S308 - the renderer escapes every text, and lets no HTML through


def _tame(token: Token) -> None:
    if token.type in {"heading_open", "heading_close"}:
        token.tag = _HEADING
    if token.type == "table_open":
        token.attrSet("class", "table")
    if token.type == "th_open":
        token.attrSet("scope", "col")
        token.attrs.pop("style", None)
    if token.type == "td_open":
        token.attrs.pop("style", None)  # the page's policy lets no style through
    for child in token.children or ():
        if child.type == "link_open":
            child.attrSet("rel", "noopener noreferrer")
