"""Larkfield on call: what is watched, the failover of the database that took 47 minutes, backups that fell silent, a restore
that took too long, a load test that passed, scans with three vulnerabilities past due, a penetration test, and documents that are
validated."""

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from controls.models import Control
from example.dates import Calendar
from example.living import watch_itself
from example.programme import silent_since
from example.roster import DOMAIN
from example.storage import list_storage
from incidents.lifecycle.actions import acknowledge, assign, close, contain, resolve, set_severity
from incidents.models import Incident, IncidentReview, IncidentTask
from incidents.oncall.actions import create_schedule
from incidents.oncall.policies import create_policy, put_step
from incidents.reviewing.actions import approve_review, begin_review, submit_review, write_review
from incidents.timeline.actions import write
from incidents.todo.actions import add_task
from inventory.models import Person, System
from monitoring.checking.outages import tell_outages
from monitoring.checking.recording import Kept, keep
from monitoring.defining.actions import create_check
from monitoring.load.actions import record_load_test
from monitoring.models import Check
from monitoring.probing.target import Found
from monitoring.recovery.actions import record_review, record_test
from processing.models import ProcessingSchema
from processing.records.actions import record_outcomes
from processing.schemas.actions import add_starters
from tenancy.models import Organization
from tenancy.scope import now
from ui.values import exact
from vulnerabilities.penetration.actions import add_finding, plan_test, report_test
from vulnerabilities.scanning.importing import receive, report_of
from vulnerabilities.scanning.keeping import keep_scan
from vulnerabilities.scanning.stated import Stated
from vulnerabilities.scopes.actions import create_scope

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
DATABASE, APPLICATION, BACKUP = "Production database", "Invoicing application", "Nightly backup"
ON_CALL = ("tomas.ferreira", "priya.nair", "ravi.menon", "yuki.tanaka")
LASTED = 47 * MINUTE
# Package, version, and whether the second scan still has it: three do, past their 30 days.
_PACKAGES = (
    ("jackson-databind", "2.13.1", "HIGH", True),
    ("netty-codec-http", "4.1.90", "HIGH", True),
    ("openssl", "3.0.11", "HIGH", True),
    ("curl", "7.88.1", "MEDIUM", True),
    ("libexpat", "2.5.0", "HIGH", False),
)
_REPORT = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
"""


def watch_and_respond(calendar: Calendar, members: Mapping[str, Member], *, organization: Organization, manager: Member) -> None:
    """All of it, as its people would have done it; of what lies in the past only what a person or a check asserts."""
    staff = {email.removesuffix(f"@{DOMAIN}"): member for email, member in members.items()}
    _put_on_call(calendar, staff, manager)
    _watch(calendar, manager)
    watch_itself(staff["grace.bauer"], manager)
    tell_outages(organization)
    _restore(calendar, staff["grace.bauer"])
    _load(calendar, staff["grace.bauer"])
    _fail_over(calendar, staff, manager)
    _miss_backups(staff, manager)
    _scan(calendar, manager)
    list_storage(manager)
    _let_attack(calendar, manager)
    _validate(manager)


def _put_on_call(calendar: Calendar, staff: Mapping[str, Member], manager: Member) -> None:
    create_schedule(
        actor=manager,
        name="Platform",
        fallback=manager,
        members=[staff[name] for name in ON_CALL],
        is_default=True,
        zone=str(calendar.zone),
        every=1,
        unit="week",
        starts_on=calendar.today - dt.timedelta(days=calendar.today.weekday()),
        hands_over_at=dt.time(9),
    )
    policy = create_policy(actor=manager, name="Critical and high", severities=["critical", "high"], kinds=[], repeats=2)
    put_step(policy, actor=manager, targets=["on_call"], minutes=15)
    put_step(policy, actor=manager, targets=["team"], minutes=30)


def _watch(calendar: Calendar, manager: Member) -> None:
    """What calls in hour by hour and a backup night by night, since the quarter began. A check's past is what it was sent."""
    began = _began(calendar)
    first = began.astimezone(dt.UTC)  # a sum in local time would gain an hour when the clocks change
    system = System.objects.get(name="Production PostgreSQL")
    database = _check(manager, DATABASE, began, kind="heartbeat", interval=3600, timeout=1800, system=system)
    application = _check(manager, APPLICATION, began, kind="heartbeat", interval=3600, timeout=1800)
    backup = _check(manager, BACKUP, began, kind="heartbeat", interval=86_400, timeout=21_600, failures=1)
    failed = failover(calendar)
    results = []
    for check, usual in ((database, 12), (application, 180)):
        story = [first + number * HOUR for number in range(int((now() - first) / HOUR) + 1)]
        around = [failed, failed + 5 * MINUTE, failed + LASTED]
        moments = sorted({*around, *(at for at in story if not failed - 50 * MINUTE < at < failed + LASTED)})
        results += [_seen(check, at, usual + at.hour * 7 % 40, bad=failed <= at < failed + LASTED) for at in moments]
    results += [_seen(backup, night, None) for night in _nights(calendar, began)]
    keep(results)
    silent = _nights(calendar, began)[-1] + 30 * HOUR
    for days in range(max((now() - silent).days, 0) + 1):
        at = silent + days * DAY
        keep([Kept(backup.pk, at, at, Found("down", f"No call since {exact(silent - 30 * HOUR)}."))])
    Check.objects.filter(pk=backup.pk).update(called_at=silent - 30 * HOUR)  # who runs the checks finds its silence, and goes on


