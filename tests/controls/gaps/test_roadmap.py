"""The roadmap: which tasks follow from an analysis, made once however often one asks, and edited by people."""

import datetime as dt
from typing import Any

import pytest

from audit.models import AuditEvent
from controls.evidence import link_evidence
from controls.gaps.actions import take_run
from controls.gaps.reading import snapshot_of
from controls.models import RoadmapTask
from controls.models.control import Leg
from controls.models.roadmap import Phase
from controls.periods.actions import close_period, record_engagement
from controls.roadmap import actions
from controls.roadmap.inbox import waiting
from controls.roadmap.listing import phases_of
from controls.roadmap.plan import THEMES, end_of, months_after, plan
from tests.controls.status import rows
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("unprinted")


@pytest.fixture
def run(period, controls, manager) -> Any:
    """An analysis of the three controls."""
    return take_run(period, actor=manager)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [("2026-01-31", 1, "2026-02-28"), ("2027-11-30", 3, "2028-02-29"), ("2026-12-15", 12, "2027-12-15")],
)
def test_months_are_counted_to_the_same_day_or_the_last(day, months, expected):
    assert months_after(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(expected)


def test_the_phases_end_after_two_four_six_nine_and_twelve_months():
    ends = [end_of(phase, dt.date(2026, 1, 1)).isoformat() for phase in Phase]
    assert ends == ["2026-02-28", "2026-04-30", "2026-06-30", "2026-09-30", "2026-12-31"]


def test_gaps_stand_in_the_phase_of_their_priority(run):
    tasks = {one.key: one for one in plan(snapshot_of(run), dt.date(2026, 1, 1))}
    gaps = {one.title: (one.phase, one.due_on) for key, one in tasks.items() if key.startswith("gap:")}
    assert gaps == {
        "Put AC-001 in place: Access is restricted": (Phase.CRITICAL, dt.date(2026, 2, 28)),
        "Answer CC6.6: Perimeter defence": (Phase.HIGH, dt.date(2026, 4, 30)),
        "Put AC-002 in place: Factors are enforced": (Phase.MEDIUM, dt.date(2026, 6, 30)),
    }


def test_what_every_programme_needs_is_there_unless_a_control_does_it(run):
    found = snapshot_of(run)
    wanted = {one.key for one in plan(found, dt.date(2026, 1, 1)) if one.key.startswith("theme:")}
    assert wanted == {f"theme:{key}" for key in THEMES}
    adopted = [type(row)(**{**_fields(row), "library_key": "AC-002"}) for row in found.controls]
    told = type(found)(**{**_fields(found), "controls": adopted})
    tasks = plan(told, dt.date(2026, 1, 1))
    assert "theme:AC-002" not in {one.key for one in tasks}
    assert {one.phase for one in tasks if one.control} == {Phase.CRITICAL}  # as factors are a matter of the first months


def _fields(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__}


def test_an_auditor_who_is_engaged_need_not_be_chosen(run):
    keys = [{one.key for one in plan(snapshot_of(run), dt.date(2026, 1, 1), engaged=engaged)} for engaged in (False, True)]
    assert keys[0] - keys[1] == {"audit:engage"}


def test_an_auditor_is_chosen_three_months_ahead_of_the_audit(run):
    due = {one.key: one.due_on for one in plan(snapshot_of(run), dt.date(2026, 1, 1))}
    assert due["audit:engage"] == dt.date(2026, 8, 31)
    assert due["audit:type1"] == dt.date(2026, 11, 30)


def test_every_phase_has_its_tasks_with_owners_of_their_controls(run, manager, employee):
    roadmap, new = actions.make_roadmap(run, actor=manager)
    assert new == RoadmapTask.objects.count() == 3 + len(THEMES) + 8
    assert [line.total > 0 for line in phases_of(roadmap, run.as_of)] == [True] * 5
    task = RoadmapTask.objects.get(control__code="AC-001")
    assert (task.owner.member_id, task.priority) == (employee.pk, "critical")


def test_making_it_again_adds_nothing_and_brings_nothing_back(run, manager):
    roadmap, _ = actions.make_roadmap(run, actor=manager)
    done, dropped, edited = RoadmapTask.objects.order_by("pk")[:3]
    actions.finish_task(done, actor=manager)
    actions.drop_task(dropped, actor=manager, reason="Not for us.")
    actions.edit_task(edited, actor=manager, title="In our words")
    before = list(RoadmapTask.objects.order_by("pk").values_list("pk", "status", "title"))
    events = AuditEvent.objects.count()
    assert actions.make_roadmap(run, actor=manager) == (roadmap, 0)
    assert list(RoadmapTask.objects.order_by("pk").values_list("pk", "status", "title")) == before
    assert AuditEvent.objects.count() == events


def test_a_later_analysis_adds_what_it_finds_new(run, period, manager):
    actions.make_roadmap(run, actor=manager)
    rows.control(criteria=("CC6.2",), priority="high")
    later = take_run(period, actor=manager)
    roadmap, new = actions.make_roadmap(later, actor=manager)
    assert new == 1
    assert roadmap.run == later


def test_a_closed_period_has_no_more_roadmap(run, period, manager):
    close_period(period, actor=manager)
    with pytest.raises(ActionRefused, match="is closed"):
        actions.make_roadmap(run, actor=manager)


def test_its_owner_finishes_a_task_whatever_their_role_and_others_do_not(run, manager, employee, reviewer):
    actions.make_roadmap(run, actor=manager)
    task = RoadmapTask.objects.get(control__code="AC-001")
    with pytest.raises(ActionRefused, match="whoever the task is with"):
        actions.finish_task(task, actor=reviewer)
    actions.finish_task(task, actor=employee)
    with pytest.raises(ActionRefused, match="cannot be marked as done"):
        actions.finish_task(task, actor=employee)
    with pytest.raises(ActionRefused, match="open it again first"):
        actions.edit_task(task, actor=manager, title="Another")
    actions.reopen_task(task, actor=manager)
    assert RoadmapTask.objects.get(pk=task.pk).status == "open"


def test_a_task_is_dropped_with_a_reason(run, manager):
    actions.make_roadmap(run, actor=manager)
    task = RoadmapTask.objects.filter(key__startswith="theme:")[0]
    with pytest.raises(ActionRefused, match="Give a reason"):
        actions.drop_task(task, actor=manager, reason=" ")
    actions.drop_task(task, actor=manager, reason="We have no such data.")
    assert AuditEvent.objects.get(object_id=task.pk, verb="roadmap_task.drop").data["after"]["reason"] == "We have no such data."


def test_one_s_own_task_is_added_and_counts(run, manager):
    roadmap, _ = actions.make_roadmap(run, actor=manager)
    before = phases_of(roadmap, run.as_of)[0].total
    actions.add_task(roadmap, actor=manager, title="Tell the board", phase=1, priority="low", due_on=run.as_of)
    line = phases_of(roadmap, run.as_of + dt.timedelta(days=1))[0]
    assert (line.total, line.late) == (before + 1, 1)


def test_what_is_due_within_a_month_waits_for_its_owner(run, manager, employee, today):
    actions.make_roadmap(run, actor=manager)
    task = RoadmapTask.objects.get(control__code="AC-001")
    assert list(waiting(employee)) == []
    actions.edit_task(task, actor=manager, due_on=today + dt.timedelta(days=30))
    assert [(entry.title, entry.overdue) for entry in waiting(employee)] == [(task.title, False)]
    actions.finish_task(task, actor=employee)
    assert list(waiting(employee)) == []


LIST = "/o/acme/controls/roadmap/"


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_page_shows_progress_what_is_late_and_what_is_in_place_by_now(client_of, run, controls, manager, viewer):
    actions.make_roadmap(run, actor=manager)
    tasks = RoadmapTask.objects.filter(phase=1)
    actions.finish_task(tasks.filter(key__startswith="theme:")[0], actor=manager)
    actions.edit_task(tasks.get(control__code="AC-001"), actor=manager, due_on=run.as_of - dt.timedelta(days=1))
    for leg in (Leg.POLICY, Leg.TECHNICAL, Leg.MONITORING):
        link_evidence(controls["missing"], rows.evidence(), leg, actor=manager)
    page = said(client_of(viewer).get(LIST))
    assert "1 overdue" in page
    assert "In place now" in page
    assert "Add a task" not in page


def test_it_is_made_added_to_and_worked_on_in_the_browser(client_of, run, manager, employee):
    client = client_of(manager)
    assert client.post(f"{LIST}from/{run.pk}/").status_code == 302
    roadmap_page = client.get(LIST)
    roadmap = roadmap_page.context["roadmap"]
    form = client.get(f"{LIST}{roadmap.pk}/add/").context["form"]
    sent = {"title": "Tell the board", "phase": 1, "priority": "low", "due_on": "2027-01-31", "once": form["once"].value()}
    answers = [client.post(f"{LIST}{roadmap.pk}/add/", sent) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    task = RoadmapTask.objects.get(title="Tell the board")
    path = f"{LIST}tasks/{task.pk}/"
    assert client.post(f"{path}edit/", {**sent, "title": "Tell the board soon"}).status_code == 303
    assert client.post(f"{path}drop/", {"reason": "Done by others."}).status_code == 303
    assert client.get(f"{path}drop/").status_code == 409
    assert client.post(f"{path}reopen/").status_code == 302
    own = RoadmapTask.objects.get(control__code="AC-001")
    theirs = client_of(employee)
    assert theirs.get(path).status_code == 404
    assert theirs.post(f"{LIST}tasks/{own.pk}/done/").status_code == 302
    assert RoadmapTask.objects.get(pk=own.pk).status == "done"
    assert "marked it as done" in said(theirs.get(f"{LIST}tasks/{own.pk}/"))


def test_without_an_analysis_the_page_says_how_to_begin(client_of, manager, viewer, period):
    assert "Analyse the gaps" in said(client_of(manager).get(LIST))
    assert "/gaps/new/" not in said(client_of(viewer).get(LIST))


def test_an_engagement_spares_the_choice(run, period, manager, today):
    record_engagement(period, actor=manager, firm="Firm", engaged_on=today)
    actions.make_roadmap(run, actor=manager)
    assert not RoadmapTask.objects.filter(key="audit:engage").exists()


def test_gaps_that_would_be_closed_after_the_period_are_told(client_of, run, period, manager):
    roadmap, _ = actions.make_roadmap(run, actor=manager)
    tasks = RoadmapTask.objects.filter(roadmap=roadmap).exclude(control=None)
    late = tasks.filter(due_on__gt=period.ends_on).count()
    assert 0 < late < tasks.count()
    page = said(client_of(manager).get(LIST))
    assert "Later than the audit period" in page
    assert f"{late} open task" in page
