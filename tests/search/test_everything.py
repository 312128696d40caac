"""Search finds records by number and name, in what each may see on the lists, and nothing of another organization."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Member
from incidents.reporting.actions import report_event
from policies.models import Policy
from policies.training.courses import create_course
from privacy.models import SubjectRequest
from privacy.subjects.actions import take_in
from risks.models import Risk
from tests.cast import Cast
from tests.policies.making import draft, in_force
from tests.risks.making import a_risk
from tests.vendors.conftest import ANSWERS
from ui import searching
from vendors.models import Vendor
from vendors.register.actions import request_vendor

PAGE = "/o/acme/search/"
NAMES = {
    "policies:list": "Quokka draft",
    "vendors:list": "Quokka Mail",
    "risks:list": "A quokka gets in",
    "privacy:request-list": "DSR-",
    "policies:courses": "Quokka safety",
}
LINK = re.compile(r'<li[^>]*><a href="([^"]+)">([^<]+)</a></li>')


@pytest.fixture
def kept(in_acme: None, cast: Cast) -> None:
    """One of each, all with the word Quokka in their names."""
    today = cast.manager.organization.today()
    in_force(cast.manager, cast.approver, "Quokka policy")
    draft(cast.manager, "Quokka draft")
    request_vendor(actor=cast.manager, name="Quokka Mail", service="Sends mail", **ANSWERS)
    a_risk(cast.manager, cast.manager, statement="A quokka gets in")
    take_in(actor=cast.manager, kind="access", name="Quokka", email="a@example.org", channel="Mail", received_on=today)
    create_course(actor=cast.manager, name="Quokka safety")


def found(client: Client, text: str, path: str = PAGE) -> dict[str, str]:
    """What the page finds, by its words, and where each leads."""
    answer = client.get(path, {"q": text, "fragment": "found"})
    assert answer.status_code == 200
    return {html.unescape(words): url for url, words in LINK.findall(answer.content.decode())}


@pytest.mark.usefixtures("kept")
def test_records_are_found_by_number_and_by_name(client_of: Callable[[Member], Client], manager: Member) -> None:
    ada, risk = SubjectRequest.objects.get(), Risk.objects.get()
    mail, policy = Vendor.objects.get(), Policy.objects.get(title="Quokka policy")
    urls = {one.reference: one.get_absolute_url() for one in (ada, risk, mail, policy)}
    client = client_of(manager)
    assert set(found(client, "quokka")) == {
        f"{policy.reference} Quokka policy", f"{Policy.objects.get(title='Quokka draft').reference} Quokka draft",
        f"{mail.reference} Quokka Mail", f"{risk.reference} A quokka gets in", f"{ada.reference} Quokka", "Quokka safety",
    }  # fmt: skip
    for reference, url in urls.items():
        assert any(url in where for where in found(client, reference).values()), reference
    assert client.get(next(iter(found(client, ada.reference).values()))).status_code == 200


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("role", ["employee", "reviewer", "approver", "executive", "auditor", "viewer", "administrator"])
def test_each_finds_what_their_lists_show_and_no_more(client_of: Callable[[Member], Client], cast: Cast, role: str) -> None:
    lists = {words: reverse(name) for name, words in NAMES.items()}
    client = client_of(cast.of("acme", role))
    told = " ".join(found(client, "quokka"))
    for words, path in lists.items():
        answer = client.get(path, {"q": "quokka"})
        shown = answer.status_code == 200 and words in html.unescape(answer.content.decode())
        assert (words in told) == shown, words
    for words, url in found(client, "quokka").items():
        assert client.get(url).status_code == 200, words


@pytest.mark.usefixtures("kept")
def test_an_employee_finds_what_is_in_force_and_nothing_that_is_not_theirs(
    client_of: Callable[[Member], Client], cast: Cast
) -> None:
    assert list(found(client_of(cast.employee), "quokka")) == [
        f"{Policy.objects.get(title='Quokka policy').reference} Quokka policy"
    ]
    assert "Ada" not in " ".join(found(client_of(cast.auditor), "Ada"))


@pytest.mark.usefixtures("kept")
def test_what_was_noticed_is_found_by_whoever_may_see_it(client_of: Callable[[Member], Client], cast: Cast) -> None:
    event = report_event(actor=cast.employee, title="A quokka in the hall", source="person")
    report_event(actor=cast.manager, title="A wombat in the safe", source="person", confidential=True)
    for text in ("hall", event.reference):
        assert f"{event.reference} A quokka in the hall" in found(client_of(cast.manager), text)
        assert f"{event.reference} A quokka in the hall" in found(client_of(cast.employee), text)
    assert "wombat" in " ".join(found(client_of(cast.manager), "wombat"))
    assert found(client_of(cast.viewer), "wombat") == {}


@pytest.mark.usefixtures("kept")
def test_another_organization_finds_nothing(client_of: Callable[[Member], Client], cast: Cast) -> None:
    theirs = client_of(cast.of("globex", "manager"))
    assert found(theirs, "quokka", "/o/globex/search/") == {}
    assert theirs.get(PAGE, {"q": "quokka"}).status_code == 404


def test_places_and_what_may_be_begun_are_found(client_of: Callable[[Member], Client], in_acme: None, cast: Cast) -> None:
    manager, employee = client_of(cast.manager), client_of(cast.employee)
    assert found(manager, "heat map") == {"Heat map": "/o/acme/risks/heat-map/"}
    assert found(manager, "write policy")["Write a policy"] == "/o/acme/policies/new/"
    assert found(employee, "heat map") == {}
    assert "Write a policy" not in found(employee, "policy")
    page = employee.get(PAGE, {"q": "request a vendor", "fragment": "found"}).content.decode()
    assert page.count("Request a vendor") == 1  # a place and an act, said once


@pytest.mark.parametrize("text", ["", "  ", "x", "\x00", "%%", "__", "q" * 5000, "<script>alert(1)</script>"])
def test_any_text_is_answered(client_of: Callable[[Member], Client], in_acme: None, manager: Member, text: str) -> None:
    answer = client_of(manager).get(PAGE, {"q": text})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_the_first_six_words_are_searched_for_each_once(
    client_of: Callable[[Member], Client], in_acme: None, manager: Member
) -> None:
    create_course(actor=manager, name="One two three four five six")
    client = client_of(manager)
    assert set(found(client, "one One two three ONE four five six seven")) == {"One two three four five six"}
    assert found(client, "one two three four five seven six") == {}
    assert searching.tidy(" ".join("abcdefghij" * 10)) == "a b c d e f"


def test_a_list_with_more_leads_on(client_of: Callable[[Member], Client], in_acme: None, manager: Member) -> None:
    for number in range(searching.SHOWN + 1):
        create_course(actor=manager, name=f"Numbat {number}")
    client = client_of(manager)
    rows = found(client, "numbat")
    assert len(rows) == searching.SHOWN + 1
    assert rows["More in Courses"] == "/o/acme/policies/training/courses/?q=numbat"


@pytest.mark.usefixtures("kept")
def test_each_list_costs_one_query(
    client_of: Callable[[Member], Client], manager: Member, django_assert_max_num_queries: Any
) -> None:
    client = client_of(manager)
    found(client, "quokka")
    with django_assert_max_num_queries(32):
        found(client, "quokka")
