"""The list of changes as a browser lays it out: no word of a system's name is broken, and nothing runs past the edge."""

import pytest
from playwright.sync_api import Browser

from changes.models import Change
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.browser import Watch, cookie_of, scrolls_sideways
from tests.cast import Cast
from tests.changes.making import a_draft, a_system

# Of the cells of a column, the words that stand on more than one line.
BROKEN = """column => {
  const found = [];
  for (const cell of document.querySelectorAll(`td[data-label="${column}"]`)) {
    const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      for (const word of walk.currentNode.data.matchAll(/\\S+/g)) {
        const range = document.createRange();
        range.setStart(walk.currentNode, word.index);
        range.setEnd(walk.currentNode, word.index + word[0].length);
        if (range.getClientRects().length > 1) found.push(word[0]);
      }
    }
  }
  return found;
}"""
PAST_THE_EDGE = """() => document.querySelector('.table').getBoundingClientRect().right
  - document.querySelector('.list').getBoundingClientRect().right"""
WIDTHS = (320, 701, 1001, 1301, 1399, 1400, 1440, 1501, 1601, 1920)
LONG = "arn-aws-iam-0123456789-production-billing-and-invoices-of-customers"


@pytest.mark.browser
def test_systems_keep_their_words_whole_and_the_table_its_place(browser: Browser, site: str, watch: Watch) -> None:
    cast, acme = Cast(), Organization.objects.get(slug="acme")
    with tenant(acme):
        systems = [a_system(cast.manager, name) for name in ("Zendesk", "AWS production", "Production PostgreSQL")]
        a_draft(cast.manager, systems)
        wide = a_draft(cast.manager, systems[:1])
        Change.objects.filter(pk=wide.pk).update(kind="infrastructure", type="emergency", risk="medium")
    context = watch.over(browser.new_context(base_url=site))
    context.add_cookies([cookie_of(cast.manager, site)])  # type: ignore[list-item]
    page = context.new_page()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/o/acme/changes/")
        assert (width, page.evaluate(BROKEN, "Systems")) == (width, [])
        assert not scrolls_sideways(page), width
        assert page.evaluate(PAST_THE_EDGE) <= 1, width
    with tenant(acme):
        a_draft(cast.manager, [a_system(cast.manager, LONG)])
    for width in (320, 1001, 1301, 1440, 1601):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/o/acme/changes/")
        assert not scrolls_sideways(page), width
        assert page.evaluate(PAST_THE_EDGE) <= 1, width
