"""Controls leave as a table and come back: without loss, with corrections, and never by halves."""

import datetime as dt
import io
import random
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Member
from audit.models import AuditEvent
from controls.catalogue.actions import cover_systems, create_control, retire_control
from controls.catalogue.adopting import adopt
from controls.catalogue.cadences import change_cadence
from controls.catalogue.export import export_controls, table_of
from controls.catalogue.importing import import_controls, preview, receive
from controls.catalogue.planning import Plan
from controls.catalogue.transfer import SAMPLE
from controls.library import LIBRARY
from controls.models import CadenceChange, Control, ControlCriterion, ControlState, Occurrence
from evidence.files import store
from inventory.models import Person, System
from inventory.systems.actions import create_system
from tenancy.scope import tenant
from tests.cast import Cast
from tests.inventory.snapshots.helpers import person_of
from tests.reviews.world import person
from ui.refusals import ActionRefused

PAGE = "/o/acme/controls/import/"
SINCE = dt.date(2026, 1, 1)


def said(answer: Any) -> str:
    return str(answer.content.decode())


def uploaded(content: bytes | str, name: str = "controls.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def planned(content: bytes | str, manager: Member, accepted: Any = ()) -> Plan:
    return preview(receive(actor=manager, upload=uploaded(content)), accepted)


def imported(content: bytes | str, manager: Member, **said_so: Any) -> Plan:
    return import_controls(receive(actor=manager, upload=uploaded(content)), actor=manager, **said_so)


def exported(kind: str) -> bytes:
    with export_controls(kind, [("List", "Controls")]).file as file:
        return file.read()


def table(*rows: str, header: str = "Code,Title,Frequency,In scope since,Criteria") -> str:
    return "\n".join([header, *rows]) + "\n"


# Without loss

AWKWARD = [
    "plain",
    "=1+2",
    "'=1+2",
    "''-x",
    "- a list\n- of two\n\n  indented: CC6.1",
    "CC6.2: not another criterion\nCC6.3",
    'quotes " and , and ; and \t tab',
    "# not a trailer",
    "_x0041_ and _x000D_",
    "Grüße \N{GRINNING FACE} \u202e right to left",
    "true",
    "2026-01-01",
    "00123",
    "1e5",
]
words = st.one_of(st.sampled_from(AWKWARD), st.text(st.characters(exclude_categories=["Cs"]), max_size=60))


@st.composite
def controls(draw: Any) -> dict[str, Any]:
    """What somebody might write about a control."""
    cadence, population = draw(st.sampled_from([("quarterly", ""), ("daily", ""), ("per_event", "joiners"), ("continuous", "")]))
    legs = draw(st.sets(st.sampled_from(["policy", "technical", "operation", "monitoring"]), min_size=1))
    texts = {name: draw(words) for name in ("objective", "operation", "evidence_expected", "test_procedure", "instructions")}
    return {
        **texts,
        "title": draw(words.filter(lambda text: "".join(c for c in text if c.isalnum()))),
        "owner_role": draw(words),
        "cadence": cadence,
        "population": population,
        "grace_days": draw(st.integers(0, 30)),
        "in_scope_since": draw(st.dates(dt.date(2025, 1, 1), dt.date(2026, 6, 30))),
        "legs": sorted(legs),
        "legs_reason": draw(words) if len(legs) == 4 else "because",
        "priority": draw(st.sampled_from(["critical", "high", "medium", "low"])),
        "criteria": draw(st.dictionaries(st.sampled_from(["CC6.1", "CC6.2", "A1.2", "P6.7", "PI1.3"]), words, max_size=4)),
    }


def built(manager: Member, drawn: list[dict[str, Any]], seed: int) -> None:
    """Controls as drawn, some owned, some retired, some with another frequency since."""
    chance = random.Random(seed)
    owner, system = Person.objects.get(name="Olga Owner"), System.objects.get()
    for number, facts in enumerate(drawn):
        fields = dict(facts)
        control = create_control(actor=manager, code=f"C-{number}", owner=chance.choice([owner, None]), **fields)
        if chance.random() < 0.3:
            cover_systems(control, [system], actor=manager)
        if chance.random() < 0.3 and control.cadence != "monthly":
            change_cadence(
                control, actor=manager, cadence="monthly", from_date=dt.date(2026, 7, 1), reason="More often", grace_days=3
            )
        if chance.random() < 0.3:
            retire_control(control, actor=manager, reason="Gone")


def furnish(manager: Member) -> None:
    """The people and systems that both organizations know."""
    person("Olga Owner")
    create_system(actor=manager, name='Console; "the" one', reviewer_order=["backup"])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(controls(), min_size=1, max_size=4), seed=st.integers(0, 1000))
