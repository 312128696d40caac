"""A file that comes in over a register changes what it says and nothing else, and reads no rating as what it does not mean."""

import csv
import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inventory.people.actions import create_person, mark_left
from risks.models import Risk, RiskTask
from risks.register.actions import edit_risk
from risks.register.treating import accept
from risks.scales.actions import change_scale
from risks.scales.standing import default_scale
from risks.transfer.importing import import_risks, preview, receive
from risks.transfer.reading import COLUMNS
from risks.transfer.views import table_of
from tenancy.scope import tenant
from tests.risks.making import a_rated
from tests.risks.test_register import soon
from tests.risks.test_scale import LEVELS, THREE, facts
from ui.refusals import ActionRefused


@pytest.fixture
def one(acme, cast):
    """Rated 4 x 5, with controls 2 x 5, and 1 x 5 as it shall be."""
    with tenant(acme):
        yield a_rated(cast.manager, cast.employee)


def row(risk, **said):
    """A row about a risk, with what every row says."""
    return {"reference": risk.reference, "statement": risk.statement, "category": "security", "owner": risk.owner.email, **said}


def received(actor, *rows):
    """A file with these rows, kept."""
    names = list(dict.fromkeys(name for each in rows for name in each))
    table = io.StringIO()
    writer = csv.DictWriter(table, names)
    writer.writerow({name: COLUMNS[name] for name in names})
    writer.writerows(rows)
    return receive(actor=actor, upload=SimpleUploadedFile("risks.csv", table.getvalue().encode()))


def test_what_a_file_does_not_say_of_a_rating_stays(one, cast, acme):
    accept(one, actor=cast.executive, reason="x", until=soon(acme))
    higher = {"inherent_likelihood": 5, "inherent_impact": 5, "reasoning": "It happens more often."}
    import_risks(received(cast.manager, row(one, **higher)), actor=cast.manager)
    now = Risk.objects.get()
    assert (now.inherent_score, now.residual_score, now.target_likelihood, now.target_impact) == (25, 10, 1, 5)
    assert (now.status, now.ratings.count()) == ("accepted", 2)
    with pytest.raises(ActionRefused, match="here already"):
        import_risks(received(cast.manager, row(one, inherent_likelihood=5)), actor=cast.manager)
    import_risks(received(cast.manager, row(one, reasoning="In other words.")), actor=cast.manager)
    now.refresh_from_db()
    assert (now.reasoning, now.residual_score, now.ratings.count()) == ("In other words.", 10, 3)
    (wrong,) = preview(received(cast.manager, row(one, residual_likelihood=1))).wrong
    assert wrong.errors == ["Why it is rated so is missing: a rating is explained."]


def test_a_rating_on_another_scale_is_not_read_on_the_one_in_force(one, cast):
    (said,) = [dict(zip(COLUMNS, cells, strict=True)) for cells in table_of()]
    change_scale(actor=cast.manager, **facts(default_scale(), likelihood=THREE, impact=THREE, levels=LEVELS))
    assert preview(received(cast.manager, said)).nothing
    (wrong,) = preview(received(cast.manager, said | {"reasoning": "A word is corrected."})).wrong
    assert "the steps of version 1 mean something else than those of version 2" in wrong.errors[0]
    import_risks(received(cast.manager, said | {"cause": "Habit."}), actor=cast.manager)
    now = Risk.objects.get()
    assert (now.cause, now.scale.number, now.ratings.count()) == ("Habit.", 1, 1)
    (wrong,) = preview(received(cast.manager, said | {"scale": 2, "residual_likelihood": ""})).wrong
    assert any("Choose one of the 3 steps" in error for error in wrong.errors)


def test_tasks_come_as_they_are_and_one_that_is_there_is_left(one, cast, acme):
    reviewer, day = cast.reviewer.email, soon(acme)
    lines = [
        f"Locks | {reviewer} | 2020-01-31 | Done | They were put on.",
        f"Keys | {reviewer} | 2020-02-29",
        f"Doors | {reviewer} | {day}",
    ]
    import_risks(received(cast.manager, row(one, tasks="\n".join(lines))), actor=cast.manager)
    there = {task.title: (task.status, task.due_on, task.outcome) for task in RiskTask.objects.all()}
    assert there == {
        "Locks": ("done", dt.date(2020, 1, 31), "They were put on."),
        "Keys": ("open", dt.date(2020, 2, 29), ""),
        "Doors": ("open", day, ""),
    }
    assert RiskTask.objects.get(title="Locks").ended_at is not None
    assert preview(received(cast.manager, row(one, tasks="\n".join(lines)))).noticed == []
    plan = preview(received(cast.manager, row(one, tasks=f"{lines[2]} | Done | Painted.")))
    assert plan.nothing
    assert plan.noticed[0].notices == ["The task “Doors” stands otherwise here, and is left as it is."]


def test_whoever_has_left_keeps_what_is_over_and_gets_nothing(one, cast, acme):
    lena = create_person(actor=cast.manager, name="Lena Left", email="lena@acme.example")
    mark_left(lena, actor=cast.manager, left_on=acme.today() - dt.timedelta(days=1))
    done, pending = "Locks | Lena Left | 2020-01-31 | Done | They were.", f"Keys | Lena Left | {soon(acme)}"
    assert preview(received(cast.manager, row(one, tasks=done))).wrong == []
    (wrong,) = preview(received(cast.manager, row(one, tasks=pending))).wrong
    assert wrong.errors == ["Nobody who works here is called Lena Left."]
    new = {"statement": "Fire", "category": "security", "owner": "lena@acme.example", "status": "Closed", "closed_reason": "Out."}
    import_risks(received(cast.manager, new), actor=cast.manager)
    assert Risk.objects.get(owner=lena).status == "closed"


def test_a_preview_is_of_what_it_showed(one, cast, acme):
    stored = received(cast.manager, row(one, cause="From the file."))
    stamp = preview(stored).stamp()
    edit_risk(one, actor=cast.employee, cause="Somebody was faster.")
    assert [draft.words for draft in preview(stored).changes] == [["Why it could happen"]]
    with pytest.raises(ActionRefused, match="has changed since this preview"):
        import_risks(stored, actor=cast.manager, stamp=stamp)
    accept(one, actor=cast.executive, reason="x", until=soon(acme))
    assert preview(stored).noticed[0].notices == ["It is accepted here: its acceptance ends with this."]
    import_risks(stored, actor=cast.manager)
    now = Risk.objects.get()
    assert (now.cause, now.status) == ("From the file.", "open")


@pytest.mark.parametrize(
    ("tasks", "why"),
    [
        ("\n".join(f"Task {number} | x | 2030-01-31" for number in range(501)), "has more than 500 tasks"),
        (f"{'x' * 301} | x | 2030-01-31", "A task has at most 300 characters"),
        (f"Task | x | 2030-01-31 | Done | {'x' * 5001}", "what came of it 5,000"),
    ],
)
def test_tasks_of_a_row_are_bounded(one, cast, tasks, why):
    (wrong,) = preview(received(cast.manager, row(one, tasks=tasks))).wrong
    assert why in wrong.errors[0]
