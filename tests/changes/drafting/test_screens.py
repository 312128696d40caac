"""Writing changes in the browser: begun with a title, saved by itself, refused when stale, and seen by those who may."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from changes.drafting import files, talk
from changes.drafting.actions import create_change, edit_change
from changes.models import Change, ChangeComment, ChangeSettings, ChangeTemplate
from tenancy.scope import tenant
from tests.changes.making import HARMLESS, a_draft, a_system, approved, submitted
from tests.inventory.snapshots.helpers import person_of
from workflow.models import SavedView

LIST = "/o/acme/changes/"


@pytest.fixture
def change(acme, employee) -> Change:
    """A draft of the employee."""
    with tenant(acme):
        return a_draft(employee, [])


def page_of(change: Change, deed: str = "") -> str:
    return f"{LIST}{change.pk}/{deed}"


def said(answer: Any) -> str:
    return str(answer.content.decode())


def fresh(change: Change, acme: Any) -> Change:
    with tenant(acme):
        return Change.objects.get(pk=change.pk)


def filled(change: Change, **given: Any) -> dict[str, Any]:
    """What a browser sends of the form of a draft."""
    form = {"title": change.title, "type": change.type, "kind": change.kind, "priority": change.priority}
    form |= {"description": change.description, "rollback_plan": change.rollback_plan}
    form |= {f"risk_{key}": value for key, value in change.answers.items()} | {"edited_at": change.edited_at.isoformat()}
    return form | given


def test_a_title_is_enough_to_begin(client_of, employee, acme):
    client = client_of(employee)
    assert client.get(f"{LIST}new/").status_code == 200
    answer = client.post(f"{LIST}new/", {"title": "Move the queue"})
    with tenant(acme):
        change = Change.objects.get()
    assert answer.headers["Location"] == page_of(change, "edit/")
    assert client.get(page_of(change, "edit/")).status_code == 200
    assert "Move the queue" in said(client.get(LIST))


def test_a_standard_change_needs_a_template_and_only_it_has_one(client_of, employee):
    answer = client_of(employee).post(f"{LIST}new/", {"title": "Move", "type": "standard"})
    assert answer.status_code == 422
    assert "Choose the template it follows" in said(answer)


def test_whoever_may_not_raise_changes_is_not_asked(client_of, auditor):
    client = client_of(auditor)
    assert client.get(f"{LIST}new/").status_code == 403
    assert "New change" not in said(client.get(LIST))


def test_a_draft_saves_what_is_sound_and_tells_what_is_not(client_of, employee, change, acme):
    client = client_of(employee)
    given = filled(change, impact="Nobody", window_from="2027-03-14T02:30", links="ftp://nowhere")
    told = client.post(page_of(change, "save/"), given).json()
    assert set(told["errors"]) == {"window_from", "links"}
    assert "no 02:30" in told["errors"]["window_from"]
    found = fresh(change, acme)
    assert (found.impact, found.window_from, found.edited_at.isoformat()) == ("Nobody", None, told["edited_at"])
    assert "Name the systems it affects." in told["missing"]
    assert told["saved"] == f"{timezone.localtime(timezone.now(), acme.tzinfo):%H:%M}"


def test_what_is_wrong_at_a_field_and_what_may_be_submitted_never_contradict_each_other(client_of, employee, manager, acme):
    with tenant(acme):
        system = a_system(manager)
        whole = a_draft(employee, [system])
    client, given = client_of(employee), filled(whole, systems=[system.pk])
    sound = client.post(page_of(whole, "save/"), given).json()
    assert "It can be submitted" in sound["missing"]
    given |= {"links": "ftp://nowhere", "description": "x" * 20_001, "edited_at": sound["edited_at"]}
    live = client.post(page_of(whole, "save/"), given).json()
    page = said(client.post(page_of(whole, "edit/"), given))
    for shown in (live["missing"], page):
        assert "It can be submitted" not in shown
        assert "Not saved yet" in shown
        assert '<a href="#id_links">Links</a>: “ftp://nowhere” is no address' in shown
        assert "Say what will change." not in shown  # something is written there


def test_a_window_that_goes_backwards_saves_neither_end(client_of, employee, change, acme):
    given = filled(change, window_from="2027-01-04T18:00", window_until="2027-01-04T17:00")
    told = client_of(employee).post(page_of(change, "save/"), given).json()
    assert told["errors"] == {"window_until": "The window ends before it begins."}
    assert fresh(change, acme).window_from is None


def test_a_stale_page_saves_nothing_and_shows_both(client_of, employee, manager, change, acme):
    with tenant(acme):
        edit_change(change, actor=manager, title="A larger database for billing")
    given = filled(change, title="Larger databases")
    answer = client_of(employee).post(page_of(change, "save/"), given)
    assert answer.status_code == 409
    assert "A larger database for billing" in answer.json()["html"]
    assert "Larger databases" in answer.json()["html"]
    assert fresh(change, acme).title == "A larger database for billing"
    page = client_of(employee).post(page_of(change, "edit/"), given)
    assert page.status_code == 422
    assert 'value="Larger databases"' in said(page)
    assert fresh(change, acme).edited_at.isoformat() in said(page)
    again = client_of(employee).post(page_of(change, "edit/"), given | {"edited_at": fresh(change, acme).edited_at.isoformat()})
    assert again.status_code == 303
    assert fresh(change, acme).title == "Larger databases"


def test_what_was_not_touched_on_a_stale_page_overwrites_nothing(client_of, employee, manager, change, acme):
    client = client_of(employee)
    form = client.get(page_of(change, "edit/")).context["form"]
    shown: dict[str, Any] = {}
    for field in form:
        value = "" if field.value() is None else field.value()
        shown |= {field.html_name: value, field.html_initial_name: value}
    with tenant(acme):
        edit_change(change, actor=manager, impact="Some", links=[("other", "https://a.example/", "")])
    mine = shown | {"title": "Mine", "risk_reach": "all"}
    assert client.post(page_of(change, "save/"), mine).status_code == 200
    found = fresh(change, acme)
    assert (found.title, found.impact, found.risk) == ("Mine", "Some", "high")
    answer = client.post(page_of(change, "save/"), mine | {"impact": "All of them"})
    assert answer.status_code == 409
    assert "All of them" in answer.json()["html"]


def test_times_are_those_of_the_organization(client_of, employee, change, acme):
    client = client_of(employee)
    assert "America/New_York" in said(client.get(page_of(change, "edit/")))
    client.post(page_of(change, "edit/"), filled(change, window_from="2027-01-04T18:00", stay="1"))
    assert fresh(change, acme).window_from == dt.datetime(2027, 1, 4, 23, tzinfo=dt.UTC)
    assert 'value="2027-01-04T18:00"' in said(client.get(page_of(change, "edit/")))


def test_the_level_of_risk_is_told_with_its_reasons(client_of, employee, change):
    client = client_of(employee)
    asked = {f"risk_{key}": value for key, value in (HARMLESS | {"reach": "all"}).items()}
    part = said(client.get(f"{LIST}risk/", {"kind": "code", **asked}))
    assert "High" in part
    assert "Most or all customers would notice" in part
    page = said(client.get(page_of(change, "edit/")))
    assert "No answer counts against it." in page


def test_only_a_draft_saves_by_itself(client_of, employee, manager, acme):
    with tenant(acme):
        change = submitted(employee, [a_system(manager)])
    client = client_of(employee)
    page = said(client.get(page_of(change, "edit/")))
    assert "data-draft" not in page
    assert "Its approval ends" in page
    assert client.post(page_of(change, "save/"), filled(change)).status_code == 409


def test_editing_what_is_approved_sends_it_back(client_of, employee, manager, approver, acme):
    with tenant(acme):
        system = a_system(manager)
        change = approved(employee, approver, [system])
    given = filled(change, systems=[system.pk], description="Four cores more.")
    assert client_of(employee).post(page_of(change, "edit/"), given).status_code == 303
    assert fresh(change, acme).status == "submitted"


def test_others_find_no_draft_and_edit_none(client_of, change, reviewer, acme):
    with tenant(acme):
        someone = create_change(actor=reviewer, title="Mine")
    client = client_of(reviewer)
    assert client.get(page_of(change, "edit/")).status_code == 403
    assert client.post(page_of(change, "save/"), {}).status_code == 403
    assert client.get(page_of(someone, "edit/")).status_code == 200


def test_an_employee_sees_only_changes_they_have_a_part_in(client_of, employee, manager, acme):
    with tenant(acme):
        other = create_change(actor=manager, title="Secret plan")
    client = client_of(employee)
    assert "Secret plan" not in said(client.get(LIST))
    for deed in ("edit/", "copy/", "comment/", "files/"):
        assert client.get(page_of(other, deed)).status_code == 404


def test_the_views_hold_what_they_say(client_of, manager, employee, approver, acme):
    with tenant(acme):
        system = a_system(manager)
        today = dt.datetime.combine(acme.today(), dt.time(12), acme.tzinfo)
        window = {"window_from": today, "window_until": today + dt.timedelta(hours=1)}
        submitted(employee, [system], title="For approval", **window)
        approved(employee, approver, [system], title="To carry out", implementer=person_of(approver))
        late = create_change(actor=employee, title="Late review")
        Change.objects.filter(pk=late.pk).update(review_due_on=acme.today() - dt.timedelta(days=1))

    def titles(member: Any, view: str) -> set[str]:
        page = said(client_of(member).get(LIST, {"view": view}))
        return {title for title in ("For approval", "To carry out", "Late review") if title in page}

    assert titles(approver, "waiting") == {"For approval", "To carry out"}
    assert titles(employee, "mine") == {"For approval", "To carry out", "Late review"}
    assert titles(manager, "week") == {"For approval"}
    assert titles(manager, "review") == set()


def test_a_view_is_kept_by_and_for_one_member(client_of, manager, employee, change, acme):
    client = client_of(manager)
    keep = f"{LIST}views/keep/"
    form = client.get(keep, headers={"HX-Current-URL": f"https://x{LIST}?view=mine&page=2&q=queue"}).context["form"]
    given = {"name": "My queue", "query": form["query"].value()}
    answer = client.post(keep, given)
    assert answer.headers["Location"] == f"{LIST}?view=mine&q=queue"
    assert "My queue" in said(client.get(LIST))
    assert "My queue" not in said(client_of(employee).get(LIST))
    assert "You have a view of this name already." in said(client.post(keep, given))
    assert "this is the whole list" in said(client.post(keep, {"name": "All", "query": "page=3&size=20"}))
    with tenant(acme):
        view = SavedView.objects.get()
    forget = f"{LIST}views/{view.pk}/forget/"
    assert client_of(employee).post(forget).status_code == 404
    assert client.post(forget).status_code == 302
    assert "My queue" not in said(client.get(LIST))


def test_comments_and_files_from_the_page(client_of, employee, change, acme):
    client = client_of(employee)
    assert client.post(page_of(change, "comment/"), {"text": "Ask @nobody.here"}).status_code == 303
    assert "Nobody here, or more than one, is called @nobody.here" in said(client.get(LIST))
    upload = SimpleUploadedFile("plan.txt", b"the plan")
    assert client.post(page_of(change, "files/"), {"files": upload, "use": "testing"}).status_code == 303
    with tenant(acme):
        (proof,) = files.linked(change)
        assert ChangeComment.objects.get().said_by == employee
    address = page_of(change, f"files/{proof.pk}/")
    assert b"".join(client.get(address).streaming_content) == b"the plan"
    assert client.post(f"{address}remove/", {"reason": "An old one."}).status_code == 303
    assert client.get(address).status_code == 404


def test_who_follows_may_stop(client_of, viewer, change, acme):
    client = client_of(viewer)
    assert client.post(page_of(change, "watch/")).status_code == 302
    with tenant(acme):
        assert talk.conversation(viewer, change)["is_watching"]
    assert client.post(page_of(change, "unwatch/")).status_code == 302


def test_a_template_from_its_draft_to_a_change_by_it(client_of, administrator, approver, employee, acme):
    with tenant(acme):
        system = a_system(administrator)
    writer, judge = client_of(administrator), client_of(approver)
    until = (acme.today() + dt.timedelta(days=60)).isoformat()
    form = {"title": "Renew", "kind": "config", "description": "Upload it.", "rollback_plan": "The old.", "expires_on": until}
    assert writer.post(f"{LIST}templates/new/", form | {"systems": [system.pk]}).status_code == 303
    with tenant(acme):
        template = ChangeTemplate.objects.get()
    page = f"{LIST}templates/{template.pk}/"
    assert client_of(employee).get(page).status_code == 404
    assert writer.post(f"{page}submit/").status_code == 302
    assert "Upload it." in said(judge.get(f"{page}approve/"))
    assert judge.post(f"{page}approve/", {"content_hash": template.content_hash}).status_code == 303
    assert "New change by it" in said(client_of(employee).get(page))
    answer = client_of(employee).post(f"{LIST}new/", {"title": "June", "type": "standard", "template": template.pk})
    assert answer.status_code == 303
    with tenant(acme):
        change = Change.objects.get()
        assert (change.description, [row.system for row in change.systems.all()]) == ("Upload it.", [system])
    editing = said(client_of(employee).get(page_of(change, "edit/")))
    assert (
        "disabled"
        in editing.partition('id="id_description"')[0].rpartition("<textarea")[2]
        + editing.partition('id="id_description"')[2].partition(">")[0]
    )
    assert judge.post(f"{page}return/", {"reason": "Longer rollback."}).status_code == 303
    assert "Renew" not in said(client_of(employee).get(f"{LIST}new/"))


def test_the_settings_are_for_who_makes_the_rules(client_of, manager, administrator, acme):
    assert client_of(administrator).get(f"{LIST}settings/").status_code == 403
    client = client_of(manager)
    form = {"separate_implementer": "on", "approval_days": "20", "review_days": "5"}
    assert client.post(f"{LIST}settings/", form).status_code == 303
    assert client.post(f"{LIST}settings/", form | {"review_days": "61"}).status_code == 422
    assert client.post(f"{LIST}settings/", form | {"review_days": "7"}).status_code == 303
    with tenant(acme):
        found = ChangeSettings.objects.get()
    assert (found.separate_implementer, found.review_days, found.approval_days) == (True, 7, 20)


def test_a_table_is_brought_in_by_the_pages(client_of, manager, acme):
    client: Client = client_of(manager)
    table = SimpleUploadedFile("changes.csv", b"Title,Cost\nMove the queue,1\n,2\n")
    preview = client.post(f"{LIST}import/", {"file": table}).headers["Location"]
    page = said(client.get(preview))
    assert "It has no title." in page
    assert "These columns mean nothing here: Cost." in page
    assert client.post(preview).status_code == 422
    assert client.post(preview, {"leave_out_wrong": "on"}).status_code == 303
    assert "Move the queue" in said(client.get(LIST))
    assert client.get(f"{LIST}import/sample/").status_code == 200


def test_a_change_of_two_systems_counts_once(client_of, manager, acme):
    with tenant(acme):
        systems = [a_system(manager), a_system(manager, "Okta")]
        a_draft(manager, systems)
    client = client_of(manager)
    page = said(client.get(LIST, {"system": systems[1].pk, "view": "mine"}))
    assert "Larger database" in page
    assert "Billing, Okta" in page
    counts = said(client.get(LIST, {"fragment": "counts"}))
    assert 'data-counted="1"' in counts


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_leaves_as_a_file(client_of, manager, change, kind):
    answer = client_of(manager).get(LIST, {"export": kind})
    b"".join(answer.streaming_content)
    answer.close()
    assert answer.headers["X-Table-Rows"] == "1"


def test_the_list_takes_few_queries_however_long_it_is(client_of, manager, employee, acme):
    client = client_of(manager)
    counts = []
    for number in (1, 6):
        with tenant(acme):
            system = a_system(manager)
            for _ in range(number):
                submitted(employee, [system])
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST, {"view": "waiting"})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16, [one["sql"][:150] for one in queries]