def _check(manager: Member, name: str, began: dt.datetime, **facts: Any) -> Check:
    made = create_check(actor=manager, name=name, **facts)
    Check.objects.filter(pk=made.pk).update(made_at=began)
    return made


def _began(calendar: Calendar) -> dt.datetime:
    return dt.datetime.combine(calendar.fourth.first, dt.time(), calendar.zone)


def _seen(check: Check, at: dt.datetime, milliseconds: int | None, *, bad: bool = False) -> Kept:
    """While the database is down, the application answers slowly with what it remembers."""
    if not bad:
        return Kept(check.pk, at, at, Found("healthy", duration_ms=milliseconds))
    is_database = check.name == DATABASE
    found = Found("down", "Too many connections.") if is_database else Found("degraded", "Slow.", duration_ms=8_400)
    return Kept(check.pk, at, at, found)


def _nights(calendar: Calendar, began: dt.datetime) -> list[dt.datetime]:
    days = max((silent_since(calendar) - calendar.fourth.first).days, 1)
    return [began + number * DAY + 3 * HOUR for number in range(days)]


def failover(calendar: Calendar) -> dt.datetime:
    """When the database failed over: on the fifteenth of October, or some days ago while that has not come."""
    day = min(calendar.fourth.day(14), calendar.today - 10 * DAY)
    return dt.datetime.combine(day, dt.time(15, 12), calendar.zone)


def _fail_over(calendar: Calendar, staff: Mapping[str, Member], manager: Member) -> None:
    """The incident that the check opened: from the first line to lessons learned."""
    began, lead = failover(calendar), staff["tomas.ferreira"]
    incident = Incident.objects.get(title=f"{DATABASE} is down")
    set_severity(incident, actor=manager, severity="high", reason="Customers could neither see nor pay invoices.")
    assign(incident, actor=manager, assigned_to=lead)
    acknowledge(incident, actor=lead, at=began + 9 * MINUTE)
    for minutes, kind, text in (
        (9, "action", "Connections are at their limit of 400; the primary holds its lock and does not give it up."),
        (16, "communication", "Status page: invoices cannot be opened, we are on it."),
        (24, "decision", "Promote the replica by hand: waiting costs more than the seconds of writes we may lose."),
        (38, "action", "The replica is promoted, the application points to it."),
        (52, "communication", "Status page: solved at 15:59. No invoice was lost."),
    ):
        write(incident, kind=kind, text=text, actor=lead, at=began + minutes * MINUTE)
    contain(incident, actor=lead, at=began + 38 * MINUTE, note="Traffic goes to the replica.")
    cause = "A job that never closed its connections used all 400; the primary could not release its lock to fail over."
    resolve(incident, actor=lead, resolution="The replica was promoted by hand.", root_cause=cause, at=began + LASTED)
    _learn(incident, calendar, staff, manager)


