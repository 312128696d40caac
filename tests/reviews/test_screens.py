"""The screens of a review, from the draft to the close."""

import csv
import io
import re
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import AuditEvent
from evidence.printing.words import zone_name
from inventory.models import Account, Removal
from reviews.campaigns.actions import edit_campaign, edit_scope, start_campaign
from reviews.campaigns.tables import OPEN_FIRST
from reviews.deciding.actions import decide, decide_many
from reviews.deciding.rules import KEEP, Choice
from reviews.models import Campaign, Item
from reviews.quarters import quarter_of
from reviews.signoff.digest import decision_digest
from reviews.tasks import LOST_AFTER, return_lost
from tenancy.scope import now
from tests.reviews.world import changed, days_ago, draft, grant, person, person_of, snapshot, started, system
from ui.refusals import ActionRefused
from workflow.inbox import inbox_of
from workflow.models import OutboxMessage

BASE = "/o/acme/reviews/"
ROW = {"HX-Request": "true", "HX-Target": "row-x"}


@pytest.fixture
def okta(in_acme, reviewer):
    made = system(owner=person_of(reviewer), reviewer_order=["system_owner"])
    grants = [
        grant(person("Anna", department="Sales"), "User", meaning="May sign in"),
        grant(person("Ben"), "Admin", privileged=True, last_used_at=days_ago(2)),
        grant(person("Cleo"), "User", last_used_at=days_ago(140)),
    ]
    snapshot(made, grants)
    return made


@pytest.fixture
def campaign(okta, manager):
    return started(okta, actor=manager, instructions="Ask when in doubt.")


def item_of(name):
    return Item.objects.get(subject_name=name)


def text(response):
    return response.content.decode()


def test_a_draft_is_prepared_previewed_and_started(okta, manager, client_of, django_capture_on_commit_callbacks):
    client = client_of(manager)
    quarter = quarter_of(manager.organization.today())
    response = client.post(f"{BASE}new/", {"quarter": quarter.label, "systems": [okta.pk]})
    campaign = Campaign.objects.get()
    assert response.headers["Location"] == f"{BASE}{campaign.pk}/"
    assert "Preview and start" in text(client.get(f"{BASE}{campaign.pk}/"))
    preview = text(client.get(f"{BASE}{campaign.pk}/start/"))
    assert "Reviewer Acme" in preview
    assert "Every item has a reviewer" in preview
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{BASE}{campaign.pk}/start/")
    assert campaign.refreshed().status == "active"
    page = text(client.get(f"{BASE}{campaign.pk}/"))
    assert "The file was checked against the source&#x27;s own count" in page or "checked against the source's own count" in page
    assert "0 of 3" in page


def test_what_fails_at_the_start_leaves_a_draft(in_acme, manager, client_of, django_capture_on_commit_callbacks):
    empty = system()
    snapshot(empty, [grant(person("Anna"), no_access=True)])
    campaign = draft(empty, actor=manager)
    client = client_of(manager)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{BASE}{campaign.pk}/start/")
    assert campaign.refreshed().status == "draft"
    assert "There is nothing to review" in text(client.get(f"{BASE}{campaign.pk}/"))


def test_scope_is_changed_in_a_draft(okta, manager, client_of):
    campaign = draft(okta, actor=manager)
    scoped = campaign.scope.get()
    client = client_of(manager)
    assert client.get(f"{BASE}scope/{scoped.pk}/").status_code == 200
    given = {"snapshot": scoped.snapshot_id, "first": "line_manager", "second": "backup"}
    assert client.post(f"{BASE}scope/{scoped.pk}/", given).status_code == 303
    assert scoped.refreshed().reviewer_order == ["line_manager", "backup"]
    refused = client.post(f"{BASE}scope/{scoped.pk}/", {**given, "second": "line_manager"})
    assert (refused.status_code, "at most once" in text(refused)) == (422, True)


