"""Preparing a review: which quarter, until when, which systems, and only once."""

import datetime as dt
import re

import pytest

from audit.models import AuditEvent
from reviews.campaigns.actions import cancel_campaign
from reviews.models import Campaign
from reviews.quarters import default_due, quarter_of
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.cast import Cast, signed_in
from tests.reviews.test_sign_off_once import at_once
from tests.reviews.world import changed, draft, grant, person, snapshot, system
from workflow.models import SentForm
from workflow.once import KEPT, forget_sent

NEW = "/o/acme/reviews/new/"


@pytest.fixture
def okta(in_acme):
    return system()


def text(response):
    return response.content.decode()


def token_of(page):
    return re.findall(r'name="once" value="([^"]+)"', page)[0]


def chosen(page):
    return re.findall(r'<option value="([^"]+)" selected>', page)[0]


def test_it_offers_the_first_quarter_without_a_review(okta, acme, manager, client_of):
    quarter = quarter_of(acme.today())
    client = client_of(manager)
    assert chosen(text(client.get(NEW))) == quarter.label
    campaign = draft(okta, actor=manager)
    page = text(client.get(NEW))
    assert chosen(page) == quarter.next().label
    assert f"({campaign.reference} is there already)" in page
    cancel_campaign(campaign, actor=manager, reason="Wrong scope")
    assert chosen(text(client.get(NEW))) == quarter.label


def test_a_second_review_of_a_quarter_says_so(okta, acme, manager, client_of):
    first = draft(okta, actor=manager)
    quarter = quarter_of(acme.today())
    client = client_of(manager)
    made = client.post(NEW, {"quarter": quarter.label, "systems": [okta.pk]})
    assert f"{quarter.name} has another review: {first.reference}." in text(client.get(made.headers["Location"]))


def test_the_day_it_is_due_stands_beside_the_quarter(okta, acme, manager, client_of):
    quarter = quarter_of(acme.today())
    client = client_of(manager)
    page = text(client.get(NEW))
    due = default_due(quarter, acme.today())
    assert f"{quarter.name}, due {due:%-d %B %Y}" in page
    client.post(NEW, {"quarter": quarter.label, "systems": [okta.pk]})
    assert Campaign.objects.get().due_on == due >= acme.today()


def test_a_day_that_has_passed_is_refused_at_its_field(okta, acme, manager, client_of):
    quarter = quarter_of(acme.today())
    given = {"quarter": quarter.label, "systems": [okta.pk], "due_on": acme.today() - dt.timedelta(days=1)}
    refused = client_of(manager).post(NEW, given)
    assert (refused.status_code, "This day has passed" in text(refused)) == (422, True)
    assert not Campaign.objects.exists()


def test_a_draft_that_waited_too_long_says_so_before_it_starts(okta, acme, manager, client_of):
    snapshot(okta, [grant(person("Anna"))])
    campaign = draft(okta, actor=manager)
    client = client_of(manager)
    assert "It would start overdue" not in text(client.get(f"/o/acme/reviews/{campaign.pk}/start/"))
    changed(campaign, due_on=acme.today() - dt.timedelta(days=1))
    assert "It would start overdue" in text(client.get(f"/o/acme/reviews/{campaign.pk}/start/"))


def test_all_systems_are_one_tick(okta, acme, manager, client_of):
    github = system("GitHub")
    client_of(manager).post(NEW, {"quarter": quarter_of(acme.today()).label, "all_systems": "on"})
    assert set(Campaign.objects.get().scope.values_list("system", flat=True)) == {okta.pk, github.pk}


def test_without_any_system_nothing_is_prepared(okta, acme, manager, client_of):
    assert client_of(manager).post(NEW, {"quarter": quarter_of(acme.today()).label}).status_code == 422
    assert not Campaign.objects.exists()


def test_what_was_sent_twice_leads_to_one_draft(okta, acme, manager, client_of):
    client = client_of(manager)
    given = {"quarter": quarter_of(acme.today()).label, "systems": [okta.pk], "once": token_of(text(client.get(NEW)))}
    first, second = client.post(NEW, given), client.post(NEW, given)
    assert first.headers["Location"] == second.headers["Location"]
    assert "This was sent twice and done once." in text(client.get(second.headers["Location"]))
    assert Campaign.objects.count() == 1
    client.post(NEW, {**given, "name": "Another one"})
    assert Campaign.objects.count() == 2


def test_what_was_refused_can_be_sent_again(okta, acme, manager, client_of):
    client = client_of(manager)
    quarter = quarter_of(acme.today())
    given = {
        "quarter": quarter.next().label,
        "systems": [okta.pk],
        "due_on": acme.today(),
        "once": token_of(text(client.get(NEW))),
    }
    assert client.post(NEW, given).status_code == 422
    assert not SentForm.objects.exists()
    assert client.post(NEW, given).status_code == 422


def test_two_sendings_at_once_make_one_draft(committed_db):
    organization, manager = Organization.objects.get(slug="acme"), Cast().manager
    with tenant(organization):
        okta = system()
        quarter = quarter_of(organization.today())
    given = {"quarter": quarter.label, "systems": [str(okta.pk)], "once": token_of(text(signed_in(manager).get(NEW)))}
    clients = [signed_in(manager) for _ in range(4)]
    answers = {}

    def send(number: int) -> None:
        answers[number] = clients[number].post(NEW, given)

    assert at_once(4, send) == [""] * 4
    assert {(one.status_code, one.headers["Location"]) for one in answers.values()} == {(303, answers[0].headers["Location"])}
    with tenant(organization):
        assert Campaign.objects.count() == 1
        assert AuditEvent.objects.filter(verb="campaign.create").count() == 1


def test_what_nobody_can_send_again_is_forgotten(in_acme, acme):
    SentForm.objects.create(key="x")
    forget_sent(acme, now())
    assert SentForm.objects.exists()
    forget_sent(acme, now() + KEPT)
    assert not SentForm.objects.exists()
