"""Requests in the browser: who sees and does what, figures that lead to what they count, and the search for what to give."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from controls.catalogue.actions import create_control
from controls.models import AuditRequest
from controls.requests import actions, giving
from controls.requests.actions import raise_request
from controls.requests.giving import Given
from evidence.standing import withdraw_evidence
from tenancy.scope import tenant
from tests.controls.requests.helpers import fresh, kept, submitted, upload
from tests.inventory.snapshots.helpers import person_of

LIST = "/o/acme/controls/requests/"


def page_of(asked: AuditRequest, deed: str = "") -> str:
    return f"{LIST}{asked.pk}/{deed}"


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_whole_round_in_the_browser(client_of, cast, period):
    auditor, employee, manager = cast.auditor, cast.employee, cast.manager
    auditors, runner, own = client_of(auditor), client_of(manager), client_of(employee)
    form = {"title": "List of leavers", "reference": "PBC-2", "period": period.pk, "category": "Access"}
    assert auditors.post(f"{LIST}new/", form).status_code == 303
    asked = AuditRequest.objects.get()
    assert own.get(page_of(asked)).status_code == 404
    assert runner.post(page_of(asked, "assign/"), {"assignee": person_of(employee).pk}).status_code == 303
    assert "List of leavers" in said(own.get(LIST))
    assert own.post(page_of(asked, "start/")).status_code == 302
    assert own.post(page_of(asked, "give/"), {"files": upload()}).status_code == 303
    assert own.post(page_of(asked, "submit/"), {"statement": "All of them."}).status_code == 303
    assert auditors.post(page_of(asked, "return/"), {"reason": "Not December."}).status_code == 303
    assert "Not December." in said(own.get(page_of(asked)))
    assert own.post(page_of(asked, "comment/"), {"text": "Nobody left in December."}).status_code == 303
    assert "Nobody left in December." in said(auditors.get(page_of(asked)))
    assert own.post(page_of(asked, "submit/"), {"statement": "All of them, really."}).status_code == 303
    assert auditors.post(page_of(asked, "accept/"), {"note": ""}).status_code == 303
    assert fresh(asked).status == "accepted"


def test_others_without_the_right_find_nothing(client_of, asked, reviewer, viewer, employee):
    assert client_of(reviewer).get(page_of(asked)).status_code == 404
    assert client_of(reviewer).get(LIST).status_code == 200
    assert "List of leavers" not in said(client_of(reviewer).get(LIST))
    reader = client_of(viewer)
    page = said(reader.get(page_of(asked)))
    for label in (">Start<", ">Submit<", ">Accept<", ">Return<", ">Assign<", ">Change<", ">Withdraw<", ">Comment<"):
        assert label not in page
    assert reader.get(page_of(asked, "submit/")).status_code == 403
    assert reader.get(page_of(asked, "comment/")).status_code == 403
    assert client_of(employee).get(page_of(asked, "accept/")).status_code == 403
    assert client_of(employee).get(page_of(asked, "edit/")).status_code == 403


@pytest.mark.parametrize("role", ["manager", "auditor", "administrator", "viewer"])
def test_those_who_read_the_list_see_it_all(client_of, cast, role, asked):
    assert asked.reference in said(client_of(getattr(cast, role)).get(LIST))


def test_who_submitted_it_is_told_why_they_do_not_judge(client_of, asked, manager):
    manager.roles = ["compliance_manager", "auditor"]
    manager.save(update_fields=["roles"])
    submitted(asked, manager)
    client = client_of(manager)
    assert "/accept/" not in said(client.get(page_of(asked)))
    answer = client.get(page_of(asked, "accept/"))
    assert (answer.status_code, "You submitted it" in said(answer)) == (409, True)


def test_figures_lead_to_what_they_count(client_of, cast, asked, today):
    manager, auditor, employee, period = cast.manager, cast.auditor, cast.employee, asked.period
    yesterday = today - dt.timedelta(days=1)
    for number in range(3):
        raise_request(actor=auditor, title="Late", reference=f"L-{number}", period=period, due_on=yesterday)
    giving.accept(submitted(asked, employee), actor=auditor)
    raise_request(actor=auditor, title="Elsewhere", reference="E-1")
    client = client_of(manager)
    page = client.get(LIST)
    progress = page.context["progress"]
    assert (progress.total, progress.accepted, progress.requested, progress.overdue, progress.nobodys) == (5, 1, 4, 3, 4)
    for asked_for, number in (
        ("state=accepted", progress.accepted),
        ("state=requested", progress.requested),
        ("due=late", progress.overdue),
        ("whose=nobody&state=team", progress.nobodys),
    ):
        assert len(client.get(f"{LIST}?{asked_for}").context["listing"]["rows"]) == number, asked_for


def test_a_list_speaks_of_its_period(client_of, asked, manager, today):
    other = raise_request(actor=manager, title="No period", reference="X-1")
    rows = client_of(manager).get(f"{LIST}?period={asked.period_id}").context["listing"]["rows"]
    assert {row.object for row in rows} == {asked, other}


def test_many_are_assigned_and_accepted_at_once(client_of, cast, asked):
    manager, auditor, reviewer = cast.manager, cast.auditor, cast.reviewer
    other = raise_request(actor=auditor, title="B", reference="B-1", period=asked.period)
    given = {"action": "assign", "selected": [str(asked.pk), str(other.pk)], "assign-assignee": person_of(reviewer).pk}
    client_of(manager).post(LIST, given)
    assert {one.assignee for one in AuditRequest.objects.all()} == {person_of(reviewer)}
    submitted(fresh(asked), reviewer)
    answer = client_of(auditor).post(LIST, {"action": "accept", "selected": [str(asked.pk), str(other.pk)], "accept-note": ""})
    assert (fresh(asked).status, fresh(other).status) == ("accepted", "requested")
    assert "cannot be accepted now" in said(answer)


def test_evidence_is_found_by_its_words_and_given(client_of, asked, manager, item):
    for number in range(12):
        kept(manager, f"Something else {number}")
    client = client_of(manager)
    assert item.title not in said(client.get(page_of(asked, "give/")))
    assert item.title in said(client.get(page_of(asked, "give/?q=leav")))
    assert client.post(page_of(asked, "give/"), {"evidence": [item.pk]}).status_code == 303
    assert [proof.evidence for proof in giving.linked(asked)] == [item]


def test_an_item_names_the_requests_it_was_given_to(client_of, asked, manager, item):
    giving.supply(asked, actor=manager, given=Given(evidence=[item]))
    assert "PBC-2 List of leavers" in said(client_of(manager).get(f"/o/acme/evidence/{item.pk}/"))


def test_a_file_is_for_who_works_on_it_and_who_reads_evidence(client_of, asked, employee, auditor, executive):
    submitted(asked, employee)
    proof = giving.linked(asked).get()
    for member, status in ((employee, 200), (auditor, 200), (executive, 404)):
        answer = client_of(member).get(page_of(asked, f"given/{proof.pk}/"))
        assert answer.status_code == status
        assert bool(answer.getvalue())


def test_withdrawn_evidence_is_said_on_the_page(client_of, cast, asked, item):
    manager, auditor, employee = cast.manager, cast.auditor, cast.employee
    giving.submit(asked, actor=employee, given=Given(evidence=[item]))
    giving.accept(asked, actor=auditor)
    withdraw_evidence(item, actor=manager, reason="Of the wrong year.")
    page = said(client_of(auditor).get(page_of(asked)))
    assert "Withdrawn since it was given" in page
    assert "Of the wrong year." in page


def test_sent_twice_it_is_asked_for_once(client_of, auditor, in_acme):
    client = client_of(auditor)
    token = client.get(f"{LIST}new/").context["form"]["once"].value()
    answers = [client.post(f"{LIST}new/", {"title": "A", "once": token}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert AuditRequest.objects.count() == 1


def test_a_list_needs_few_queries_however_long(client_of, manager, acme, period):
    client = client_of(manager)
    counts = []
    for number in (2, 40):
        with tenant(acme):
            for one in range(number):
                raise_request(actor=manager, title="A", reference=f"{number}-{one}", period=period, assignee=person_of(manager))
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 16, counts


def test_a_controls_page_names_what_is_asked_about_it(client_of, cast, asked):
    day = dt.date(2026, 1, 1)
    control = create_control(actor=cast.manager, code="AC-9", title="Review", cadence="quarterly", in_scope_since=day)
    address = control.get_absolute_url()
    actions.edit_request(asked, actor=cast.manager, controls=[control])
    page = said(client_of(cast.auditor).get(address))
    assert "PBC-2 List of leavers" in page
    form = client_of(cast.auditor).get(f"{LIST}new/?control={control.pk}").context["form"]
    assert form["controls"].value() == [str(control.pk)]
    assert "List of leavers" not in said(client_of(cast.reviewer).get(address))


def test_what_is_withdrawn_is_with_nobody_no_more(client_of, cast, period):
    asked = [raise_request(actor=cast.manager, title=title, period=period) for title in ("Stays asked for", "Asked no more")]
    actions.withdraw(asked[1], actor=cast.manager, reason="Not needed.")
    page = said(client_of(cast.manager).get(f"{LIST}?whose=nobody"))
    assert "Stays asked for" in page
    assert "Asked no more" not in page


def test_the_auditor_is_told_what_they_do_and_others_what_the_auditor_does(client_of, cast, asked):
    submitted(asked, cast.employee)
    assert "You accept what was given, or return it." in said(client_of(cast.auditor).get(page_of(asked)))
    assert "The auditor looks at what was given" in said(client_of(cast.manager).get(page_of(asked)))


def test_the_auditor_is_led_to_the_next_that_waits(client_of, cast, asked):
    with_team = client_of(cast.auditor).get(page_of(asked)).context["next_waiting"]
    with tenant(asked.period.tenant):
        others = [raise_request(actor=cast.auditor, title="B", reference=f"{one}-1", period=asked.period) for one in "AZ"]
        for one in others:
            submitted(one, cast.manager)
    first, last = (client_of(cast.auditor).get(page_of(one)).context["next_waiting"] for one in (others[1], asked))
    assert (with_team, first, last) == (None, others[0], others[1])