def test_scope_that_was_taken_out_meanwhile_is_refused_in_words(okta, manager):
    other = system("GitHub")
    campaign = draft(okta, other, actor=manager)
    scoped = campaign.scope.get(system=other)
    edit_campaign(campaign, systems=[okta], actor=manager)
    with pytest.raises(ActionRefused, match="GitHub has been taken out of this review meanwhile"):
        edit_scope(scoped, snapshot=None, reviewer_order=["line_manager"], actor=manager)


def test_a_draft_can_be_edited(okta, manager, client_of):
    campaign = draft(okta, actor=manager)
    client = client_of(manager)
    assert client.get(f"{BASE}{campaign.pk}/edit/").status_code == 200
    client.post(f"{BASE}{campaign.pk}/edit/", {"name": "Renamed", "due_on": campaign.due_on, "systems": [okta.pk]})
    assert campaign.refreshed().name == "Renamed"


@pytest.mark.parametrize("screen", ["sign-off", "close", "decide"])
def test_a_draft_has_no_screen_of_what_comes_later(okta, manager, client_of, screen):
    campaign = draft(okta, actor=manager)
    client = client_of(manager)
    assert client.get(f"{BASE}{campaign.pk}/{screen}/").status_code == (404 if screen == "decide" else 409)
    assert f"{campaign.pk}/{screen}/" not in text(client.get(f"{BASE}{campaign.pk}/"))


@pytest.mark.parametrize(
    ("screen", "words"),
    [("start", "it cannot be started now"), ("edit", "its scope cannot be changed"), ("close", "it cannot be closed now")],
)
def test_a_review_under_way_says_why_a_screen_is_shut(campaign, manager, client_of, screen, words):
    client = client_of(manager)
    shut = client.get(f"{BASE}{campaign.pk}/{screen}/")
    assert (shut.status_code, f"{campaign.reference} is under way: {words}." in text(shut)) == (409, True)
    page = text(client.get(f"{BASE}{campaign.pk}/"))
    assert f"{campaign.pk}/{screen}/" not in page
    assert f"{campaign.pk}/sign-off/" in page
    scoped = campaign.scope.get()
    assert client.get(f"{BASE}scope/{scoped.pk}/").status_code == 409


def test_a_review_given_up_offers_nothing_more(campaign, manager, client_of):
    client = client_of(manager)
    client.post(f"{BASE}{campaign.pk}/cancel/", {"reason": "Wrong quarter"})
    page = text(client.get(f"{BASE}{campaign.pk}/"))
    for screen in ("start", "edit", "sign-off", "close", "cancel"):
        assert client.get(f"{BASE}{campaign.pk}/{screen}/").status_code == 409
        assert f"{campaign.pk}/{screen}/" not in page


def test_the_table_shows_what_is_needed_and_decides_in_the_row(campaign, reviewer, client_of):
    client = client_of(reviewer)
    page = text(client.get(f"{BASE}{campaign.pk}/decide/"))
    for words in ("Anna", "Sales", "May sign in", "Privileged", "Unused for 90 days", "Ask when in doubt.", 'data-key="1"'):
        assert words in page
    anna = item_of("Anna")
    response = client.post(f"{BASE}items/{anna.pk}/decide/", {"decision": "retain"}, headers=ROW)
    assert (response.status_code, "data-decided" in text(response), "<html" in text(response)) == (200, True, False)
    assert item_of("Anna").decision == "retain"


def test_a_flagged_row_asks_for_words_in_the_row(campaign, reviewer, client_of):
    client = client_of(reviewer)
    cleo = item_of("Cleo")
    asked = text(client.get(f"{BASE}items/{cleo.pk}/decide/?decision=retain", headers=ROW))
    assert "Why they should keep it" in asked
    refused = client.post(f"{BASE}items/{cleo.pk}/decide/", {"decision": "retain"}, headers=ROW)
    assert (refused.status_code, "Say why they should keep it" in text(refused)) == (422, True)
    client.post(f"{BASE}items/{cleo.pk}/decide/", {"decision": "retain", "reason": "On leave"}, headers=ROW)
    assert item_of("Cleo").reason == "On leave"


