"""Texts in Markdown as safe HTML: no HTML of the writer's own, no images, nothing that is fetched or run.

Twice over: the parser lets no HTML through and knows no images, and what it makes is cleaned to the tags that it may make.
"""

from collections.abc import Callable

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "table": {"class"}, "th": {"scope"}}
_SCHEMES = {"http", "https", "mailto"}
_parser = (
    MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable(["image", "html_block", "html_inline"])
)


def render(text: str, heading: Callable[[int], str] = lambda level: f"h{min(level + 1, 6)}") -> SafeString:
    """The text as HTML. What looks like HTML in it is shown as it was typed.

    `heading` gives the tag for a heading of a level: below the page's own (h1) unless it says otherwise.
    """
    tokens = _parser.parse(text)
    for token in tokens:
        _tame(token, heading)
    html: str = _parser.renderer.render(tokens, _parser.options, {})
    clean = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener noreferrer")
    return mark_safe(clean)  # noqa: S308 - the parser escapes every text, and what it makes is cleaned to a list of tags


def _tame(token: Token, heading: Callable[[int], str]) -> None:
    if token.type in {"heading_open", "heading_close"}:
        token.tag = heading(int(token.tag[1]))
    if token.type == "table_open":
        token.attrSet("class", "table")
    if token.type == "th_open":
        token.attrSet("scope", "col")
