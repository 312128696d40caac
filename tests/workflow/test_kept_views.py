"""Views of a list that members keep: what of an address is kept, how many, and that each list has its own."""

import pytest

from changes.drafting.kept_views import KEPT as OF_CHANGES
from ui.refusals import ActionRefused
from vulnerabilities.handling.kept_views import KEPT as OF_VULNERABILITIES
from workflow.kept_views import MOST, forget_view, keep_view
from workflow.models import SavedView


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("view=mine&page=2&size=100&export=csv", "view=mine"),
        ("q=&state=&order=-raised_at", "order=-raised_at"),
        ("type=normal&type=emergency&q=two words", "type=normal&type=emergency&q=two+words"),
        ("severity=high", ""),
        ("page=2", ""),
    ],
)
def test_of_an_address_only_what_narrows_or_orders_the_list_is_kept(query, kept):
    assert OF_CHANGES.narrowed(query) == kept


def test_each_list_has_views_of_its_own_also_of_one_name(in_acme, manager):
    one = keep_view(OF_CHANGES, actor=manager, name="Mine ", query="view=mine")
    other = keep_view(OF_VULNERABILITIES, actor=manager, name="Mine", query="view=mine")
    assert (list(OF_CHANGES.of(manager)), list(OF_VULNERABILITIES.of(manager))) == ([one], [other])
    with pytest.raises(ActionRefused, match="a view of this name already"):
        keep_view(OF_CHANGES, actor=manager, name="Mine", query="state=pending")
    forget_view(one, actor=manager)
    assert list(SavedView.objects.all()) == [other]


def test_a_list_is_not_buried_under_views(in_acme, manager):
    for number in range(MOST):
        keep_view(OF_CHANGES, actor=manager, name=str(number), query="view=mine")
    with pytest.raises(ActionRefused, match="You keep 20 views already"):
        keep_view(OF_CHANGES, actor=manager, name="One more", query="view=mine")
    keep_view(OF_VULNERABILITIES, actor=manager, name="Another list", query="view=mine")