def test_what_leaves_one_organization_is_the_same_when_it_leaves_another(acme, globex, kind, drawn, seed):
    with transaction.atomic():
        cast = Cast()
        manager, other = cast.manager, cast.of("globex", "manager")
        with tenant(acme):
            furnish(manager)
            built(manager, drawn, seed)
            first, rows = exported(kind), list(table_of())
        with tenant(globex):
            furnish(other)
            imported(first, other)
            assert list(table_of()) == rows
            again = planned(first, other)
            assert again.nothing, [(line.errors, change.words) for line, change in again.changes]
            with pytest.raises(ActionRefused, match="here already"):
                imported(first, other)
        transaction.set_rollback(True)


# What a file would do is shown, and done as shown


def test_what_is_new_is_added_with_everything_that_follows(in_acme, manager):
    plan = imported(table('AC-1,Access is reviewed,Quarterly,2026-01-01,"CC6.2: How\n  and why"'), manager)
    assert [line.number for line, _ in plan.new] == [2]
    control = Control.objects.get(code="AC-1")
    assert ControlCriterion.objects.get(control=control).note == "How\nand why"
    assert Occurrence.objects.filter(control=control, key="2026-Q3").exists()
    assert AuditEvent.objects.filter(object_id=control.pk, verb="control.import").count() == 1
    told = AuditEvent.objects.get(verb="controls.import").data["metadata"]
    assert (told["added"], told["changed"], told["unchanged"]) == (1, 0, 0)


def test_what_differs_is_changed_and_what_the_file_does_not_name_stays(in_acme, manager):
    made = create_control(
        actor=manager, code="AC-1", title="Old", cadence="quarterly", in_scope_since=SINCE, objective="Stays",
        criteria={"CC6.2": "Stays"},
    )  # fmt: skip
    plan = imported(table("AC-1,New", header="Code,Title"), manager)
    assert [change.words for _, change in plan.changes] == [["Title"]]
    made.refresh_from_db()
    assert (made.title, made.objective, made.answers.get().note) == ("New", "Stays", "Stays")
    event = AuditEvent.objects.get(object_id=made.pk, verb="control.import")
    assert (event.data["before"], event.data["after"]) == ({"title": "Old"}, {"title": "New"})


def test_every_kind_of_change_is_taken(in_acme, acme, manager):
    system = create_system(actor=manager, name="Okta", reviewer_order=["backup"])
    made = create_control(actor=manager, code="AC-1", title="One", cadence="quarterly", in_scope_since=SINCE)
    create_control(actor=manager, code="AC-2", title="Two", cadence="quarterly", in_scope_since=SINCE)
    owner = person_of(manager)
    header = "Code,Title,Owner,Frequency,In scope since,Retired on,Criteria,Systems,Needs,Why the others are not needed"
    cells = ["AC-1", "One", owner.email.upper(), '"Quarterly\nMonthly from 2026-07-01"', "2026-02-01", f"{acme.today()}", "CC6.2"]
    row = ",".join([*cells, "Okta", "Documented policy", "Paper"])
    plan = imported(table(row, "AC-2,Two,,Weekly,2026-01-01,,,,,", header=header), manager, leave_out_wrong=True)
    assert [(line.number, line.errors) for line in plan.wrong] == [(3, ["Needs: a control stands on one leg at least."])]
    made = Control.objects.get(code="AC-1")
    assert (made.owner, made.status, made.retired_on, made.legs) == (owner, "retired", acme.today(), ["policy"])
    assert list(CadenceChange.objects.filter(control=made).values_list("from_date", "cadence")) == [
        (dt.date(2026, 2, 1), "quarterly"),
        (dt.date(2026, 7, 1), "monthly"),
    ]
    assert made.cadence == "monthly"
    assert [row.system for row in made.covers.all()] == [system]
    verbs = AuditEvent.objects.filter(object_id=made.pk).values_list("verb", flat=True)
    expected = {"control.import", "control.answer", "control.cover", "control.change_frequency", "control.retire"}
    assert expected <= set(verbs)
    moved = AuditEvent.objects.get(object_id=made.pk, verb="control.import")
    assert moved.data["metadata"]["note"] == "By the import of controls.csv."
    imported(table("AC-1,One,", header="Code,Title,Retired on"), manager)
    made.refresh_from_db()
    assert (made.status, made.retired_on) == ("active", None)