def _learn(incident: Incident, calendar: Calendar, staff: Mapping[str, Member], manager: Member) -> None:
    lead = staff["tomas.ferreira"]
    preventive = IncidentTask.Kind.PREVENTIVE
    for title, days in (("Alert at 80 % of the connections", 10), ("Rehearse the fail-over every quarter", 30)):
        add_task(incident, actor=manager, title=title, owner=lead, due_on=calendar.today + days * DAY, kind=preventive)
    review = begin_review(incident, actor=lead)
    write_review(
        review,
        actor=lead,
        controls=list(Control.objects.filter(code="BCP-003")),
        summary="The database did not fail over by itself when it ran out of connections. It took 47 minutes to do it by hand.",
        root_cause=incident.root_cause,
        went_well="The alarm reached the person on call within a minute. Nothing was lost.",
        went_badly="Nobody had promoted a replica before: finding the steps took 14 minutes.",
        control_failed="yes",
        control_note="The fail-over had not been rehearsed in the quarter.",
        commitment_missed="no",
        disclose="yes",
        disclose_note="On one day invoices could not be opened for 47 minutes; no data was lost.",
    )
    submit_review(review, actor=lead)
    submitted = IncidentReview.objects.get(pk=review.pk)
    approve_review(submitted, actor=staff["nora.fischer"], content_hash=submitted.content_hash)
    close(Incident.objects.get(pk=incident.pk), actor=manager)


def _miss_backups(staff: Mapping[str, Member], manager: Member) -> None:
    """Backups are silent: somebody is on it, and it is not over."""
    incident = Incident.objects.get(title=f"{BACKUP} is down")
    assign(incident, actor=manager, assigned_to=staff["yuki.tanaka"], reason="The agent was moved in October.")
    acknowledge(incident, actor=staff["yuki.tanaka"])


def _restore(calendar: Calendar, lead: Member) -> None:
    """Restoring the database took 5 hours and 10 minutes against 4; capacity is enough."""
    tested_on = calendar.third.day(70)
    log = SimpleUploadedFile("restore.txt", b"09:02 restore begun\n14:12 application answers, 10 invoices compared\n")
    record_test(
        actor=lead,
        uploads=[log],
        kind="restore",
        what="The invoices database",
        system=System.objects.get(name="Production PostgreSQL"),
        tested_on=tested_on,
        works=True,
        rto_target_minutes=240,
        rto_minutes=310,
        rpo_target_minutes=60,
        rpo_minutes=12,
        notes="Copying the archive took three hours: the next test restores from the same region.",
    )
    sheet = SimpleUploadedFile("capacity.csv", b"measure,peak,limit\nprocessor,61 %,80 %\nstorage,410 GB,800 GB\n")
    record_review(
        actor=lead,
        uploads=[sheet],
        quarter_starts_on=calendar.third.first,
        reviewed_on=calendar.third.last,
        findings="Processor peaks at 61 %, storage grows by 18 GB a month.",
        measures="",
        enough=True,
    )