def test_it_works_as_a_page_without_script(campaign, reviewer, client_of):
    client = client_of(reviewer)
    anna = item_of("Anna")
    page = text(client.get(f"{BASE}items/{anna.pk}/decide/?decision=revoke&next={BASE}{campaign.pk}/decide/?q=anna"))
    assert "Why is it to be removed?" in page
    assert "<html" in page
    given = {"decision": "revoke", "reason_code": "left", "next": f"{BASE}{campaign.pk}/decide/?q=anna"}
    response = client.post(f"{BASE}items/{anna.pk}/decide/", given)
    assert response.headers["Location"] == f"{BASE}{campaign.pk}/decide/?q=anna"
    assert item_of("Anna").reason_code == "left"


def test_a_change_offers_the_roles_that_are_known(campaign, reviewer, client_of):
    page = text(client_of(reviewer).get(f"{BASE}items/{item_of('Anna').pk}/decide/?decision=modify", headers=ROW))
    assert '<option value="Admin">' in page


def test_a_change_offers_no_reason_of_somebody_who_should_have_nothing(campaign, reviewer, client_of):
    client = client_of(reviewer)
    change = text(client.get(f"{BASE}items/{item_of('Anna').pk}/decide/?decision=modify", headers=ROW))
    remove = text(client.get(f"{BASE}items/{item_of('Anna').pk}/decide/?decision=revoke", headers=ROW))
    assert 'value="moved"' in change
    assert 'value="left"' not in change
    assert 'value="duplicate"' not in change
    assert 'value="left"' in remove


def test_who_has_decided_everything_is_told_and_is_not_late(campaign, reviewer, manager, client_of):
    client = client_of(reviewer)
    changed(campaign, due_on=campaign.period_from)
    first = text(client.get(f"{BASE}{campaign.pk}/decide/"))
    assert "First review of Okta" in first
    assert "You are done" not in first
    assert "days late" in text(client.get(f"{BASE}mine/"))
    for item in campaign.items.all():
        decide(item, Choice("retain", reason="Needed"), actor=reviewer)
    done = text(client.get(f"{BASE}{campaign.pk}/decide/"))
    assert "You are done" in done
    assert f"{manager.name} signs the review off" in done
    assert "<dt>1</dt><dd>Keep</dd>" in done
    assert "days late" not in text(client.get(f"{BASE}mine/"))


def test_the_start_says_what_is_left_out_and_why(in_acme, manager, reviewer, client_of):
    okta = system("Okta", owner=person_of(reviewer), reviewer_order=["system_owner"])
    snapshot(okta, [grant(person("Anna")), grant(person("Ben"), no_access=True, account_state="Disabled")])
    campaign = draft(okta, actor=manager)
    assert "1 left out: disabled" in text(client_of(manager).get(f"{BASE}{campaign.pk}/start/"))


def test_the_file_of_the_items_says_to_what_role_of_which_account_and_when_in_which_zone(campaign, reviewer, manager, client_of):
    decide(item_of("Anna"), Choice("modify", "moved", target_role="Viewer"), actor=reviewer)
    response = client_of(manager).get(f"{BASE}{campaign.pk}/items/?export=csv")
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    anna = next(row for row in rows if row["Whose"] == "Anna")
    assert (anna["Role instead"], anna["Account id"], anna["Decided by"]) == ("Viewer", "anna@people.example", reviewer.name)
    local = timezone.localtime(item_of("Anna").decided_at, ZoneInfo(campaign.tenant.zone))
    assert anna["Decided"] == f"{local:%Y-%m-%d %H:%M:%S} {zone_name(local)}"
    assert "Role instead" not in text(client_of(manager).get(f"{BASE}{campaign.pk}/items/"))


