"""Controls: what is written about them, by whom, and what the pages show."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest

from audit.models import AuditEvent
from controls.catalogue.actions import (
    answer_criteria,
    assign_owner,
    cover_systems,
    create_control,
    edit_control,
    need_legs,
    restore_control,
    retire_control,
    stamp_of,
)
from controls.catalogue.cadences import begin_planned, change_cadence, in_words
from controls.models import AuditPeriod, CadenceChange, Control, ControlState, Occurrence
from controls.occurrences.actions import excuse_all
from controls.periods.actions import create_period, judge_not_relevant
from inventory.models import Person
from inventory.systems.actions import create_system
from tests.api.conftest import Program, make_token
from tests.inventory.snapshots.helpers import person_of
from tests.reviews.world import person
from ui.refusals import ActionRefused

LIST = "/o/acme/controls/"
SINCE = dt.date(2026, 1, 1)


@pytest.fixture
def control(in_acme, manager) -> Control:
    """A quarterly control that answers two criteria."""
    return create_control(
        actor=manager,
        code="AC-9",
        title="Access is reviewed",
        cadence="quarterly",
        in_scope_since=SINCE,
        owner=person_of(manager),
        criteria={"CC6.2": "Access that is not needed is taken away.", "CC6.3": ""},
    )


@pytest.fixture
def period(in_acme, manager) -> AuditPeriod:
    """A year of Security."""
    return create_period(actor=manager, name="2026", kind="type2", starts_on=SINCE, ends_on=dt.date(2026, 12, 31))


def said(answer: Any) -> str:
    return str(answer.content.decode())


def events(control: Control, verb: str) -> Iterator[dict[str, Any]]:
    return (event.data for event in AuditEvent.objects.filter(object_id=control.pk, verb=verb).order_by("at"))


def filled(**changes: object) -> dict[str, object]:
    given = {
        "code": "AC-9", "title": "Access is reviewed", "cadence": "quarterly", "grace_days": "0", "in_scope_since": "2026-01-01",
        "legs": ["policy", "technical", "operation", "monitoring"], "priority": "high",
    }  # fmt: skip
    return given | changes


# Adding


def test_a_new_control_is_one_event_with_all_its_rows(control):
    told = next(events(control, "control.create"))
    assert told["after"]["criteria"] == {"CC6.2": "Access that is not needed is taken away.", "CC6.3": ""}
    assert CadenceChange.objects.filter(control=control).count() == 1
    assert Occurrence.objects.filter(control=control, key="2026-Q2").exists()


def test_a_control_is_added_by_its_form_and_its_criteria_are_asked_next(client_of, manager, in_acme, period):
    client = client_of(manager)
    answer = client.post(f"{LIST}new/", filled(owner=str(person_of(manager).pk)))
    assert answer.status_code == 303
    control = Control.objects.get()
    assert answer["Location"] == f"{LIST}{control.pk}/criteria/"
    assert not ControlState.objects.get(control=control).in_scope
    given = {"answers_cc6_2": "on", "note_cc6_2": "It is reviewed.\r\nEvery quarter."}
    assert client.post(answer["Location"], given).status_code == 303
    assert control.answers.get().note == "It is reviewed.\nEvery quarter."
    assert ControlState.objects.get(control=control).in_scope


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code": ""}, "This field is required"),
        ({"code": "AC 9"}, "letters, digits"),
        ({"code": "OLD-1"}, "There is a control with this code already."),
        ({"cadence": "per_event"}, "Say what its events are."),
        ({"grace_days": "91"}, "less than or equal to 90"),
        ({"legs": ["policy"]}, "Say why the others are not needed"),
        ({"legs": []}, "This field is required"),
        ({"in_scope_since": "soon"}, "Enter a valid date."),
        ({"objective": "x" * 8001}, "at most 8000 characters"),
        ({"objective": "\N{GRINNING FACE}" * 3000, "operation": "\N{GRINNING FACE}" * 4000}, "characters together"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(client_of, manager, in_acme, changes, words):
    create_control(actor=manager, code="OLD-1", title="Old", cadence="daily", in_scope_since=SINCE)
    answer = client_of(manager).post(f"{LIST}new/", filled(test_procedure="Typed and kept") | changes)
    assert answer.status_code == 422
    assert words in said(answer)
    assert "Typed and kept" in said(answer)


# Changing


def test_a_change_says_before_and_after_and_nothing_says_nothing(control, manager):
    edit_control(control, actor=manager, title="Access is reviewed every quarter", objective=" \r\n")
    told = next(events(control, "control.edit"))
    assert (told["before"], told["after"]) == ({"title": "Access is reviewed"}, {"title": "Access is reviewed every quarter"})
    edit_control(control, actor=manager, title="Access is reviewed every quarter")
    assert len(list(events(control, "control.edit"))) == 1


def test_a_page_that_is_stale_does_not_overwrite(client_of, control, manager):
    client = client_of(manager)
    stamp = stamp_of(Control.objects.get())
    assert f'value="{stamp}"' in said(client.get(f"{LIST}{control.pk}/edit/"))
    edit_control(control, actor=manager, title="Changed by a colleague")
    answer = client.post(f"{LIST}{control.pk}/edit/", filled(title="Mine", stamp=stamp))
    assert answer.status_code == 422
    assert "Somebody has changed this" in said(answer)
    assert Control.objects.get().title == "Changed by a colleague"


def test_the_day_it_came_into_scope_moves_its_first_frequency(control, manager):
    edit_control(control, actor=manager, in_scope_since=dt.date(2026, 4, 1), reason="The system was bought in April.")
    assert CadenceChange.objects.get(control=control).from_date == dt.date(2026, 4, 1)
    assert Occurrence.objects.get(control=control, key="2026-Q1").status == "withdrawn"
    change_cadence(control, actor=manager, cadence="monthly", from_date=dt.date(2026, 7, 1), reason="More often")
    with pytest.raises(ActionRefused, match="changed on 1 July 2026"):
        edit_control(control, actor=manager, in_scope_since=dt.date(2026, 8, 1))


def test_the_day_it_came_into_scope_moves_for_a_reason_only(client_of, control, manager):
    client, april = client_of(manager), dt.date(2026, 4, 1)
    program = Program(make_token(manager)[1])
    held = program.get(f"controls/{control.pk}")
    answer = program.patch(f"controls/{control.pk}", {"in_scope_since": str(april)}, if_match=held["ETag"])
    errors = [(one["pointer"], one["detail"]) for one in answer.json()["errors"]]
    assert (answer.status_code, errors) == (422, [("#/reason", "Give a reason: an auditor will ask for it.")])
    given = filled(in_scope_since=str(april), stamp=stamp_of(control))
    refused = client.post(f"{LIST}{control.pk}/edit/", given)
    assert (refused.status_code, "Give a reason: an auditor will ask for it." in said(refused)) == (422, True)
    assert Control.objects.get().in_scope_since == SINCE
    assert Occurrence.objects.get(control=control, key="2026-Q1").status == "open"
    assert client.post(f"{LIST}{control.pk}/edit/", {**given, "reason": "Bought in April."}).status_code == 303
    told = next(events(control, "control.edit"))
    assert (told["after"]["in_scope_since"], told["metadata"]["note"]) == (str(april), "Bought in April.")
    assert "“Bought in April.”" in said(client.get(f"{LIST}{control.pk}/"))


def test_what_else_is_written_about_it_needs_no_reason(client_of, control, manager):
    answer = client_of(manager).post(f"{LIST}{control.pk}/edit/", filled(title="Other words", stamp=stamp_of(control)))
    assert answer.status_code == 303
    assert "note" not in next(events(control, "control.edit"))["metadata"]


def test_a_taken_code_is_refused_in_words(control, manager):
    other = create_control(actor=manager, code="AC-8", title="Other", cadence="daily", in_scope_since=SINCE)
    with pytest.raises(ActionRefused, match="this code already"):
        edit_control(other, actor=manager, code="AC-9")


def test_a_program_says_which_criteria_it_answers(control, manager):
    program, path = Program(make_token(manager)[1]), f"controls/{control.pk}/criteria"
    held = {"if_match": "*"}
    answer = program.post(path, {"answers": {"CC6.1": "Rooms are locked.", "CC6.3": ""}}, **held)
    assert answer.status_code == 200
    assert {one["criterion"]: one["note"] for one in answer.json()["answers"]} == {"CC6.1": "Rooms are locked.", "CC6.3": ""}
    wrong = [["CC6.1"], "CC6.1", {"CC99": ""}, {"CC6.1": ["x"]}, {"CC6.1": "\x00"}, None]
    assert [program.post(path, {"answers": one}, **held).status_code for one in wrong] == [422] * len(wrong)
    assert control.answers.count() == 2
    assert program.post(path, {"answers": {}}, **held).json()["answers"] == []


def test_criteria_are_these_and_no_others(control, manager):
    answer_criteria(control, {"CC6.3": "New note", "A1.2": ""}, actor=manager)
    assert dict(control.answers.values_list("criterion", "note")) == {"CC6.3": "New note", "A1.2": ""}
    told = next(events(control, "control.answer"))
    assert told["before"] == {"criteria": {"CC6.2": "Access that is not needed is taken away.", "CC6.3": ""}}
    assert told["after"] == {"criteria": {"CC6.3": "New note", "A1.2": ""}}
    with pytest.raises(ActionRefused, match="Nothing was changed"):
        answer_criteria(control, {"A1.2": "", "CC6.3": "New note"}, actor=manager)
    with pytest.raises(ActionRefused, match=r"no criterion CC6\.9"):
        answer_criteria(control, {"CC6.9": ""}, actor=manager)
    with pytest.raises(ActionRefused, match="2,000 characters"):
        answer_criteria(control, {"A1.2": "x" * 2001}, actor=manager)


def test_a_note_without_its_tick_is_not_lost(client_of, control, manager):
    answer = client_of(manager).post(f"{LIST}{control.pk}/criteria/", {"note_cc6_1": "Typed"})
    assert answer.status_code == 422
    assert "Tick CC6.1" in said(answer)


def test_a_leg_that_is_not_needed_has_a_reason(client_of, control, manager):
    with pytest.raises(ActionRefused, match="an auditor will ask"):
        need_legs(control, ["policy", "operation"], actor=manager)
    with pytest.raises(ActionRefused, match="one leg at least"):
        need_legs(control, [], actor=manager, reason="None")
    path = f"{LIST}{control.pk}/legs/"
    assert client_of(manager).post(path, {"legs": ["policy", "operation"], "legs_reason": "People do it."}).status_code == 303
    assert "Not needed: People do it." in said(client_of(manager).get(f"{LIST}{control.pk}/"))
    with pytest.raises(ActionRefused, match="Nothing was changed"):
        need_legs(control, ["operation", "policy"], actor=manager, reason="People do it.")


def test_systems_are_these_and_no_others(client_of, control, manager):
    okta = create_system(actor=manager, name="Okta", reviewer_order=["backup"])
    client = client_of(manager)
    assert client.post(f"{LIST}{control.pk}/systems/", {"systems": [str(okta.pk)]}).status_code == 303
    assert "Okta" in said(client.get(f"{LIST}{control.pk}/"))
    cover_systems(control, [], actor=manager)
    assert [told["after"]["systems"] for told in events(control, "control.cover")] == [["Okta"], []]
    with pytest.raises(ActionRefused, match="Nothing was changed"):
        cover_systems(control, [], actor=manager)


# Owner


def test_owners_are_assigned_in_bulk_with_a_result_for_each(client_of, control, manager):
    other = create_control(actor=manager, code="AC-8", title="Other", cadence="daily", in_scope_since=SINCE)
    mine = person_of(manager)
    given = {"action": "assign", "all_matching": "1", "assign-owner": str(mine.pk)}
    page = said(client_of(manager).post(LIST, given))
    assert "With them already." in page
    assert Control.objects.filter(owner=mine).count() == 2
    assert len(list(events(other, "control.assign"))) == 1
    assert list(events(control, "control.assign")) == []


def test_nobody_who_left_becomes_an_owner(control, manager):
    gone = person("Gone Girl", left_on=dt.date(2026, 1, 5), status="left")
    with pytest.raises(ActionRefused, match="does not work here any more"):
        assign_owner([control], gone, actor=manager)
    assert [one.pk for one in assign_owner([control], None, actor=manager)] == [control.pk]
    assert next(events(control, "control.assign"))["after"] == {"owner": None}


# Frequency


def test_another_frequency_holds_from_its_day(client_of, control, manager, acme):
    given = {"cadence": "monthly", "grace_days": "5", "from_date": "2026-07-01", "reason": "Too seldom"}
    assert client_of(manager).post(f"{LIST}{control.pk}/frequency/", given).status_code == 303
    control.refresh_from_db()
    assert (control.cadence, control.grace_days) == ("monthly", 5)
    assert next(events(control, "control.change_frequency"))["after"]["frequency"] == "Monthly, 5 days of grace"
    page = said(client_of(manager).get(f"{LIST}{control.pk}/"))
    assert "Quarterly" in page
    assert Occurrence.objects.filter(control=control, key="2026-Q2").exists()
    assert Occurrence.objects.filter(control=control, key="2026-08").exists()


def test_a_planned_frequency_begins_on_its_day_by_itself(control, manager, acme, monkeypatch):
    day = acme.today() + dt.timedelta(days=40)
    change_cadence(control, actor=manager, cadence="weekly", from_date=day, reason="From then on")
    control.refresh_from_db()
    assert control.cadence == "quarterly"
    begin_planned(acme, dt.datetime.now(dt.UTC))
    assert list(events(control, "control.begin_frequency")) == []
    monkeypatch.setattr(type(acme), "today", lambda _self: day)
    for _ in range(2):
        begin_planned(acme, dt.datetime.now(dt.UTC))
    control.refresh_from_db()
    assert control.cadence == "weekly"
    assert len(list(events(control, "control.begin_frequency"))) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cadence": "quarterly"}, "It is Quarterly on that day already."),
        ({"from_date": dt.date(2025, 1, 1)}, "in scope from 1 Jan 2026 only"),
        ({"cadence": "per_event"}, "Say what its events are."),
        ({"cadence": "hourly"}, "Choose a frequency."),
        ({"grace_days": 91}, "From 0 to 90 days."),
        ({"reason": " "}, "Give a reason"),
    ],
)
def test_a_frequency_that_makes_no_sense_is_refused(control, manager, changes, words):
    given: dict[str, Any] = {"cadence": "monthly", "from_date": dt.date(2026, 7, 1), "reason": "Why", **changes}
    with pytest.raises(ActionRefused, match=words):
        change_cadence(control, actor=manager, **given)


def test_a_frequency_in_words(control, manager):
    change_cadence(control, actor=manager, cadence="per_event", population="joiners", from_date=dt.date(2026, 7, 1), reason="Why")
    control.refresh_from_db()
    assert in_words(control) == "Per event: Joiners, within 1 business day"


# Retiring


def test_a_retired_control_keeps_its_past_and_comes_back(client_of, control, manager, acme):
    today, of_today = acme.today(), Occurrence.objects.filter(control=control, ends_on__gte=acme.today()).order_by("ends_on")
    client = client_of(manager)
    path = f"{LIST}{control.pk}/"
    assert client.post(f"{path}retire/", {"retired_on": f"{today}", "reason": "Replaced"}).status_code == 303
    control.refresh_from_db()
    assert (control.status, control.retired_on) == ("retired", today)
    assert Occurrence.objects.get(control=control, key="2026-Q2").status == "open"
    assert of_today[0].status == "withdrawn"
    assert client.get(f"{path}retire/").status_code == 409
    with pytest.raises(ActionRefused, match="is retired"):
        change_cadence(control, actor=manager, cadence="daily", from_date=SINCE, reason="Why")
    assert client.post(f"{path}restore/", {"reason": "Needed"}).status_code == 303
    assert of_today[0].status == "open"


def test_it_is_retired_within_its_time(control, manager, acme):
    with pytest.raises(ActionRefused, match="when the day has come"):
        retire_control(control, actor=manager, reason="Soon", retired_on=dt.date(2199, 1, 1))
    with pytest.raises(ActionRefused, match="not in scope yet"):
        retire_control(control, actor=manager, reason="Before", retired_on=dt.date(2025, 1, 1))
    with pytest.raises(ActionRefused, match="Give a reason"):
        retire_control(control, actor=manager, reason="")
    with pytest.raises(ActionRefused, match="in service"):
        restore_control(control, actor=manager, reason="It is not gone")
    retire_control(control, actor=manager, reason="Now")
    with pytest.raises(ActionRefused, match="retired before that day"):
        edit_control(control, actor=manager, in_scope_since=acme.today() + dt.timedelta(days=1))


def test_retiring_takes_nothing_away_that_was_missed(control, manager):
    with pytest.raises(ActionRefused, match="and was not done"):
        retire_control(control, actor=manager, reason="It was not done", retired_on=dt.date(2026, 2, 1))
    excuse_all(Occurrence.objects.filter(control=control), actor=manager, reason="The system was sold in January.")
    retire_control(control, actor=manager, reason="The system was sold", retired_on=dt.date(2026, 2, 1))


def test_a_control_is_not_retired_out_of_a_period_that_has_begun(manager, period):
    yearly = create_control(actor=manager, code="AC-8", title="Old", cadence="yearly", in_scope_since=dt.date(2025, 12, 1))
    with pytest.raises(ActionRefused, match="It is in scope of 2026, which has begun"):
        retire_control(yearly, actor=manager, reason="It is not in place", retired_on=dt.date(2025, 12, 31))


# What the pages show


def test_the_list_shows_both_axes_with_reasons_and_filters_by_each(client_of, viewer, manager, control, period):
    create_control(actor=manager, code="AC-8", title="Nobody's", cadence="yearly", in_scope_since=SINCE, criteria={"A1.2": ""})
    client = client_of(viewer)
    page = said(client.get(LIST))
    assert "Missing" in page
    assert "Nobody owns it" in page

    def codes(query: str) -> list[str]:
        found = said(client.get(f"{LIST}?{query}"))
        return [code for code in ("AC-8", "AC-9") if f">{code}<" in found]

    assert codes("") == ["AC-8", "AC-9"]
    assert codes("reason=no_owner") == ["AC-8"]
    assert codes("owner=nobody") == ["AC-8"]
    assert codes(f"owner={person_of(manager).pk}") == ["AC-9"]
    assert codes("scope=no") == ["AC-8"]
    assert codes("family=CC6") == ["AC-9"]
    assert codes("criterion=A1.2") == ["AC-8"]
    assert codes("cadence=yearly") == ["AC-8"]
    assert codes("design=missing&operation=deviations&scope=yes") == ["AC-9"]
    assert codes("status=retired") == []
    assert codes("q=nobody") == ["AC-8"]
    order = said(client.get(f"{LIST}?order=-design"))
    assert order.index("AC-9") > 0


def test_the_list_costs_the_same_for_one_control_and_for_many(client_of, manager, control, period, django_assert_max_num_queries):
    client = client_of(manager)
    client.get(LIST)
    counted = []
    for number in range(2):
        with django_assert_max_num_queries(20) as found:
            client.get(f"{LIST}?design=missing")
            counted.append(len([one for one in found.captured_queries if is_work(one["sql"])]))
        for more in range(30):
            create_control(actor=manager, code=f"N-{number}-{more}", title="More", cadence="yearly", in_scope_since=SINCE)
    assert counted[0] == counted[1]
    assert counted[0] <= 10


def is_work(sql: str) -> bool:
    """Not what every transaction and every setting costs."""
    return (
        not sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET CONSTRAINTS")) and "set_config" not in sql
    )


def test_the_page_tells_everything_about_it(client_of, viewer, control, period, manager):
    judge_not_relevant(period, ["CC6.3"], actor=manager, reason="We are two.")
    page = said(client_of(viewer).get(f"{LIST}{control.pk}/"))
    for words in ("CC6.2 Enrol, authorise and withdraw users", "Access that is not needed is taken away.", "not in scope",
                  "Documented policy", "Nothing yet", "overdue", "It was not tested yet.", "Missing", "Deviations"):  # fmt: skip
        assert words in page
    assert "Retire" not in page


def test_on_a_narrow_screen_its_card_names_owner_reasons_and_due_day(client_of, viewer, control, period):
    row = said(client_of(viewer).get(LIST)).split('id="row-')[1].split("</tr>")[0]
    shown = {
        label for label, classes in re.findall(r'<td data-label="([^"]*)" class="([^"]*)"', row) if "on-card" in classes.split()
    }
    assert shown == {"Owner", "Why", "Next due"}


def test_without_a_period_the_pages_say_so(client_of, viewer, control):
    client = client_of(viewer)
    assert "there is none yet" in said(client.get(LIST))
    assert "there is none yet" in said(client.get(f"{LIST}{control.pk}/"))


# Criteria


def test_criteria_without_a_control_stand_out_and_each_count_leads_to_its_rows(client_of, viewer, manager, control, period):
    retired = create_control(
        actor=manager, code="AC-8", title="Gone", cadence="daily", in_scope_since=SINCE, criteria={"CC6.2": "", "CC6.1": ""}
    )
    retire_control(retired, actor=manager, reason="Gone")
    judge_not_relevant(period, ["CC6.4"], actor=manager, reason="No office.")
    client = client_of(viewer)
    page = said(client.get(f"{LIST}criteria/"))
    assert "32 of 61 criteria are in scope" in page
    assert "Not relevant: No office." in page
    assert page.count("No control<") == 30
    link = page.split('aria-label="1 control of CC6.2"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    rows = said(client.get(link))
    assert ">AC-9<" in rows
    assert ">AC-8<" not in rows
    assert "CC6.2 Enrol" not in said(client.get(f"{LIST}criteria/?show=unanswered"))
    assert "CC6.2 Enrol" in said(client.get(f"{LIST}criteria/?show=answered"))
    assert "P8.1" in said(client.get(f"{LIST}criteria/?show=out"))
    assert "P8.1" in said(client.get(f"{LIST}criteria/?show=nonsense"))


def test_every_count_of_the_criteria_page_equals_its_rows(client_of, viewer, manager, control, period):
    client = client_of(viewer)
    page = client.get(f"{LIST}criteria/")
    lines = [line for _, rows in page.context["families"] for line in rows]
    assert len(lines) == 61
    for line in lines:
        if line.controls:
            listed = client.get(line.url).context["listing"]["rows"]
            assert {row.object.pk for row in listed} == {one.pk for one in line.controls}


def test_a_person_may_leave_and_stays_the_owner_shown(client_of, control, manager):
    assert Person.objects.filter(controls=control).exists()
    assert "Manager Acme" in said(client_of(manager).get(f"{LIST}{control.pk}/owner/"))


def test_an_empty_list_offers_a_beginning_to_who_may_begin(client_of, manager, viewer, in_acme):
    assert "Begin with ten questions" in said(client_of(manager).get(LIST))
    page = said(client_of(viewer).get(LIST))
    assert "No controls yet" in page
    assert "Begin with ten questions" not in page


@pytest.mark.parametrize("page", ["criteria", "systems"])
def test_a_stale_choice_does_not_take_away_what_a_colleague_added(client_of, control, manager, page):
    client, path = client_of(manager), f"{LIST}{control.pk}/{page}/"
    okta = create_system(actor=manager, name="Okta", reviewer_order=["backup"])
    shown = said(client.get(path))
    stamp = shown.split('name="stamp" value="')[1].split('"')[0]
    answer_criteria(control, {"CC6.1": "A colleague's"}, actor=manager)
    cover_systems(control, [okta], actor=manager)
    answer = client.post(path, {"stamp": stamp, "answers_cc6_2": "on"})
    assert answer.status_code == 422
    assert "Somebody has changed this" in said(answer)
    assert control.answers.get().note == "A colleague's"
    assert control.covers.get().system == okta
