import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.ui.conftest import CardboardMember
from tests.ui.things import Things, make
from ui.screens import Filter, ListScreen

pytestmark = pytest.mark.django_db
VIEW = Things.as_view()


def names(response):
    return re.findall(r'href="/list/(\w+)/" data-open', response.content.decode())


def test_rows_come_in_the_default_order_and_link_to_their_page(ask):
    make("beta", "alpha")
    assert names(ask(VIEW)) == ["alpha", "beta"]


def test_the_order_is_in_the_address(ask):
    make("beta", "alpha")
    assert names(ask(VIEW, data={"order": "-model"})) == ["beta", "alpha"]
    assert 'aria-sort="descending"' in ask(VIEW, data={"order": "-model"}).content.decode()


def test_the_other_way_round_equal_rows_turn_too(ask):
    make("same")
    make("same", app="made_too")
    apps = [
        re.findall(r"(made(?:_too)?)\s*</td>", ask(VIEW, data={"order": way}).content.decode()) for way in ("model", "-model")
    ]
    assert sorted(apps[0]) == ["made", "made_too"]
    assert apps[0] == apps[1][::-1]


def test_search_wants_every_word(ask):
    make("red apple", "red pear", "apple")
    assert len(re.findall("data-row", ask(VIEW, data={"q": "apple red"}).content.decode())) == 1


def test_filters_narrow_and_a_multiple_one_widens(ask):
    make("alpha", "omega")
    make("beta", app="made_too")
    assert names(ask(VIEW, data={"app_label": "made"})) == ["alpha", "omega"]
    assert names(ask(VIEW, data={"first": ["a-m", "n-z"]})) == ["alpha", "beta", "omega"]


@pytest.mark.parametrize(
    "data",
    [{"order": "password"}, {"page": "x"}, {"page": "-3"}, {"page": "²"}, {"size": "7"}, {"app_label": "auth"}, {"q": "\x00"}],
)
def test_nonsense_in_the_address_is_ignored(ask, data):
    make("alpha")
    assert names(ask(VIEW, data=data)) == ["alpha"]


def test_pages_have_a_next_and_a_previous(ask):
    make(*(f"thing{i:03}" for i in range(60)))
    first = ask(VIEW, data={"size": 25}).content.decode()
    assert len(re.findall("data-row", first)) == 25
    assert "size=25&amp;page=2" in first
    assert 'rel="prev"' not in first
    last = ask(VIEW, data={"size": 25, "page": 3}).content.decode()
    assert len(re.findall("data-row", last)) == 10
    assert 'rel="next"' not in last
    assert "past the end" in ask(VIEW, data={"page": 9}).content.decode()


def test_the_page_costs_one_query_and_counts_nothing(ask, django_assert_num_queries):
    make(*(f"thing{i:03}" for i in range(60)))
    with django_assert_num_queries(1) as captured:
        ask(VIEW)
    assert "COUNT" not in captured.captured_queries[0]["sql"]


def test_the_fragment_is_the_page_s_own_markup(ask):
    make("alpha")
    page, fragment = ask(VIEW), ask(VIEW, htmx=True)
    assert "<html" not in fragment.content.decode()
    table = re.compile(r"<table.*</table>", re.DOTALL)
    assert table.findall(page.content.decode()) == table.findall(fragment.content.decode())
    assert "HX-Request" in page["Vary"]


def test_a_page_restored_from_history_is_whole(ask):
    response = ask(VIEW, htmx=True, headers={"HX-History-Restore-Request": "true"})
    assert "<html" in response.content.decode()


def test_counts_are_given_under_the_other_filters(ask, django_assert_num_queries):
    make("alpha", "omega")
    make("beta", app="made_too")
    with django_assert_num_queries(2):  # the idle filter with the total, and the one in use without itself
        text = ask(VIEW, data={"fragment": "counts", "app_label": "made"}, htmx=True).content.decode()
    counts = re.findall(r'([\w ]+)<span class="chip-count">(\d*)</span>', text)
    assert counts == [("Made", "2"), ("Made too", "1"), ("A to M", "1"), ("N to Z", "1")]
    assert 'data-counted="2"' in text


def test_an_empty_list_says_why_and_what_to_do(ask):
    text = ask(VIEW).content.decode()
    assert "Somebody has to make one." in text
    assert "Make one" in text
    assert "Nothing matches" in ask(VIEW, data={"q": "x"}).content.decode()


def test_the_primary_action_needs_its_permission(ask):
    assert "New thing" in ask(VIEW).content.decode()
    assert "New thing" not in ask(VIEW, member=CardboardMember(may={"things.read"})).content.decode()


def test_bulk_actions_need_their_permission_to_be_offered(ask):
    make("alpha")
    text = ask(VIEW, member=CardboardMember(may={"things.read", "things.mark"})).content.decode()
    assert 'value="mark"' in text
    assert 'value="retire"' not in text


def test_a_filter_cannot_take_a_word_of_the_address():
    with pytest.raises(ImproperlyConfigured, match="page"):
        type("Clash", (ListScreen,), {"permission": "x.read", "filters": (Filter("page", "Page", choices=[]),)})


def test_many_choices_become_a_select(ask):
    many = [(f"app{i}", f"App {i}") for i in range(12)]

    class Long(Things):
        permission = "things.read"
        filters = (Filter("app_label", "App", choices=lambda view: many),)

    make("alpha", app="made")
    assert '<select id="filter-app_label"' in ask(Long.as_view()).content.decode()
