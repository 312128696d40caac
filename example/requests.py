"""What Larkfield's external auditor asks for: her list of 24, brought in as a file, and one more that she asked for here.

10 are accepted, 4 wait for her, 2 are returned, 4 are in progress, 4 are only asked for (2 of them are with nobody), and 1 was
withdrawn as it was asked twice. 3 are overdue: the returned ones, and the approval of the policy that is past its review.
"""

import csv
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from controls.models import AuditPeriod, AuditRequest, ControlEvidence
from controls.requests.actions import comment, raise_request, withdraw
from controls.requests.giving import Given, accept, give_back, start, submit, supply
from controls.requests.importing import import_requests, receive
from evidence.models import Evidence, Population, Sample
from evidence.populations.actions import begin_freezing, freeze
from evidence.sampling.actions import draw_sample
from example.dates import Calendar
from example.roster import DOMAIN

AUDITOR = "ruth.adler@hollis-audit.example"
SEED = "Hollis 4417"
HEADER = ("PBC #", "Item requested", "Details", "Section", "Control ID", "TSC", "Needed by", "Client contact", "Sample size")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of her list, and what became of it by today; due in days from today."""

    title: str
    control: str
    due: int
    contact: str
    state: str = "requested"
    details: str = ""
    said: str = ""
    sample: str = ""


SECTIONS: Mapping[str, tuple[_Row, ...]] = {
    "A. Governance and risk": (
        _Row("Code of conduct, with the acknowledgements of the year", "GOV-001", -14, "judith.klein", "returned",
             said="Four people have not acknowledged it. Please add them, or say what was done about it."),
        _Row("Minutes of the adviser's two meetings", "GOV-002", -14, "helen.marsh", "accepted"),
        _Row("Description of roles, and the evaluations of the year", "GOV-003", -10, "judith.klein", "accepted"),
        _Row("Risk assessment of the year", "RSK-001", -10, "samuel.price", "accepted", "With fraud and vendors."),
        _Row("Follow-up of the risk register, all quarters", "RSK-002", 7, "samuel.price", "in_progress"),
        _Row("Approval of the security policy by the management", "GOV-004", -1, "samuel.price"),
    ),
    "B. Access": (
        _Row("Everybody who left in the third quarter", "AC-004", -14, "judith.klein", "population",
             "From the HR system, with the last working day of each. We draw a sample from it.", sample="2"),
        _Row("Removal of access for the sample of leavers", "AC-004", -3, "grace.bauer", "submitted",
             "Ticket and log of each, with time."),
        _Row("Report of the access review of the third quarter", "AC-005", -14, "samuel.price", "accepted",
             "With its population and sign-off."),
        _Row("Settings that enforce multi-factor authentication", "AC-002", -10, "grace.bauer", "accepted"),
        _Row("Privileged and shared accounts, as confirmed each month", "AC-006", -3, "grace.bauer", "submitted"),
        _Row("Rotation of secrets, two quarters of your choice", "AC-007", 7, "tomas.ferreira", "in_progress", sample="2"),
        _Row("Contractors whose access ended", "AC-010", 10, "grace.bauer"),
    ),
    "C. Operations and change": (
        _Row("Reports of vulnerability scans, four weeks of our choice", "VUL-001", -2, "anita.desai", "returned", sample="4",
             said="The weeks of the summer are not in it."),
        _Row("Patching of October and November", "VUL-003", -7, "tomas.ferreira", "accepted"),
        _Row("Report of the penetration test, with what was done about it", "VUL-002", -7, "anita.desai", "accepted"),
        _Row("Alerts of two weeks, with what was found", "MON-004", -1, "tomas.ferreira", "submitted", sample="2"),
        _Row("Rules of the branches: who may merge what", "CHG-002", -7, "anita.desai", "accepted"),
        _Row("All deployments of October", "CHG-004", 12, "the release team",
             details="With the change each of them belongs to. We draw a sample from it.", sample="25"),
    ),
    "D. Availability and continuity": (
        _Row("Results of the backups, all days of October", "BCP-002", 5, "tomas.ferreira", "in_progress",
             said="We see no results after 22 October. Is the source down?"),
        _Row("Last test of a restore, with the time it took", "BCP-003", -7, "tomas.ferreira", "accepted"),
        _Row("Continuity plan, and its review", "BCP-001", -3, "tomas.ferreira", "submitted"),
        _Row("Capacity plan of the third quarter", "AVL-001", 7, "tomas.ferreira", "in_progress"),
        _Row("Plan for continuity", "BCP-001", 7, "", "withdrawn"),
    ),
}  # fmt: skip


def ask(calendar: Calendar, period: AuditPeriod, members: Mapping[str, Member], *, manager: Member) -> None:
    """Bring her list in, give people what is theirs, and let it go as far as it is by today."""
    auditor = members[AUDITOR]
    stored = receive(actor=manager, upload=SimpleUploadedFile("hollis-request-list.csv", _file(calendar)), period=period)
    import_requests(stored, actor=manager, period=period)
    rows = [row for section in SECTIONS.values() for row in section]
    population, sample = _leavers(calendar, auditor, manager)
    for number, row in enumerate(rows, 1):
        request = AuditRequest.objects.get(period=period, reference=f"PBC-{number}")
        who = members.get(f"{row.contact}@{DOMAIN}", manager)
        match row.state:
            case "requested":
                continue
            case "withdrawn":
                withdraw(request, actor=auditor, reason="It is the same as PBC-22.")
            case "in_progress":
                start(request, actor=manager)
                supply(request, actor=manager, given=_proven(row.control, 1))
            case "population":
                submit(
                    request, actor=who, given=Given(populations=[population], samples=[sample]), statement="Drawn by your seed."
                )
                accept(request, actor=auditor, note="Two of them are in the sample.")
            case _:
                submit(request, actor=who, given=_proven(row.control, 2), statement=f"As agreed: {row.title.lower()}.")
                _judge(request, row, auditor)
        if row.said and row.state == "in_progress":
            comment(request, actor=auditor, text=row.said)
            comment(request, actor=manager, text="It is: finding and tickets are linked at the control. We are on it.")
    raise_request(
        actor=auditor,
        title="How the owner of the backups learnt that their source is silent",
        description="A follow-up of PBC-20.",
        reference="PBC-25",
        category="D. Availability and continuity",
        period=period,
        requested_by="Ruth Adler",
        due_on=calendar.today + dt.timedelta(days=9),
    )


def _file(calendar: Calendar) -> bytes:
    """Her list as she sends it: sections as headings, the contact by e-mail or as people call a team."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    number = 0
    for section, rows in SECTIONS.items():
        writer.writerow(["", section, *[""] * (len(HEADER) - 2)])
        for row in rows:
            number += 1
            contact = f"{row.contact}@{DOMAIN}" if "." in row.contact else row.contact
            due = (calendar.today + dt.timedelta(days=row.due)).isoformat()
            writer.writerow([f"PBC-{number}", row.title, row.details, "", row.control, "", due, contact, row.sample])
    return out.getvalue().encode()


def _leavers(calendar: Calendar, auditor: Member, manager: Member) -> tuple[Population, Sample]:
    population = freeze(begin_freezing("leavers", calendar.third.first, calendar.third.last, actor=manager))
    size = min(2, population.row_count)
    return population, draw_sample(population, actor=manager, seed=SEED, seed_from=auditor.name, size=size)


def _judge(request: AuditRequest, row: _Row, auditor: Member) -> None:
    if row.state == "accepted":
        accept(request, actor=auditor)
    elif row.state == "returned":
        give_back(request, actor=auditor, reason=row.said)


def _proven(code: str, most: int) -> Given:
    """The latest evidence of a control."""
    linked = ControlEvidence.objects.filter(control__code=code, status=ControlEvidence.Status.LINKED)
    current = Evidence.objects.filter(pk__in=list(linked.values_list("evidence", flat=True)), status=Evidence.Status.CURRENT)
    return Given(evidence=list(current.order_by("-collected_at")[:most]))
