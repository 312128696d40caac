"""Violations and exceptions go out and come in again without loss: as history, never as what was decided here."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from audit.models import AuditEvent
from controls.sheets.importing import import_rows
from inventory.models import Person
from policies.exceptions.actions import approve_exception, ask_exception, end_exception, refuse_exception
from policies.exceptions.periodic import end_exceptions
from policies.exceptions.sheet import REGISTER as EXCEPTIONS
from policies.models import Policy, PolicyException, Violation
from policies.register.actions import create_policy
from policies.violations.actions import dismiss_violation, remedy_violation, report_violation
from policies.violations.sheet import REGISTER as VIOLATIONS
from policies.violations.watching import watch_own_rules
from privacy.subjects.naming import take_names_out
from tenancy.scope import now, tenant
from tests.cast import signed_in
from tests.policies.making import asked, in_force
from tests.reviews.world import changed, person, person_of
from tests.sheets import FORMS, as_it_was, brought, taken_in, taken_out, written
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("db")
PAGES = "/o/acme/policies/"
DAY = dt.timedelta(days=1)
FIRST = "Policy,For's e-mail,What is not kept to,Why,What makes up for it,What could happen"
ASKED = f"{FIRST},Severity,Until,State,Asked,Decided by,Decided"


def everybody(*names: str) -> None:
    """People of whom the file speaks."""
    for name in names:
        person(name)


@pytest.fixture
def theirs(globex) -> Member:
    return Member.objects.get(user__email="manager@globex.example")


@pytest.fixture
def violations(acme, manager, approver) -> None:
    """Of a person, of a rule that saw it twice, of Plumbline itself; put right, dismissed, and open."""
    with tenant(acme):
        policy = in_force(manager, approver)
        ada, ben = person("Ada"), person("Ben")
        facts: dict[str, Any] = {
            "resource": "Payroll; = mail",
            "policy": policy,
            "person": ada,
            "owner": ben,
            "description": "Two\nlines",
        }
        one = report_violation(actor=manager, title="A shared account", severity="high", **facts)
        remedy_violation(one, actor=manager, outcome='Each has an "own" one.')
        for _ in range(2):
            report_violation(actor=manager, title="Old cipher", resource="Web shop", reported_as="Scanner", rule="tls-1")
        none = report_violation(actor=manager, title="=A mistake", resource="Nowhere", detected_at=now() - 3 * DAY)
        dismiss_violation(none, actor=approver if approver.can("violations.write") else manager, reason="It was none.")


@pytest.mark.parametrize("kind", FORMS)
def test_violations_come_back_as_they_went(violations, acme, manager, theirs, kind):
    data = taken_out(manager, f"{PAGES}violations/", kind)
    with tenant(acme):
        before = written(VIOLATIONS)
        as_it_was(VIOLATIONS, manager, data, f"list.{kind}")
    with tenant(theirs.organization):
        everybody("Ada", "Ben")
        create_policy(actor=theirs, title="Access control")
        taken_in(VIOLATIONS, theirs, data, f"list.{kind}")
        assert written(VIOLATIONS) == before
        as_it_was(VIOLATIONS, theirs, data, f"list.{kind}")
        assert all(one.brought_by_id == theirs.pk and one.origin for one in Violation.objects.select_related("brought_by__user"))
        assert AuditEvent.objects.filter(verb="violation.bring").count() == 3
        again = report_violation(actor=theirs, title="Old cipher", resource="Web shop", reported_as="Scanner", rule="tls-1")
        assert again.refreshed().times_seen == 3
        new = report_violation(actor=theirs, title="Another", resource="Elsewhere")
        assert new.reference not in {row[0] for row in before}


def test_what_plumbline_found_elsewhere_is_what_another_system_found_here(acme, manager, globex, theirs, employee):
    with tenant(acme):
        watch_own_rules(acme, now() + 2 * DAY)
        found = Violation.objects.filter(detected="system").exclude(person=None)
        known = set(found.values_list("person__name", "person__email"))
        assert known
    data = taken_out(manager, f"{PAGES}violations/", "csv")
    with tenant(acme):
        as_it_was(VIOLATIONS, manager, data)
    with tenant(globex):
        for name, email in known:
            changed(person(name), email=email, email_key=email.lower())
        create_policy(actor=theirs, title="Access control")
        taken_in(VIOLATIONS, theirs, data)
        one = Violation.objects.exclude(brought_at=None)[0]
        assert (one.detected, one.reported_as, one.fingerprint, one.found_by) == ("rule", "Plumbline", "", "Plumbline")
        as_it_was(VIOLATIONS, theirs, data)
        watch_own_rules(globex, now())
        assert one.refreshed().status == "open"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("A,,Mail,Low,A person,,2026-01-12,2026-02-11,Remediated,,", "one that is over says when it ended"),
        ("A,,Mail,Low,A person,,2026-01-12,2026-02-11,Open,2026-01-13,Done", "one that is over says when it ended"),
        ("A,,Mail,Low,A person,,2026-01-12,2026-02-11,Dismissed,2026-01-11,No", "Ended: after it was found"),
        ("A,,Mail,Low,A rule of another system,,2026-01-12,2026-02-11,Open,,", "say which system"),
        ("A,Nothing,Mail,Low,A person,,2026-01-12,2026-02-11,Open,,", "Import the policies first"),
        ("A,,Mail,Awful,A person,,2026-01-12,2026-02-11,Open,,", "is none of"),
    ],
)
def test_violations_that_are_wrong_say_why(acme, manager, row, why):
    head = "What is wrong,Policy,Where,Severity,Found by,System,Found,Due,State,Ended,What was done"
    good = "B,,Mail,Low,A person,,2026-01-12,2026-02-11,Open,,"
    with tenant(acme):
        _, plan = brought(VIOLATIONS, manager, f"{head}\n{row}\n{good}\n{good}\n".encode())
        assert why in " ".join(plan.wrong[0].errors)
        assert "stands in row 3 already" in plan.wrong[1].errors[0]
        assert [one.line.name for one in plan.new] == ["B"]


def test_whoever_reported_one_elsewhere_is_erased_from_it(acme, manager):
    head = "What is wrong,Where,Severity,Found by,Reported by,Found,Due,State"
    with tenant(acme):
        taken_in(VIOLATIONS, manager, f"{head}\nA,Mail,Low,A person,Ada Lovelace,2026-01-12,2026-02-11,Open\n".encode())
        take_names_out({"Ada Lovelace"}, [], "Person 1", actor=manager)
        assert Violation.objects.get().found_by == "Person 1"


def test_a_file_changes_nothing_that_is_here(violations, acme, manager):
    data = taken_out(manager, f"{PAGES}violations/", "csv").replace(b"Old cipher", b"Old cipher").replace(b"tls-1", b"tls-2")
    with tenant(acme):
        _, plan = brought(VIOLATIONS, manager, data)
        assert [one.errors for one in plan.wrong] == [
            [f"{Violation.objects.get(rule='tls-1')} is here and says otherwise: Rule. A file changes nothing that is here."]
        ]


def test_a_number_that_is_anothers_here_is_drawn_anew(violations, acme, manager, globex, theirs):
    data = taken_out(manager, f"{PAGES}violations/", "csv")
    with tenant(globex):
        everybody("Ada", "Ben")
        create_policy(actor=theirs, title="Access control")
        mine = report_violation(actor=theirs, title="Mine", resource="Here")
        stored, plan = brought(VIOLATIONS, theirs, data)
        assert "it gets a new one" in plan.noticed[0].notices[0]
        import_rows(VIOLATIONS, stored, actor=theirs, stamp=plan.stamp())
        assert Violation.objects.get(title="Mine").reference == mine.reference
        assert Violation.objects.count() == 4


@pytest.fixture
def exceptions(acme, manager, approver, employee) -> Policy:
    """Asked for, refused, approved, ended early, and expired with its finding."""
    with tenant(acme):
        policy = in_force(manager, approver)
        texts = {"what": "Line one\nline two", "why": '"Old", phone', "compensating": "=None", "risk": "Theft"}
        for name in ("Ada", "Ben", "Cem", "Dua", "Eli"):
            person(name)
        made = {
            one.name: ask_exception(
                actor=manager, policy=policy, person=one, ends_on=acme.today() + 20 * DAY, severity="high", **texts
            )
            for one in Person.objects.filter(email__endswith="@people.example")
        }
        refuse_exception(made["Ada"], actor=approver, reason="There is another way.")
        approve_exception(made["Ben"], actor=approver, note="Until the phones come.")
        for name in ("Cem", "Dua"):
            approve_exception(made[name], actor=approver)
        end_exception(made["Cem"], actor=manager, reason="The phone came.")
        return policy


@pytest.mark.parametrize("kind", FORMS)
def test_exceptions_come_back_as_they_went(exceptions, acme, manager, theirs, kind):
    data = taken_out(manager, f"{PAGES}exceptions/", kind)
    with tenant(acme):
        before = written(EXCEPTIONS)
        as_it_was(EXCEPTIONS, manager, data, f"list.{kind}")
    with tenant(theirs.organization):
        everybody("Ada", "Ben", "Cem", "Dua", "Eli")
        create_policy(actor=theirs, title="Access control")
        taken_in(EXCEPTIONS, theirs, data, f"list.{kind}")
        assert written(EXCEPTIONS) == before
        as_it_was(EXCEPTIONS, theirs, data, f"list.{kind}")
        one = PolicyException.objects.select_related("brought_by__user").get(person__name="Ben")
        assert (one.decided_by, one.version, one.version_told) == (None, None, "1")
        assert one.who("decided_by").endswith("<approver@acme.example>")
        page = signed_in(theirs).get(f"/o/globex/policies/exceptions/{one.pk}/").content.decode()
        assert "What it says was not done here" in page
        assert "approver@acme.example" in page
    with tenant(theirs.organization):
        end_exceptions(theirs.organization, now() + 30 * DAY)
        assert one.refreshed().finding is not None


def row(one: str, state: str, by: str, decided: str = "2026-01-09", until: dt.date | None = None) -> str:
    return f"Access control,{one},A,B,C,D,Low,{until or '2026-12-31'},{state},2026-01-05,{by},{decided}"


def test_what_expired_elsewhere_comes_without_a_finding_of_here(acme, manager, approver):
    with tenant(acme):
        in_force(manager, approver)
        said = f"{row(person('Ada').email, 'Expired', 'The board', until=dt.date(2026, 1, 31))},2026-02-01,FND-2026-0007"
        taken_in(EXCEPTIONS, manager, f"{ASKED},Ended,Finding\n{said}\n".encode())
        kept = PolicyException.objects.get()
        assert (kept.status, kept.finding, kept.finding_told) == ("expired", None, "FND-2026-0007")
        end_exceptions(acme, now())
        address = kept.get_absolute_url()
    page = signed_in(manager).get(address).content.decode()
    assert "Recorded from elsewhere by" in page
    assert "Its last day has passed" not in page


def test_what_holds_is_brought_by_somebody_else_who_approves(acme, manager, approver, cast):
    with tenant(acme):
        in_force(manager, approver)
        until = acme.today() + 20 * DAY
        ada, mine = person("Ada").email, person_of(manager).email
        for who, line, why in (
            (cast.administrator, row(ada, "Approved", "The board", until=until), "somebody who approves policies"),
            (manager, row(mine, "Approved", "The board", until=until), "is for you"),
            (manager, row(ada, "Approved", f"Somebody <{manager.email}>", until=until), "was approved by you"),
        ):
            stored, plan = brought(EXCEPTIONS, who, f"{ASKED}\n{line}\n".encode())
            assert not plan.wrong
            with pytest.raises(ActionRefused, match=why):
                import_rows(EXCEPTIONS, stored, actor=who, stamp=plan.stamp())
        assert not PolicyException.objects.exists()


def test_exceptions_that_are_wrong_say_why(acme, manager, approver):
    with tenant(acme):
        in_force(manager, approver)
        ada, until = person("Ada").email, acme.today() + 20 * DAY
        rows = [
            row(ada, "Approved", "", until=until),
            row(ada, "Ended early", "The board", until=until),
            row(ada, "Approved", "The board", until=acme.today() - DAY),
            row(ada, "Refused", "The board", "2026-01-01"),
            row("nobody@people.example", "Approved", "The board"),
        ]
        for line, why in zip(
            rows, ["by whom", "on which day", "it is over", "then decided", "Nobody on the roster"], strict=True
        ):
            _, plan = brought(EXCEPTIONS, manager, f"{ASKED}\n{line}\n".encode())
            assert why in " ".join(plan.wrong[0].errors)


def test_the_samples_can_be_imported_by_their_pages(acme, manager, approver, employee):
    with tenant(acme):
        in_force(manager, approver)
        person("Ada Moreno")
        person("Ben Okafor")
        asked(Policy.objects.get(), employee)
    client = signed_in(manager)
    for area, model, count in (("violations", Violation, 2), ("exceptions", PolicyException, 2)):
        pages = f"{PAGES}{area}/"
        listed = client.get(pages).content.decode()
        assert f'href="{pages}import/"' in listed
        sample = client.get(f"{pages}import/sample/").content.replace(b"@company.example", b"@people.example")
        answer = client.post(f"{pages}import/", {"file": SimpleUploadedFile(f"{area}.csv", sample)})
        page = client.get(answer["Location"])
        assert client.post(answer["Location"], {"stamp": page.context["plan"].stamp()}).status_code == 303
        with tenant(acme):
            assert model.objects.count() == count
        for path in ("import/", "export/csv/"):
            assert signed_in(employee).get(f"{pages}{path}").status_code == 403
        assert "The whole register" not in signed_in(employee).get(pages).content.decode()
