"""A register goes out and comes in again without loss; a file accepts nothing and overwrites nothing unseen."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from controls.catalogue.cells import guarded
from inventory.models import Person
from risks.models import Risk, RiskTask
from risks.register.actions import edit_risk, raise_risk
from risks.register.treating import accept, close
from risks.tasks.actions import add_task, finish_task
from risks.transfer.importing import import_risks, preview, receive
from risks.transfer.reading import COLUMNS
from risks.transfer.views import table_of
from tenancy.scope import tenant
from tests.risks.making import a_rated, a_risk, person_of
from tests.risks.test_register import AREA, soon
from ui.refusals import ActionRefused
from ui.screens.export import FORMATS

WHY = (
    "is none of Security",
    "Nobody who works here",
    "no whole number from 1 to 7",
    "one of the 5 steps",
    "a rating is explained",
    "a treatment says how",
    "A task is written as",
)


@pytest.fixture
def register(acme, cast):
    """Risks of every kind: rated, accepted, closed, not rated, with tasks and awkward words."""
    manager = cast.manager
    with tenant(acme):
        rated = a_rated(manager, cast.employee, statement="=cmd|'/c calc'!A1", cause="Line one\nLine two, with “quotes”")
        task = add_task(rated, actor=manager, title="Either | or", owner=person_of(cast.reviewer), due_on=soon(acme))
        add_task(rated, actor=manager, title="Another", owner=person_of(cast.reviewer), due_on=soon(acme, 9))
        finish_task(task, actor=manager, outcome="Done\nin two lines")
        accept(a_rated(manager, cast.employee, category="fraud"), actor=cast.executive, reason="x", until=soon(acme))
        close(a_rated(manager, cast.employee, category="vendor"), actor=manager, reason="Gone.")
        a_risk(manager, cast.reviewer, category="people", review_days=30)
        yield list(table_of())


def written(rows, kind="csv"):
    cells = [[guarded(cell) for cell in row] for row in rows] if kind == "csv" else rows
    made = FORMATS[kind].write(list(COLUMNS.values()), cells, (), ())
    with made.file as file:
        return SimpleUploadedFile(f"risks.{kind}", file.read())


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_goes_out_comes_in_elsewhere_as_it_was(register, globex, cast, kind):
    there = cast.of("globex", "manager")
    rows = [[cell.replace("@acme.example", "@globex.example") for cell in row] for row in register]
    with tenant(globex):
        stored = receive(actor=there, upload=written(rows, kind))
        plan = preview(stored)
        assert [line.errors for line in plan.wrong] == []
        import_risks(stored, actor=there, stamp=plan.stamp())
        found = list(table_of())
    names = list(COLUMNS)
    left_behind = {"status", "accepted"}  # nobody accepts a risk by a file
    for before, after in zip(rows, found, strict=True):
        differing = {name for name, old, new in zip(names, before, after, strict=True) if old != new}
        assert differing <= left_behind, dict(zip(names, after, strict=True))


def test_the_same_file_changes_nothing_here(register, cast):
    stored = receive(actor=cast.manager, upload=written(register))
    plan = preview(stored)
    assert (len(plan.new), len(plan.changes), len(plan.same), len(plan.wrong)) == (0, 0, 4, 0)
    with pytest.raises(ActionRefused, match="here already"):
        import_risks(stored, actor=cast.manager)


def test_what_differs_is_changed_by_the_actions_of_the_product(register, cast, acme):
    names = list(COLUMNS)
    row = register[0]
    row[names.index("residual_likelihood")] = "3"
    row[names.index("statement")] = "Other words"
    row[names.index("tasks")] += f"\nThird | {cast.reviewer.email} | {soon(acme, 3)} | Open"
    stored = receive(actor=cast.manager, upload=written(register))
    plan = preview(stored)
    assert [one.words for one in plan.changes] == [["What could happen", "Rating", "Tasks"]]
    stamp = plan.stamp()
    edit_risk(Risk.objects.get(reference=row[0]), actor=cast.manager, statement="Somebody else was faster", category="people")
    with pytest.raises(ActionRefused, match="has changed since this preview"):
        import_risks(stored, actor=cast.manager, stamp=stamp)
    import_risks(stored, actor=cast.manager)
    risk = Risk.objects.get(reference=row[0])
    assert (risk.statement, risk.residual_score, risk.ratings.count()) == ("Other words", 15, 2)
    assert RiskTask.objects.filter(risk=risk).count() == 3


def test_rows_that_are_wrong_say_why(acme, cast):
    rows = [
        [
            "What could happen",
            "Category",
            "With",
            "Inherent likelihood",
            "Inherent impact",
            "Why it is rated so",
            "Treatment",
            "Tasks",
        ],
        ["Fire", "Weather", "nobody@acme.example", "", "", "", "", ""],
        ["Fire", "Fraud", "nobody@acme.example", "", "", "", "", ""],
        ["Fire", "Fraud", cast.employee.email, "9", "1", "x", "", ""],
        ["Fire", "Fraud", cast.employee.email, "3", "", "x", "", ""],
        ["Fire", "Fraud", cast.employee.email, "3", "3", "", "", ""],
        ["Fire", "Fraud", cast.employee.email, "", "", "", "Avoid", ""],
        ["Fire", "Fraud", cast.employee.email, "", "", "", "", "Only words"],
        ["Fire", "Fraud", cast.employee.email, "3", "4", "It burns.", "", ""],
    ]
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    with tenant(acme):
        stored = receive(actor=cast.manager, upload=SimpleUploadedFile("risks.csv", file.getvalue().encode()))
        plan = preview(stored)
        told = [" ".join(line.errors) for line in plan.wrong]
        for words, why in zip(told, WHY, strict=True):
            assert why in words
        with pytest.raises(ActionRefused, match="Some rows are wrong"):
            import_risks(stored, actor=cast.manager)
        import_risks(stored, actor=cast.manager, leave_out_wrong=True)
        risk = Risk.objects.get()
        assert (risk.reference, risk.residual_score) == (f"RISK-{acme.today().year}-0001", 12)
        raise_risk(actor=cast.manager, statement="Next", category="fraud", owner=Person.objects.all()[0])
        assert Risk.objects.filter(reference__endswith="-0002").exists()


def test_the_pages_bring_a_register_in_and_out(acme, cast, client_of):
    client = client_of(cast.manager)
    sample = client.get(f"{AREA}import/sample/").content.decode().replace(cast.manager.email, cast.employee.email, 1)
    answer = client.post(f"{AREA}import/", {"file": SimpleUploadedFile("risks.csv", sample.encode())})
    assert answer.status_code == 303
    page = client.get(answer["Location"])
    assert "Our hosting provider is down for a day" in page.content.decode()
    assert client.post(answer["Location"], {"stamp": page.context["form"].initial["stamp"]}).status_code == 303
    out = client.get(f"{AREA}export/xlsx/")
    assert (out.status_code, out["X-Table-Rows"]) == (200, "2")
    assert b"".join(out.streaming_content).startswith(b"PK")
    assert client_of(cast.auditor).get(f"{AREA}import/").status_code == 403
    assert client.get(f"{AREA}import/sample/").status_code == 200