def test_accounts_of_nobody_known_have_their_name_and_those_of_a_service_their_owner(in_acme, manager, reviewer, client_of):
    okta = system("Okta", owner=person_of(reviewer), reviewer_order=["system_owner"])
    snapshot(okta, [grant("u-1005"), grant("svc-backup", kind="service", owner=person_of(manager))])
    changed(Account.objects.get(name="u-1005"), display_name="Bo Short")
    started(okta, actor=manager)
    campaign = Campaign.objects.get()
    page = text(client_of(reviewer).get(f"{BASE}{campaign.pk}/decide/"))
    assert "Bo Short" in page
    assert f"Owner: {manager.name}" in page
    assert Account.objects.get(name="u-1005").called == "Bo Short (u-1005)"
    assert Account.objects.get(name="svc-backup").called == f"svc-backup, owned by {person_of(manager).name}"


def test_a_stale_page_is_told_so(campaign, reviewer, manager, client_of):
    client = client_of(manager)
    refused = client.post(f"{BASE}items/{item_of('Anna').pk}/decide/", {"decision": "retain"})
    assert (refused.status_code, "This item is with Reviewer Acme now." in text(refused)) == (409, True)


def test_bulk_keep_tells_of_each_row(campaign, reviewer, client_of):
    page = text(client_of(reviewer).post(f"{BASE}{campaign.pk}/decide/", {"action": "keep", "all_matching": "1"}))
    assert "1 kept. 2 left as they are." in page
    assert "Decide on this row by itself" in page


def test_filters_and_bulk_answer_with_the_rows_alone(campaign, reviewer, client_of):
    client = client_of(reviewer)
    rows = client.get(f"{BASE}{campaign.pk}/decide/?q=anna", headers={"HX-Request": "true"})
    assert ("Anna" in text(rows), "Cleo" in text(rows), "<html" in text(rows)) == (True, False, False)
    given = {"action": "keep", "all_matching": "1"}
    kept = client.post(f"{BASE}{campaign.pk}/decide/", given, headers={"HX-Request": "true"})
    assert ("1 kept." in text(kept), kept.headers["HX-Trigger"]) == (True, "decided")
    assert "1 of 3" in text(client.get(f"{BASE}{campaign.pk}/my-progress/"))


def test_the_count_of_my_work_follows_the_decisions(campaign, reviewer, client_of):
    client = client_of(reviewer)
    page = text(client.get(f"{BASE}{campaign.pk}/decide/"))
    assert ('id="work-count"' in page, "hx-swap-oob" in page[page.index("<main") :].split('id="rows"')[0]) == (True, False)
    client.post(f"{BASE}items/{item_of('Anna').pk}/decide/", {"decision": "retain"}, headers=ROW)
    part = text(client.get(f"{BASE}{campaign.pk}/my-progress/", headers={"HX-Request": "true"}))
    assert '<span id="work-count" hx-swap-oob="true"><span class="count">2<' in part


def test_bulk_remove_asks_for_a_reason(campaign, reviewer, client_of):
    client = client_of(reviewer)
    given = {"action": "remove", "selected": [item_of("Anna").pk, item_of("Ben").pk], "remove-reason_code": "left"}
    assert "2 to be removed." in text(client.post(f"{BASE}{campaign.pk}/decide/", given))
    given = {"action": "change", "selected": [item_of("Cleo").pk], "change-reason_code": "moved", "change-target_role": "Guest"}
    client.post(f"{BASE}{campaign.pk}/decide/", given)
    assert item_of("Cleo").target_role == "Guest"


def test_reassigning_from_the_list_of_items(campaign, manager, reviewer, client_of):
    client = client_of(manager)
    given = {"action": "reassign", "all_matching": "1", "reassign-to": person_of(manager).pk, "reassign-reason": "On leave"}
    assert "3 done" in text(client.post(f"{BASE}{campaign.pk}/items/", given))
    assert client.get(f"{BASE}{campaign.pk}/items/?reviewer={person_of(manager).pk}").status_code == 200


