import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from tests.ui.conftest import CardboardMember, prepared
from ui.middleware import RefusalMiddleware
from ui.refusals import ActionRefused

REFUSAL = ActionRefused("You cannot decide on your own <access>.")


def answer(exception=REFUSAL, **headers):
    request = prepared(RequestFactory().post("/list/", headers=headers), CardboardMember())
    return RefusalMiddleware(lambda request: HttpResponse()).process_exception(request, exception)


def test_a_browser_gets_a_page_that_says_why_and_leads_back():
    response = answer(accept="text/html", referer="http://testserver/list/?q=a")
    assert response.status_code == 409
    text = response.content.decode()
    assert "You cannot decide on your own &lt;access&gt;." in text
    assert 'href="http://testserver/list/?q=a"' in text


def test_the_way_back_is_never_another_site():
    assert "evil.example" not in answer(accept="text/html", referer="https://evil.example/").content.decode()


def test_htmx_gets_a_fragment_for_the_message_region():
    response = answer(**{"HX-Request": "true"})
    assert (response.status_code, response["HX-Retarget"], response["HX-Reswap"]) == (422, "#messages", "beforeend")
    assert "<html" not in response.content.decode()


def test_a_program_gets_json():
    response = answer(accept="application/json")
    assert response.status_code == 409
    assert json.loads(response.content) == {"detail": REFUSAL.sentence}


@pytest.mark.parametrize("accept", ["*/*", ""])
def test_who_does_not_say_gets_the_page(accept):
    assert answer(accept=accept)["Content-Type"].startswith("text/html")


def test_other_exceptions_are_not_its_business():
    assert answer(ValueError("no")) is None