def test_the_preview_shows_what_stands_there_and_what_would(in_acme, manager, client_of):
    long = "Somebody compares the list with the roster. " * 10
    create_control(
        actor=manager, code="AC-1", title="Old", cadence="quarterly", in_scope_since=SINCE, operation=long,
        criteria={"CC6.2": ""},
    )  # fmt: skip
    owner = person_of(manager)
    header = "Code,Title,Frequency,In scope since,Owner,How it operates,Criteria,Priority"
    row = f"AC-1,New,Monthly,2026-02-01,{owner.email},{long}Each day.,CC6.1; CC6.2,Critical"
    (_, change), = planned(table(row, header=header), manager).changes  # fmt: skip
    told = {one.name: (one.before, one.after) for one in change.told}
    assert told["Title"] == ("Old", "New")
    assert told["Frequency"] == ("Quarterly", "Monthly")
    assert told["In scope since"] == ("1 Jan 2026", "1 Feb 2026")
    assert told["Owner"] == ("nothing", str(owner))
    assert told["Criteria"] == ("CC6.2", "CC6.1, CC6.2")
    assert told["Priority"] == ("Medium", "Critical")
    assert told["How it operates"][1].endswith("Each day.")
    assert list(told) == change.words


def test_all_that_is_wrong_with_a_row_is_said_at_once(in_acme, manager):
    header = "Code,Title,Frequency,Owner,Systems"
    (line,) = planned(table("AC-1,One,Fortnightly,Nobody Known,Nowhere", header=header), manager).wrong
    assert [sentence.partition(":")[0] for sentence in line.errors] == ["Frequency", "Owner", "Systems"]


def test_a_file_does_not_retire_away_what_was_missed(in_acme, manager):
    create_control(actor=manager, code="AC-1", title="One", cadence="quarterly", in_scope_since=SINCE)
    row = "AC-1,One,2026-02-01"
    with pytest.raises(ActionRefused, match="Some rows are wrong"):
        imported(table(row, header="Code,Title,Retired on"), manager)
    assert Control.objects.get().status == "active"


def test_one_frequency_in_the_file_holds_from_today(in_acme, manager, acme):
    made = create_control(actor=manager, code="AC-1", title="One", cadence="quarterly", in_scope_since=SINCE)
    content = table("AC-1,One,Monthly", header="Code,Title,Frequency")
    imported(content, manager)
    rows = list(CadenceChange.objects.filter(control=made).values_list("from_date", "cadence"))
    assert rows == [(SINCE, "quarterly"), (acme.today(), "monthly")]
    assert planned(content, manager).nothing


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",No code,Quarterly,2026-01-01,CC6.1", "The code is missing."),
        ("AC-1,,Quarterly,2026-01-01,CC6.1", "The title is missing."),
        ("AC 1,Spaces,Quarterly,2026-01-01,CC6.1", "Code: A control's code has letters"),
        ("AC-1,One,Fortnightly,2026-01-01,CC6.1", "Frequency: “Fortnightly” is not a frequency."),
        ("AC-1,One,Per event,2026-01-01,CC6.1", "names its events"),
        ("AC-1,One,Per event: Eclipses,2026-01-01,CC6.1", "“Eclipses” is no kind of event."),
        ("AC-1,One,Quarterly: Joiners,2026-01-01,CC6.1", "only a control per event has events"),
        ('AC-1,One,"Quarterly\nMonthly",2026-01-01,CC6.1', "needs its first day"),
        ('AC-1,One,"Quarterly\nMonthly from 2025-07-01",2026-01-01,CC6.1', "before the control is in scope"),
        ('AC-1,One,"Quarterly\nMonthly from 2026-02-30",2026-01-01,CC6.1', "not a day of the calendar"),
        ("AC-1,One,Monthly from 2026-07-01,2026-01-01,CC6.1", "Give it without a day"),
        ("AC-1,One,,2026-01-01,CC6.1", "Frequency: The frequency is missing."),
        ("AC-1,One,Quarterly,soon,CC6.1", "In scope since: “soon” is not a date"),
        ("AC-1,One,Quarterly,,CC6.1", "In scope since: the day is missing."),
        ("AC-1,One,Quarterly,2026-01-01,something else entirely", "names no criterion"),
        (f"AC-1,{'x' * 201},Quarterly,2026-01-01,CC6.1", "200 characters"),
        ("AC-1,One", "2 cells"),
    ],
)
def test_what_is_wrong_is_said_with_its_row_and_nothing_is_imported(in_acme, manager, row, words):
    content = table("OK-1,Fine,Quarterly,2026-01-01,CC6.1", row)
    wrong = planned(content, manager).wrong
    assert len(wrong) == 1
    assert wrong[0].number >= 3
    assert words in " ".join(wrong[0].errors)
    with pytest.raises(ActionRefused, match="left out"):
        imported(content, manager)
    assert not Control.objects.exists()
    imported(content, manager, leave_out_wrong=True)
    assert Control.objects.get().code == "OK-1"