def test_one_item_can_be_reassigned_from_its_page(campaign, manager, reviewer, client_of):
    client = client_of(manager)
    item = item_of("Anna")
    assert "Reassign" in text(client.get(f"{BASE}items/{item.pk}/"))
    refused = client.post(f"{BASE}items/{item.pk}/reassign/", {"to": person_of(reviewer).pk, "reason": "Leave"})
    assert (refused.status_code, "It is with Reviewer Acme already." in text(refused)) == (422, True)
    client.post(f"{BASE}items/{item.pk}/reassign/", {"to": person_of(manager).pk, "reason": "Leave"})
    assert item_of("Anna").reviewer == person_of(manager)


def test_a_reviewer_can_be_reminded(campaign, manager, reviewer, client_of):
    response = client_of(manager).post(f"{BASE}{campaign.pk}/remind/{person_of(reviewer).pk}/", follow=True)
    assert "Reviewer Acme is reminded." in text(response)
    assert OutboxMessage.objects.filter(to=reviewer.email, subject__startswith="Access review").count() == 1


def test_a_start_whose_worker_is_lost_becomes_a_draft_again(okta, manager, acme):
    campaign = draft(okta, actor=manager)
    start_campaign(campaign, actor=manager)
    return_lost(acme, now())
    assert campaign.refreshed().status == "starting"
    return_lost(acme, now() + LOST_AFTER)
    assert campaign.refreshed().status == "draft"


def test_what_waits_says_how_much_until_when_and_why(campaign, reviewer):
    (entry,) = inbox_of(reviewer)
    assert entry.title == f"{campaign.reference}: 3 of 3 access rights wait for your decision"
    assert "you are the system owner" in entry.why
    assert (entry.due, entry.count) == (campaign.due_on, 3)


def sign(client, campaign, **given):
    return client.post(f"{BASE}{campaign.pk}/sign-off/", {"shown": decision_digest(campaign), **given})


def test_decisions_that_were_changed_since_the_page_was_opened_are_not_signed(campaign, manager, reviewer, client_of):
    decide_many(Item.objects.all(), Choice("revoke", reason_code="left"), campaign=campaign, actor=reviewer)
    client = client_of(manager)
    (shown,) = re.findall(r'name="shown" value="(\w{64})"', text(client.get(f"{BASE}{campaign.pk}/sign-off/")))
    decide(item_of("Anna"), KEEP, actor=reviewer)
    for stale in (shown, ""):
        refused = sign(client, campaign, shown=stale)
        page = text(refused)
        assert (refused.status_code, "Decisions were changed since you opened this page." in page) == (422, True)
    assert campaign.refreshed().status == "active"
    assert not Removal.objects.exists()
    assert re.findall(r'name="shown" value="(\w{64})"', page) == [decision_digest(campaign)]
    figures = re.findall(r">(Keep|Remove)</span>\s*<span class=.stat-value.>(\d)", page)
    assert figures == [("Keep", "1"), ("Remove", "2")]
    assert sign(client, campaign, shown=decision_digest(campaign)).status_code == 303
    assert Removal.objects.count() == 2


def test_sign_off_is_refused_while_items_are_undecided_without_a_reason(campaign, manager, client_of):
    client = client_of(manager)
    assert "Cleo: User" in text(client.get(f"{BASE}{campaign.pk}/sign-off/"))
    refused = sign(client, campaign)
    assert (refused.status_code, "3 items are undecided. Have them decided" in text(refused)) == (422, True)
    some = sign(client, campaign, **{f"item_{item_of('Cleo').pk}": "Nobody could say"})
    assert (some.status_code, "3 items are undecided. Have them decided" in text(some)) == (422, True)
    assert campaign.refreshed().status == "active"


