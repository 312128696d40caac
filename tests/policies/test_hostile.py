"""A text that tries to run a script or to ask somebody does neither, in the product's pages and on paper."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request

from controls.binder.markdown import render as render_binder
from policies.models import Policy, PolicyVersion
from policies.writing.actions import begin_version, write_version
from tenancy.scope import tenant
from tests.browser import Watch, cookie_of, faults_of
from tests.cast import Cast
from tests.policies.hostile import HOSTILE, TEXT
from tests.policies.making import in_force
from ui.markdown import render

STORED = TEXT.replace("\x00", "")  # a database keeps none, and the form takes none
_TAGS = re.compile(r"<\s*([a-z][a-z0-9]*)((?:\s+[a-z-]+=\"[^\"<>]*\")*)\s*/?>", re.IGNORECASE)
_ALLOWED = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
FOUND = """() => {
  const found = [];
  for (const one of document.querySelectorAll('.prose *')) {
    if (/^(script|img|svg|iframe|object|embed|style|link|meta|base|form|input|button|video|audio|math|details)$/i.test(
      one.tagName))
      found.push(one.outerHTML.slice(0, 120));
    for (const attribute of one.attributes)
      if (/^(on|hx-|style|src|ping|srcdoc)/i.test(attribute.name)) found.push(one.outerHTML.slice(0, 120));
    if (one.tagName === 'A' && one.hasAttribute('href') && !/^(https?|mailto):/.test(one.href)) found.push(one.href);
  }
  return [...found, ...(window.heard || [])];
}"""


def test_what_is_made_of_it_holds_only_plain_tags():
    for html in [str(how(text)) for text in HOSTILE for how in (render, render_binder)]:
        left = _TAGS.sub("", re.sub(r"</[a-z0-9]+>", "", html))
        assert "<" not in left, html
        for tag, attributes in _TAGS.findall(html):
            assert tag in _ALLOWED, html
            assert not re.search(r"\b(on\w+|style|src|hx-\w+)\s*=", attributes), html
            assert not re.search(r"(script|data):", attributes.lower()), html


@pytest.mark.browser
def test_no_script_runs_and_nobody_is_asked(browser: Browser, site: str, watch: Watch) -> None:
    policy, second = _written()
    context = watch.over(browser.new_context(base_url=site))
    context.add_cookies([cookie_of(Cast().manager, site)])  # type: ignore[list-item]
    context.add_init_script("window.heard = []; window.ran = what => window.heard.push('ran ' + what)")
    asked: list[str] = []
    context.on("request", lambda request: _note(request, site, asked))
    page = context.new_page()
    page.on("dialog", lambda dialog: _dismiss(dialog, asked))
    for path in (f"{policy.pk}/", f"versions/{second.pk}/", f"{policy.pk}/difference/"):
        page.goto(f"/o/acme/policies/{path}")
        _harmless(page)
    assert faults_of(page, "difference") == []
    page.goto(f"/o/acme/policies/versions/{second.pk}/write/")
    _harmless(page)
    with page.expect_response(re.compile("/policies/preview/")):
        page.get_by_label("Text").fill(f"{STORED}\n\nThe last line.")
    page.locator("#preview").get_by_text("The last line.").wait_for()
    _harmless(page)
    for link in page.locator("#preview a").all():
        link.hover()
        link.focus()
    assert (page.evaluate("window.heard"), asked) == ([], [])


def _written() -> tuple[Policy, PolicyVersion]:
    with tenant(Cast().manager.organization):
        policy = in_force(Cast().manager, Cast().approver, text=STORED)
        second = begin_version(policy, actor=Cast().manager)
        return policy, write_version(second, actor=Cast().manager, text=f"{STORED}\n\n<img src=x onerror=ran('new')>")


def _harmless(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    assert page.evaluate(FOUND) == [], page.url


def _note(request: Request, site: str, asked: list[str]) -> None:
    if not request.url.startswith((site, "data:", "about:")):
        asked.append(request.url)


def _dismiss(dialog: Dialog, asked: list[Any]) -> None:
    asked.append(dialog.message)
    dialog.dismiss()