def _load(calendar: Calendar, lead: Member) -> None:
    """The release before the autumn invoices was tested under load, and passed."""
    report = SimpleUploadedFile("load.csv", b"minute,requests per second,95th percentile,errors\n30,1240,410 ms,0.08 %\n")
    record_load_test(
        actor=lead,
        uploads=[report],
        before="Invoicing 7.0, the autumn release",
        system=System.objects.get(name="AWS production"),
        tested_on=calendar.third.day(75),
        unit="requests per second",
        load_aimed=1_200,
        load_reached=1_240,
        answer_limit_ms=500,
        answer_ms=410,
        errors_allowed=Decimal("0.50"),
        errors_seen=Decimal("0.08"),
        notes="The database answers evenly up to 1,240 requests per second; above that its connections are the limit.",
    )


def _scan(calendar: Calendar, manager: Member) -> None:
    """Two scans of the image: what the second no longer has is fixed; three of high severity are past their 30 days."""
    owner = Person.objects.get(email=f"tomas.ferreira@{DOMAIN}")
    scope = create_scope(
        actor=manager, name="Invoicing image", tool="trivy", target="registry.larkfield.example/app", owner=owner
    )
    first, second = now() - 42 * DAY, now() - 3 * DAY
    for at, packages in ((first, _PACKAGES), (second, [one for one in _PACKAGES if one[3]])):
        content = json.dumps(_trivy(at, packages)).encode()
        stored = receive(scope, actor=manager, upload=SimpleUploadedFile(f"trivy-{at:%Y-%m-%d}.json", content))
        keep_scan(scope, report_of(stored, scope), stored, stated=Stated(), actor=manager)


def _trivy(at: dt.datetime, packages: Any) -> dict[str, Any]:
    listed = [{"ID": f"{name}@{version}", "Name": name, "Version": version} for name, version, _, _ in _PACKAGES]
    found = [
        {
            "VulnerabilityID": f"CVE-{at.year - 1}-{4100 + number}",
            "PkgName": name,
            "InstalledVersion": version,
            "Severity": severity,
            "Title": f"{name}: made up for the example",
        }
        for number, (name, version, severity, _) in enumerate(packages)
    ]
    result = {"Target": "registry.larkfield.example/app (debian 12.5)", "Class": "os-pkgs", "Type": "debian", "Packages": listed}
    return {
        "SchemaVersion": 2,
        "Trivy": {"Version": "0.69.1"},
        "CreatedAt": at.isoformat(),
        "ArtifactName": "registry.larkfield.example/app:2026.10",
        "ArtifactType": "container_image",
        "Results": [{**result, "Vulnerabilities": found}],
    }


def _let_attack(calendar: Calendar, manager: Member) -> None:
    """The year's penetration test, and what it found."""
    first = calendar.third.day(20)
    test = plan_test(
        actor=manager,
        title="Invoicing application and API",
        firm="Northgate Security",
        starts_on=first,
        ends_on=first + 9 * DAY,
        scope="Web application, public API, and what a signed-in customer reaches. Without social engineering.",
        every_days=365,
    )
    report = SimpleUploadedFile("northgate-report.pdf", _REPORT, content_type="application/pdf")
    report_test(test, actor=manager, file=report, reported_on=first + 20 * DAY, summary="No way into other customers' data.")
    owner = Person.objects.get(email=f"ravi.menon@{DOMAIN}")
    add_finding(test, actor=manager, title="Sessions stay valid after the password was changed", severity="low", owner=owner)


def _validate(manager: Member) -> None:
    """The assistant's tool calls of a day: one asks for a tool with a name that is none."""
    add_starters(actor=manager)
    schema, moment = ProcessingSchema.objects.get(key="tool_call"), now()
    items = []
    for number in range(240):
        call = {"id": f"call-{number}", "tool": "invoice_search", "arguments": {"query": f"open invoices {number}"}}
        if number % 80 == 79:
            call["tool"] = "invoice search; drop"
        at = moment - number * 6 * MINUTE
        timed = {"duration_ms": 40 + number * 37 % 300, "occurred_at": at.isoformat()}
        items.append({"operation": "assistant.tool", "input": call, "output": {"call": call["id"], "status": "ok"}, **timed})
    record_outcomes(schema, items, actor=manager)