def test_the_reason_that_is_needed_is_not_called_optional(campaign, manager, client_of):
    page = text(client_of(manager).get(f"{BASE}{campaign.pk}/sign-off/"))
    label = page[page.index('for="id_reason_for_rest"') :]
    assert "optional" not in label[: label.index("</label>")]


def test_sign_off_makes_tasks_and_freezes_the_decisions(campaign, manager, reviewer, client_of):
    decide(item_of("Ben"), Choice("revoke", reason_code="left"), actor=reviewer)
    decide(item_of("Anna"), Choice("modify", reason_code="moved", target_role="Guest"), actor=reviewer)
    own = {f"item_{item_of('Cleo').pk}": "Nobody could say"}
    assert sign(client_of(manager), campaign, note="Done", **own).status_code == 303
    signed = campaign.refreshed()
    assert (signed.status, signed.signed_off_by, len(signed.decision_digest)) == ("signed_off", manager, 64)
    assert (item_of("Cleo").decision, item_of("Cleo").reason) == ("not_decided", "Nobody could say")
    kinds = {removal.account.name: (removal.kind, removal.severity, removal.target_role) for removal in Removal.objects.all()}
    assert kinds == {"ben@people.example": ("remove", "urgent", ""), "anna@people.example": ("change", "normal", "Guest")}
    late = client_of(reviewer).post(f"{BASE}items/{item_of('Anna').pk}/decide/", {"decision": "retain"})
    assert (late.status_code, "its decisions cannot be changed" in text(late)) == (409, True)


def test_a_code_is_asked_for_when_none_was_shown_lately(campaign, manager, client_of):
    client = client_of(manager)
    session = client.session
    session["factor_at"] -= 3600
    session.save()
    assert "Code from your authenticator" in text(client.get(f"{BASE}{campaign.pk}/sign-off/"))
    refused = sign(client, campaign, reason_for_rest="x")
    assert refused.status_code == 422
    assert campaign.refreshed().status == "active"


def test_a_review_closes_only_when_nothing_is_open(campaign, manager, reviewer, client_of):
    decide_many(Item.objects.filter(subject_name="Anna"), Choice("revoke", reason_code="left"), campaign=campaign, actor=reviewer)
    client = client_of(manager)
    sign(client, campaign, reason_for_rest="Out of time")
    assert "Still open" in text(client.get(f"{BASE}{campaign.pk}/close/"))
    refused = client.post(f"{BASE}{campaign.pk}/close/")
    assert (refused.status_code, "1 removal is neither verified nor accepted" in text(refused)) == (422, True)


def test_a_review_without_removals_closes_and_notes_the_next(campaign, manager, reviewer, client_of):
    decide(item_of("Anna"), KEEP, actor=reviewer)
    client = client_of(manager)
    sign(client, campaign, reason_for_rest="Out of time")
    assert client.post(f"{BASE}{campaign.pk}/close/").status_code == 303
    closed = campaign.refreshed()
    assert (closed.status, closed.next_review_on > closed.period_to) == ("closed", True)


def test_cancelling_needs_a_reason(campaign, manager, client_of):
    client = client_of(manager)
    assert client.post(f"{BASE}{campaign.pk}/cancel/").status_code == 422
    client.post(f"{BASE}{campaign.pk}/cancel/", {"reason": "Wrong quarter"})
    assert campaign.refreshed().status == "cancelled"
    assert AuditEvent.objects.filter(verb="campaign.cancel").count() == 1


@pytest.mark.parametrize("path", ["", "items/", "activity/", "reports/", "removals/", "decide/"])
def test_every_tab_opens(campaign, manager, client_of, path):
    assert client_of(manager).get(f"{BASE}{campaign.pk}/{path}").status_code == 200