@pytest.mark.parametrize(
    ("header", "row", "words"),
    [
        ("Code,Title,Frequency,Owner", "AC-1,One,Daily,Nobody Known", "nobody on the roster is called Nobody Known"),
        ("Code,Title,Frequency,Owner", "AC-1,One,Daily,Twin", "2 people are called Twin"),
        ("Code,Title,Frequency,Systems", "AC-1,One,Daily,Nowhere", "no system called Nowhere"),
        ("Code,Title,Frequency,Needs", "AC-1,One,Daily,Documented policy", "Say why the others are not needed"),
        ("Code,Title,Frequency,Needs", "AC-1,One,Daily,Feet", "“Feet” is no leg"),
        ("Code,Title,Frequency,Priority", "AC-1,One,Daily,Extreme", "“Extreme” is no priority"),
        ("Code,Title,Frequency,Retired on", "AC-1,One,Daily,2199-01-01", "has not come yet"),
        ("Code,Title,Frequency,Objective", f"AC-1,One,Daily,{'x' * 8001}", "At most 8,000 characters"),
        ("Code,Title", "AC-1,One", "a new control needs one"),
    ],
)
def test_what_a_row_names_must_be_there(in_acme, manager, header, row, words):
    for address in ("one", "two"):
        person(f"Twin {address}")
    Person.objects.filter(name__startswith="Twin").update(name="Twin")
    wrong = planned(table(row, header=header), manager).wrong
    assert words in " ".join(sentence for line in wrong for sentence in line.errors)


def test_a_code_stands_once_in_a_file(in_acme, manager):
    row = "AC-1,One,Quarterly,2026-01-01,CC6.1"
    assert planned(table(row, row), manager).wrong[0].errors == ["The code AC-1 stands in row 2 already."]


# Labels of criteria


def test_a_label_that_does_not_exist_is_corrected_with_a_notice(in_acme, manager):
    plan = planned(table("PI-1,Input is validated,Daily,2026-01-01,PP1.2"), manager)
    _, draft = plan.new[0]
    assert list(draft.criteria) == ["PI1.2"]
    assert "PP1.2 does not exist" in plan.noticed[0].notices[0]


def test_a_real_id_that_means_another_is_offered_and_never_changed_silently(in_acme, manager):
    content = table("CHG-1,Changes are approved,Daily,2026-01-01,CC7.2 change management")
    plan = planned(content, manager)
    offer = plan.offers[0].offers[0]
    assert (offer.written, offer.meant) == (("CC7.2",), ("CC8.1",))
    assert list(plan.new[0][1].criteria) == ["CC7.2"]
    assert list(planned(content, manager, accepted=[2]).new[0][1].criteria) == ["CC8.1"]


def test_what_was_settled_is_not_offered_again(in_acme, manager):
    content = table("CHG-1,Changes are approved,Daily,2026-01-01,CC7.2 change management")
    imported(content, manager)
    again = planned(content, manager)
    assert again.nothing
    assert again.offers == []


def test_the_note_goes_along_with_its_correction(in_acme, manager):
    made = imported(table('CHG-1,One,Daily,2026-01-01,"CC7.2: change management"'), manager, accepted=[2])
    assert made.new[0][1].criteria == {"CC8.1": "change management"}


# The screens


def test_a_file_is_previewed_and_then_imported(client_of, manager, in_acme):
    client = client_of(manager)
    assert "Sample file" in said(client.get(PAGE))
    answer = client.post(PAGE, {"file": uploaded(SAMPLE)})
    assert answer.status_code == 303
    page = said(client.get(answer["Location"]))
    assert "AC-101 Access is reviewed every quarter" in page
    assert "AC-102" in page
    assert not Control.objects.exists()
    stamp = page.split('name="stamp" value="')[1].split('"')[0]
    assert client.post(answer["Location"], {"stamp": stamp}).status_code == 303
    assert Control.objects.count() == 2
    assert "Importing it would change nothing." in said(client.get(answer["Location"]))


