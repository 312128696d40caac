"""An acceptance is of what was seen, by somebody with no part in it, and ends when what was accepted is another."""

from typing import Any

import pytest

from controls.catalogue.actions import create_control
from inventory.people.actions import link_member
from risks.models import Risk
from risks.register.actions import edit_risk, rate_risk
from risks.register.inbox import waiting
from risks.register.treating import accept, mark_of, treat
from tenancy.scope import tenant
from tests.risks.making import a_rated, person_of, steps
from tests.risks.test_register import AREA, soon
from ui.refusals import ActionRefused


@pytest.fixture
def one(acme, cast):
    """A high one that is with the employee."""
    with tenant(acme):
        yield a_rated(cast.manager, cast.employee)


def said(acme):
    return {"reason": "The cost is higher.", "until": soon(acme)}


@pytest.mark.parametrize("name", ["statement", "cause", "consequence", "category", "controls"])
def test_an_acceptance_ends_when_what_was_accepted_changes(one, acme, cast, name):
    value: Any = "privacy" if name == "category" else "Data of customers is lost."
    if name == "controls":
        since = acme.today().replace(month=1, day=1)
        facts = {"code": "AC-9", "title": "Locks", "cadence": "quarterly", "in_scope_since": since}
        edit_risk(one, actor=cast.manager, controls=[create_control(actor=cast.manager, **facts)])
        value = []
    accept(one, actor=cast.executive, **said(acme))
    edit_risk(one, actor=cast.employee, review_days=30, owner=person_of(cast.reviewer))
    assert Risk.objects.get().status == "accepted"  # neither is what was accepted
    edit_risk(one, actor=cast.reviewer, **{name: value})
    now = Risk.objects.get()
    assert (now.status, now.next_review_on) == ("open", acme.today())


def test_what_is_accepted_is_what_was_seen(one, acme, cast, client_of):
    seen = mark_of(one)
    client, url = client_of(cast.executive), f"{AREA}{one.pk}/"
    assert f"accept/?seen={seen}" in client.get(url).content.decode()
    assert f'value="{seen}"' in client.get(f"{url}accept/?seen={seen}").content.decode()
    rate_risk(one, actor=cast.employee, reasoning="It is worse.", **steps(5, 5, 4, 5, 0, 0))
    assert "It has changed since you saw it" in client.get(f"{url}accept/?seen={seen}").content.decode()
    form = {"reason": "x", "until": soon(acme).isoformat()}
    answer = client.post(f"{url}accept/", {**form, "seen": seen})
    assert answer.status_code == 422
    assert "It has changed since you saw it" in answer.content.decode()
    assert Risk.objects.get().status == "open"
    assert client.post(f"{url}accept/", {**form, "seen": mark_of(Risk.objects.get())}).status_code == 303
    assert Risk.objects.get().status == "accepted"


def test_whoever_rated_it_so_does_not_accept_it(one, acme, cast):
    treat(one, actor=cast.employee, treatment="accept", plan="Too dear.")
    with pytest.raises(ActionRefused, match="as you rated it"):
        accept(one, actor=cast.manager, **said(acme))
    assert not [entry for entry in waiting(cast.manager) if "to be accepted" in entry.title]
    rate_risk(one, actor=cast.employee, reasoning="As it was.", **steps(4, 5, 2, 5, 1, 5))
    assert [entry for entry in waiting(cast.manager) if "to be accepted" in entry.title]
    accept(one, actor=cast.manager, **said(acme))
    assert one.status == "accepted"


def test_whoever_had_it_by_an_address_alone_does_not_accept_it_either(one, acme, cast):
    theirs = person_of(cast.approver)
    link_member(theirs, actor=cast.manager, member=None)
    theirs.refresh_from_db()
    edit_risk(one, actor=cast.manager, owner=theirs)
    edit_risk(one, actor=cast.approver, owner=person_of(cast.employee))
    with pytest.raises(ActionRefused, match="The risk was with you"):
        accept(one, actor=cast.approver, **said(acme))
    link_member(theirs, actor=cast.manager, member=cast.approver)
    with pytest.raises(ActionRefused, match="The risk was with you"):
        accept(one, actor=cast.approver, **said(acme))