def test_an_item_has_a_page_with_its_history(campaign, manager, reviewer, client_of):
    decide(item_of("Anna"), KEEP, actor=reviewer)
    page = text(client_of(manager).get(f"{BASE}items/{item_of('Anna').pk}/"))
    assert "Reviewer Acme" in page


def test_what_is_open_stands_before_what_is_decided(campaign, manager, reviewer, client_of):
    first, *rest = campaign.items.order_by("position")
    decide(first, Choice("revoke", reason_code="left"), actor=reviewer)
    page = text(client_of(manager).get(f"{BASE}{campaign.pk}/items/"))
    places = [page.index(f'id="row-{item.pk}"') for item in (*rest, first)]
    assert places == sorted(places)


def test_flagged_and_kept_is_counted_and_leads_to_its_rows(campaign, manager, reviewer, client_of):
    decide(item_of("Cleo"), Choice("retain", reason="On leave"), actor=reviewer)
    decide(item_of("Anna"), KEEP, actor=reviewer)
    client = client_of(manager)
    assert "All 1 that are flagged and kept" in text(client.get(f"{BASE}{campaign.pk}/"))
    rows = text(client.get(f"{BASE}{campaign.pk}/items/?decision=retain&kind=flagged"))
    assert ("Cleo" in rows, "Anna" in rows) == (True, False)


def test_lists_open(campaign, manager, reviewer, client_of):
    assert campaign.reference in text(client_of(manager).get(BASE))
    assert "0 of 3" in text(client_of(reviewer).get(f"{BASE}mine/"))
    assert client_of(reviewer).get(BASE).status_code == 403


def test_a_page_of_the_table_costs_at_most_fifteen_queries(campaign, reviewer, client_of):
    client = client_of(reviewer)
    with CaptureQueriesContext(connection) as made:
        client.get(f"{BASE}{campaign.pk}/decide/")
    frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SELECT set_config", "SET CONSTRAINTS")
    assert len([one for one in made if not one["sql"].startswith(frame)]) <= 15


def test_an_index_has_the_order_in_which_items_are_listed(campaign):
    rows = Item.objects.filter(campaign=campaign).order_by(*OPEN_FIRST, "pk")[:51]
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    plan = rows.explain()
    assert ("Presorted Key: decision, " in plan, "item_decision_order" in plan) == (True, True), plan


def test_who_is_nobody_on_the_roster_sees_no_items(in_acme, manager, reviewer, client_of):
    lonely = system("Lonely", reviewer_order=["line_manager"])
    snapshot(lonely, [grant(person("Dora Unrouted"), "User")])
    campaign = started(lonely, actor=manager)
    changed(person_of(reviewer), member=None)
    page = text(client_of(reviewer).get(f"{BASE}{campaign.pk}/decide/"))
    assert "Dora Unrouted" not in page
    assert "not linked to a person" in page


def test_words_without_end_are_refused_at_their_field(campaign, manager, reviewer, client_of):
    endless = "word " * 20_000
    item = item_of("Anna")
    chief, decider = client_of(manager), client_of(reviewer)
    ticked = {"selected": str(item.pk)}
    quarter = quarter_of(manager.organization.today()).label
    systems = [str(campaign.scope.get().system_id)]
    answers = [
        chief.post(f"{BASE}new/", {"quarter": quarter, "systems": systems, "instructions": endless}),
        chief.post(f"{BASE}{campaign.pk}/cancel/", {"reason": endless}),
        chief.post(f"{BASE}{campaign.pk}/sign-off/", {"note": endless, "reason_for_rest": "Too late"}),
        chief.post(f"{BASE}items/{item.pk}/reassign/", {"to": str(person_of(manager).pk), "reason": endless}),
        decider.post(
            f"{BASE}{campaign.pk}/decide/",
            {**ticked, "action": "remove", "remove-reason_code": "other", "remove-reason": endless},
        ),
    ]
    assert [answer.status_code for answer in answers] == [422] * len(answers)