def test_a_preview_that_is_stale_is_refused_and_shown_anew(client_of, manager, in_acme):
    client = client_of(manager)
    path = client.post(PAGE, {"file": uploaded(SAMPLE)})["Location"]
    stamp = said(client.get(path)).split('name="stamp" value="')[1].split('"')[0]
    create_control(actor=manager, code="AC-101", title="Another", cadence="daily", in_scope_since=SINCE)
    answer = client.post(path, {"stamp": stamp})
    assert answer.status_code == 422
    assert "have changed since this preview" in said(answer)
    assert Control.objects.count() == 1
    stamp = said(answer).split('name="stamp" value="')[1].split('"')[0]
    assert client.post(path, {"stamp": stamp}).status_code == 303


def test_wrong_rows_are_shown_and_left_out_only_when_said_so(client_of, manager, in_acme):
    client = client_of(manager)
    content = table("OK-1,Fine,Quarterly,2026-01-01,CC6.1", ",<script>,Quarterly,2026-01-01,CC6.1")
    path = client.post(PAGE, {"file": uploaded(content)})["Location"]
    page = said(client.get(path))
    assert "The code is missing." in page
    assert "<script>," not in page
    assert client.post(path, {}).status_code == 422
    assert client.post(path, {"leave_out_wrong": "on"}).status_code == 303


HOSTILE = {
    "nothing": b"",
    "noise": bytes(range(256)) * 40,
    "nul": b"Code,Title\nA\x00B,C\n",
    "header only": b"Code,Title\n",
    "other columns": b"Fruit,Colour\nApple,red\n",
    "one quote": b'Code,Title\nA-1,"never closed\n',
    "half a zip": b"PK\x03\x04" + b"\x00" * 200,
    "very wide": b",".join([b"Code", b"Title"] + [b"x"] * 2000),
    "very long cell": b"Code,Title\nA-1," + b"x" * 200_000 + b"\n",
    "formula": b"Code,Title,Frequency\nA-1,=HYPERLINK(1),Daily\n",
    "trailer only": b"# Rows: 1\n",
    "utf-16": "Code,Title\nA-1,One\n".encode("utf-16"),
    "repeated columns": b"Code,Title,Code,Title\nA-1,One,A-2,Two\n",
    "deep dates": b"Code,Title,In scope since\nA-1,One,99999-99-99\n",
    "surrogates": b"Code,Title\nA-1,\\ud800\n",
    "many rows": b"Code,Title\n" + b"".join(b"A-%d,One\n" % n for n in range(5_200)),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_hostile_file_gets_a_sentence(client_of, manager, in_acme, name):
    client = client_of(manager)
    answer = client.post(PAGE, {"file": uploaded(HOSTILE[name])})
    assert answer.status_code in {303, 422}
    if answer.status_code == 303:
        assert client.get(answer["Location"]).status_code == 200
        assert client.post(answer["Location"], {"leave_out_wrong": "on"}).status_code in {303, 422}


def test_only_a_file_of_controls_is_shown_as_one(client_of, manager, in_acme):
    other = store(io.BytesIO(b"Code,Title\nA-1,One\n"), "secret.csv")
    assert client_of(manager).get(f"{PAGE}{other.pk}/").status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_export_leaves_a_trace_and_can_be_opened_elsewhere(client_of, auditor, manager, in_acme, kind):
    adopt(list(LIBRARY), actor=manager, in_scope_since=SINCE)
    answer = client_of(auditor).get(f"/o/acme/controls/export/{kind}/")
    content = b"".join(answer.streaming_content)
    event = AuditEvent.objects.get(verb="list.export")
    assert event.data["metadata"]["sha256"] == answer["X-Table-SHA256"]
    assert event.data["metadata"]["rows"] == len(LIBRARY)
    assert event.data["metadata"]["form"] == {"csv": "CSV", "xlsx": "Excel"}[kind]
    if kind == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        assert [sheet.cell(1, 1).value, sheet.max_row] == ["Code", len(LIBRARY) + 1]
    assert planned(content, manager).nothing
    assert client_of(auditor).get("/o/acme/controls/export/pdf/").status_code == 404


def test_many_controls_come_in_with_few_queries(in_acme, manager, django_assert_max_num_queries):
    rows = [f"C-{number},Control {number},Yearly,2026-01-01,CC6.1" for number in range(300)]
    with django_assert_max_num_queries(70):
        imported(table(*rows), manager)
    assert Control.objects.count() == 300
    assert not ControlState.objects.exists()  # no period, no state
