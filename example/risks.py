"""Larkfield's register of risks, brought from a table as its workshop of the year before left it, with the assessment of that
day; and what has changed since: a rating that is higher, a risk accepted with an end, one that waits to be accepted, and one
that nobody has rated yet."""

import csv
import datetime as dt
import io
from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from controls.models import Control
from example.dates import Calendar
from example.roster import DOMAIN
from inventory.models import Person
from risks.assessing.actions import approve_assessment, begin_assessment, submit_assessment
from risks.models import STEPS, Risk, RiskTask
from risks.register.actions import raise_risk, rate_risk
from risks.register.treating import accept, close, treat
from risks.tasks.actions import add_task, finish_task
from risks.transfer.importing import import_risks, receive
from risks.transfer.reading import COLUMNS

DAY = dt.timedelta(days=1)
Row = tuple[str, str, str, tuple[int, ...], tuple[str, ...], str, str]
# What could happen, category, owner, steps (inherent, residual, target), controls, treatment and how.
_KNOWN: tuple[Row, ...] = (
    (
        "Somebody changes the bank account of a supplier and is paid in its place", "fraud", "samuel.price", (4, 4, 2, 4, 1, 4),
        ("AC-005", "AC-001"), "mitigate", "A change of bank details is called back by a second person before it is paid.",
    ),
    (
        "The payment provider fails for a day, and customers' invoices are not collected", "vendor", "priya.nair",
        (3, 4, 3, 3, 2, 3), ("VEN-001",), "mitigate", "A second provider stands by; switching to it is rehearsed.",
    ),
    (
        "A stolen session of an engineer is used to read production data", "security", "grace.bauer", (4, 5, 2, 5, 1, 5),
        ("AC-001", "AC-002"), "mitigate", "Sessions end after eight hours and are bound to managed devices.",
    ),
    (
        "The production database is lost and cannot be restored in the promised four hours", "availability", "tomas.ferreira",
        (3, 5, 2, 5, 1, 5), ("BCP-003", "BCP-001"), "mitigate", "Restores are tested every quarter against the promise.",
    ),
    (
        "Personal data of a customer's employees stays after the contract has ended", "privacy", "ravi.menon", (3, 3, 2, 3, 1, 3),
        (), "mitigate", "Deletion is started by the end of the contract and certified.",
    ),
    (
        "The two people who know the billing engine leave within a year", "people", "yuki.tanaka", (3, 4, 3, 3, 2, 3),
        (), "mitigate", "Each part has two who know it; what they know is written down.",
    ),
    (
        "A law on electronic invoices changes with little notice", "compliance", "samuel.price", (3, 3, 3, 2, 0, 0),
        (), "accept", "It is followed by a subscription; changing faster would cost more than a late month.",
    ),
    (
        "The office is closed for a week", "operational", "samuel.price", (2, 2, 1, 1, 0, 0),
        (), "avoid", "Nobody has to be in the office.",
    ),
)  # fmt: skip
_TEXTS = {
    "objectives": "Invoices are right and collected on time; nobody sees data who need not; four hours to recover.",
    "method": "A workshop of all leads, from the year's incidents, findings and reviews of vendors; rated on our scale.",
    "participants": "Helen Marsh, Grace Bauer, Samuel Price, Tomas Ferreira, Priya Nair.",
    "conclusion": "Fraud by changed bank details and the loss of the database are what we treat first.",
}


def know_risks(calendar: Calendar, members: Mapping[str, Member], *, manager: Member) -> None:
    """All of it, as its people would have done it; of what lies in the past only what a person asserts."""
    staff = {email.removesuffix(f"@{DOMAIN}"): member for email, member in members.items()}
    head = staff["helen.marsh"]
    day = calendar.third.day(20).replace(year=calendar.third.last.year - 1)
    risks = _bring(manager, day)
    _assess(manager, head, day)
    for risk, row in zip(risks, _KNOWN, strict=True):
        _rate(risk, manager, row[3], "Gone through again this year: as it was.")
    fraud, provider, _, database, _, people, law, office = risks
    accept(law, actor=head, reason="Nothing is lost but a month.", until=calendar.today + 200 * DAY)
    _follow(calendar, manager, fraud, database)
    _rate(provider, manager, (3, 4, 3, 4, 2, 3), "It failed twice this year; the second provider is not rehearsed yet.")
    treat(people, actor=manager, treatment="accept", plan="Hiring a third would cost more than what is at stake this year.")
    close(office, actor=manager, reason="The office was given up in spring.")
    owner = Person.objects.get(email=f"grace.bauer@{DOMAIN}")
    says = "An AI tool that writes code is given secrets, and keeps them"
    raise_risk(actor=manager, statement=says, category="technology", owner=owner, review_days=90)


def _bring(manager: Member, day: dt.date) -> list[Risk]:
    """The table of the workshop on `day`, imported; its risks in their order."""
    rows = [_cells(row, day) for row in _KNOWN]
    table = io.StringIO()
    written = csv.writer(table)
    written.writerow(COLUMNS[name] for name in rows[0])
    written.writerows(row.values() for row in rows)
    content = SimpleUploadedFile("Larkfield risks.csv", table.getvalue().encode())
    import_risks(receive(actor=manager, upload=content), actor=manager)
    return list(Risk.objects.select_related("owner", "scale").order_by("reference"))


def _cells(row: Row, day: dt.date) -> dict[str, str]:
    statement, category, owner, steps, codes, treatment, plan = row
    controls = Control.objects.filter(library_key__in=codes).values_list("code", flat=True)
    return {
        "statement": statement,
        "category": category,
        "owner": f"{owner}@{DOMAIN}",
        **{name: str(step or "") for name, step in zip(STEPS, steps, strict=True)},
        "reasoning": "As the workshop found: from what happened here and to others of our size.",
        "rated_on": day.isoformat(),
        "controls": "; ".join(controls),
        "treatment": treatment,
        "plan": plan,
    }


def _rate(risk: Risk, manager: Member, steps: tuple[int, ...], reasoning: str) -> None:
    rate_risk(risk, actor=manager, reasoning=reasoning, **dict(zip(STEPS, steps, strict=True)))


def _assess(manager: Member, head: Member, day: dt.date) -> None:
    """The year before, as of the day of its workshop."""
    assessment = begin_assessment(actor=manager, year=day.year, **_TEXTS)
    submit_assessment(assessment, actor=manager, as_of=day)
    approve_assessment(assessment, actor=head, content_hash=assessment.content_hash, note="Agreed. Rehearse the second provider.")


def _follow(calendar: Calendar, manager: Member, fraud: Risk, database: Risk) -> None:
    """Two tasks: one done, one that nobody has ended though its day is near."""
    people = {name: Person.objects.get(email=f"{name}@{DOMAIN}") for name in ("samuel.price", "tomas.ferreira")}
    called = "Call back each change of bank details of the last year"
    done: RiskTask = add_task(fraud, actor=manager, title=called, owner=people["samuel.price"], due_on=calendar.today)
    finish_task(done, actor=manager, outcome="All 14 were called back; each was the supplier's own.")
    restore = "Restore into the second region and time it"
    add_task(database, actor=manager, title=restore, owner=people["tomas.ferreira"], due_on=calendar.today + 12 * DAY)
