import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponseRedirect

from tests.ui.conftest import CardboardMember
from tests.ui.things import Things, make
from ui.screens import Bulk

pytestmark = pytest.mark.django_db
VIEW = Things.as_view()


def keys(*names):
    return [thing.pk for thing in Things.queryset.filter(model__in=names)]


def test_ticked_rows_get_a_result_each(ask):
    make("alpha", "beta", "zeta")
    text = ask(VIEW, "post", {"action": "mark", "selected": keys("alpha", "zeta")}).content.decode()
    assert "1 done, 1 refused." in text
    assert text.count('class="done"') == 1
    assert text.count('class="refused"') == 1
    assert "Has left." in text


def test_all_that_match_honours_the_address(ask):
    make("alpha", "beta", "omega")
    response = ask(VIEW, "post", {"action": "mark", "all_matching": "1"}, path="/list/?first=a-m")
    assert "2 done." in response.content.decode()


def test_rows_of_nobody_s_list_cannot_be_chosen(ask):
    foreign = make("alpha", app="elsewhere")
    text = ask(VIEW, "post", {"action": "mark", "selected": [foreign[0].pk]}).content.decode()
    assert "0 done." in text


def test_nothing_chosen_is_said(ask):
    make("alpha")
    response = ask(VIEW, "post", {"action": "mark"}, htmx=True)
    assert response.status_code == 422
    assert "Choose at least one row first." in response.content.decode()


def test_a_bad_form_keeps_the_ticks_and_stays_open(ask):
    make("alpha")
    response = ask(VIEW, "post", {"action": "retire", "selected": keys("alpha"), "retire-reason": ""})
    text = response.content.decode()
    assert response.status_code == 422
    assert 'class="popover" open' in text
    assert "checked data-tick" in text
    assert "This field is required." in text


def test_a_refusal_stands_at_its_field(ask):
    make("alpha")
    response = ask(VIEW, "post", {"action": "retire", "selected": keys("alpha"), "retire-reason": "because"})
    assert response.status_code == 422
    assert "Not with that reason." in response.content.decode()


def test_it_is_denied_without_the_action_s_permission(ask):
    with pytest.raises(PermissionDenied):
        ask(VIEW, "post", {"action": "mark", "all_matching": "1"}, member=CardboardMember(may={"things.read"}))


@pytest.mark.parametrize("data", [{"action": "drop"}, {}, {"action": "mark", "selected": ["no-key"]}])
def test_what_no_page_would_send_is_a_bad_request(ask, data):
    with pytest.raises(BadRequest):
        ask(VIEW, "post", data)


def test_a_job_may_take_over(ask):
    class Jobs(Things):
        permission = "things.read"
        bulk_actions = (Bulk("export", "Export", "things.read"),)

        def bulk_export(self, selection, form):
            return HttpResponseRedirect("/work/")

    make("alpha")
    view = Jobs.as_view()
    assert ask(view, "post", {"action": "export", "all_matching": "1"})["Location"] == "/work/"
    assert ask(view, "post", {"action": "export", "all_matching": "1"}, htmx=True)["HX-Redirect"] == "/work/"
