"""What a vendor has shown: kept as evidence, counted by its days, mapped to controls of ours."""

import datetime as dt
from typing import Any

import pytest

from audit.models import AuditEvent
from audit.record import record
from controls.models import AuditPeriod, Control, Finding, SubserviceOrganization
from evidence.models import Evidence
from inventory.models import Person
from tests.vendors.conftest import agree, paper, report
from tests.vendors.test_questionnaires import kept
from ui.refusals import ActionRefused
from vendors.assurance.assuring import assuring, good_answers
from vendors.assurance.reading import assurance_of
from vendors.assurance.windows import months_after
from vendors.documents import actions
from vendors.documents.describing import describe
from vendors.lifecycle.diligence import missing, raise_findings, suspects
from vendors.models import DocumentDuty, VendorDocument
from vendors.reviewing.inbox import waiting
from vendors.reviewing.periodic import _due as due_of_owners


def year() -> AuditPeriod:
    return AuditPeriod(name="2026", starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 12, 31))


def test_a_document_is_evidence_with_its_days(used, manager, today):
    document = used().documents.get(kind="soc2")
    kept = Evidence.objects.get(pk=document.evidence_id)
    assert (kept.category, kept.period_to, kept.source) == ("vendor", today, "Northwind Mail")
    assert "soc 2 report" in kept.tags


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"report_type": ""}, "which type"),
        ({"opinion": ""}, "what the auditor concluded"),
        ({"period_to": None}, "both days"),
        ({"period_from": None, "period_to": None}, "which days it covers"),
        ({"period_from": dt.date(2026, 3, 1), "period_to": dt.date(2026, 2, 1)}, "ends before it begins"),
        ({"issued_on": dt.date(2026, 1, 1)}, "after it was issued"),
        ({"expires_on": dt.date(2025, 1, 1)}, "expires before"),
        ({"issued_on": dt.date(2999, 1, 1)}, "Not after today"),
        ({"period_to": dt.date(9999, 11, 30)}, "more than ten years from now"),
    ],
)
def test_a_report_that_says_too_little_or_cannot_be_is_refused(asked, manager, facts, words):
    said = {"report_type": "type_2", "opinion": "unqualified", "issued_on": dt.date(2026, 8, 1)}
    said |= {"period_from": dt.date(2026, 1, 1), "period_to": dt.date(2026, 6, 30), **facts}
    with pytest.raises(ActionRefused, match=words):
        actions.add_document(asked(), actor=manager, kind="soc2", file=paper(), **said)
    assert not VendorDocument.objects.exists()


def test_a_bridge_letter_needs_its_days(asked, manager, today):
    with pytest.raises(ActionRefused, match="from which day"):
        actions.add_document(asked(), actor=manager, kind="bridge", file=paper(), issued_on=today)


def test_what_counts_in_a_period_and_what_is_said_about_it(asked, manager, here):
    vendor, day = asked(), dt.date
    report(vendor, manager, day(2025, 7, 1), day(2026, 6, 30), title="Main")
    report(vendor, manager, day(2026, 5, 1), day(2026, 5, 1), report_type="type_1", title="Early")
    report(vendor, manager, day(2026, 1, 1), day(2026, 9, 30), opinion="adverse", title="Bad")
    report(vendor, manager, day(2026, 7, 1), day(2026, 7, 31), opinion="qualified", title="Mixed")
    letter: dict[str, Any] = {"kind": "bridge", "issued_on": day(2026, 10, 1), "title": "Letter"}
    actions.add_document(vendor, actor=manager, file=paper(), period_from=day(2026, 8, 1), period_to=day(2026, 12, 15), **letter)
    found = assurance_of(vendor.documents.all(), year())
    assert [(one.first, one.last) for one in found.window.covered] == [(day(2026, 1, 1), day(2026, 7, 31))]
    assert [(one.first, one.last) for one in found.window.bridged] == [(day(2026, 8, 1), day(2026, 12, 15))]
    assert [(one.first, one.last) for one in found.window.gaps] == [(day(2026, 12, 16), day(2026, 12, 31))]
    said = " ".join(found.notes)
    assert "“Early” is a Type I report" in said
    assert "“Bad” has the opinion adverse: it is not counted" in said
    assert "“Mixed” is qualified" in said
    assert "“Letter” speaks for more than three months (137 days)" in said
    actions.withdraw_document(vendor.documents.get(title="Main"), actor=manager, reason="Replaced.")
    assert assurance_of(vendor.documents.all(), year()).window.covered_days == 31


def test_a_letter_to_the_end_of_time_is_refused(asked, manager, today):
    letter: dict[str, Any] = {"kind": "bridge", "issued_on": today, "period_from": dt.date(9999, 11, 30)}
    with pytest.raises(ActionRefused, match="more than ten years from now"):
        actions.add_document(asked(), actor=manager, file=paper(), period_to=dt.date(9999, 12, 31), **letter)


def test_a_later_report_stands_beside_the_one_before(asked, manager, here):
    vendor, day = asked(), dt.date
    report(vendor, manager, day(2024, 7, 1), day(2025, 6, 30))
    report(vendor, manager, day(2025, 7, 1), day(2026, 6, 30))
    whole = AuditPeriod(name="2025", starts_on=day(2025, 1, 1), ends_on=day(2025, 12, 31))
    assert assurance_of(vendor.documents.all(), whole).window.is_whole


def test_what_report_assures_of_a_vendor(asked, manager, today):
    said: list[tuple[int, dict[str, Any], bool]] = [
        (0, {}, True), (0, {"opinion": "qualified"}, True), (0, {"opinion": "adverse"}, False),
        (0, {"opinion": "disclaimer"}, False), (0, {"report_type": "type_1"}, True), (15, {}, True), (16, {}, False),
    ]  # fmt: skip
    for months, facts, counts in said:
        vendor, ended = asked(f"{months} {facts}"), months_after(today, -months)
        report(vendor, manager, ended - dt.timedelta(days=90), ended, **facts)
        assert assuring(vendor, today).exists() is counts, (months, facts)


def test_a_later_report_with_a_worse_opinion_belies_the_one_before(asked, manager, today, here):
    vendor, month = asked(), dt.timedelta(days=30)
    report(vendor, manager, today - 6 * month, today - 3 * month)
    assert assuring(vendor, today).exists()
    worse = report(vendor, manager, today - 3 * month, today, opinion="adverse")
    assert not assuring(vendor, today).exists()
    assert "Something that assures of it" in [one.what for one in missing(vendor)]
    actions.withdraw_document(worse, actor=manager, reason="Another company's.")
    assert assuring(vendor, today).exists()


def test_certificates_and_tests_assure_for_a_time(asked, manager, today):
    said = (("iso", 36, True), ("iso", 37, False), ("pentest", 15, True), ("pentest", 16, False), ("dpa", 0, False))
    for kind, months, counts in said:
        vendor = asked(f"{kind} {months}")
        actions.add_document(vendor, actor=manager, kind=kind, file=paper(), issued_on=months_after(today, -months))
        assert assuring(vendor, today).exists() is counts, (kind, months)


def test_answers_assure_when_they_are_good_and_not_old(asked, manager, today):
    vendor = asked()
    kept(vendor, manager, today, "Question,Answer\nIs it safe?,No\n")
    kept(vendor, manager, months_after(today, -16), "Question,Answer\nIs it safe?,Yes\n")
    assert not good_answers(vendor, today).exists()
    kept(vendor, manager, months_after(today, -15))
    assert good_answers(vendor, today).exists()


def test_the_schedule_finds_what_is_missing_by_the_same_rule(used, here, manager, today):
    vendor = used()
    assert not suspects(today).exists()
    VendorDocument.objects.filter(vendor=vendor, kind="soc2").update(opinion="adverse")
    assert list(suspects(today)) == [vendor]
    kept(vendor, manager, today)
    assert not suspects(today).exists()


def test_a_type_one_report_has_one_day(asked, manager):
    day = dt.date(2026, 5, 1)
    made = report(asked(), manager, None, day, report_type="type_1")
    assert (made.period_from, made.period_to) == (day, day)


def test_what_a_report_expects_of_us_is_mapped_with_an_owner(used, manager, cast, here):
    document = used().documents.get(kind="soc2")
    with pytest.raises(ActionRefused, match="Only a SOC 2"):
        actions.add_duties(used("Two").documents.get(kind="dpa"), actor=manager, texts=["x"])
    first, second = actions.add_duties(document, actor=manager, texts=["Remove leavers", "Review accounts"])
    with pytest.raises(ActionRefused, match="there already"):
        actions.add_duties(document, actor=manager, texts=["Review accounts"])
    control = Control.objects.create(code="AC-9", title="Leavers", in_scope_since=here.today())
    record("control.create", control, actor=manager)
    with pytest.raises(ActionRefused, match="AC-9 has no owner"):
        actions.map_duty(first, actor=manager, control=control)
    actions.map_duty(first, actor=manager, control=control, owner=Person.objects.get(member=cast.employee))
    actions.spare_duty(second, actor=manager, reason="Nobody but us has accounts.")
    found = list(DocumentDuty.objects.values_list("status", "control__code", "owner__name", "reason"))
    assert found == [
        ("mapped", "AC-9", "Employee Acme", ""),
        ("not_needed", None, None, "Nobody but us has accounts."),
    ]


def test_a_carved_out_subservice_organization_names_what_is_expected_of_it(used, manager):
    document = used().documents.get(kind="soc2")
    with pytest.raises(ActionRefused, match="which are expected"):
        actions.add_subservice(document, actor=manager, name="Cloud", method="carve_out", expected=" ")
    actions.add_subservice(document, actor=manager, name="Cloud", method="carve_out", expected="Guards at the doors")
    with pytest.raises(ActionRefused, match="names it already"):
        actions.add_subservice(document, actor=manager, name="Cloud", method="inclusive")


def test_the_owner_is_reminded_before_a_document_expires(used, manager, cast, today):
    vendor = used()
    soon = agree(vendor, manager, today, title="New DPA", expires_on=today + dt.timedelta(days=20))
    titles = [one.title for one in waiting(cast.employee)]
    assert titles == ["New DPA of Northwind Mail expires"]
    assert soon.pk in {one.record.pk for one in due_of_owners(today)}


def test_an_expired_agreement_is_missing_and_becomes_a_finding(used, here, manager, today):
    vendor = used()
    raise_findings(here, dt.datetime.now(dt.UTC))
    assert not Finding.objects.exists()
    VendorDocument.objects.filter(vendor=vendor, kind="dpa").update(
        issued_on=today - dt.timedelta(days=9), expires_on=today - dt.timedelta(days=1)
    )
    assert [one.what for one in missing(vendor)] == ["A data processing agreement"]
    raise_findings(here, dt.datetime.now(dt.UTC))
    assert "data processing agreement" in Finding.objects.get().risk


def test_the_page_shows_line_and_words(used, manager, client_of, today):
    vendor = used()
    period = AuditPeriod.objects.create(name="Now", starts_on=today - dt.timedelta(days=99), ends_on=today)
    record("period.create", period, actor=manager)
    page = client_of(manager).get(f"/o/acme/vendors/{vendor.pk}/").content.decode()
    assert "Reports cover 100 of 100 days." in page
    assert 'id="assurance-title"' in page


def test_the_system_description_names_the_latest_report_by_itself(used, manager, cast, today):
    vendor = used()
    with pytest.raises(ActionRefused, match="role does not allow"):
        describe(vendor, actor=cast.auditor, method="carve_out", expected="Guards")
    describe(vendor, actor=manager, method="carve_out", expected="Guards")
    there = SubserviceOrganization.objects.get()
    assert (there.name, there.report, there.report_until) == ("Northwind Mail", "SOC 2 Type II", today)
    describe(vendor, actor=manager, method="inclusive", expected="Guards and fences")
    assert SubserviceOrganization.objects.get().expected == "Guards and fences"
    actions.withdraw_document(vendor.documents.get(kind="soc2"), actor=manager, reason="Replaced.")
    assert (there.refreshed().report, there.refreshed().report_until) == ("", None)
    report(vendor, manager, today - dt.timedelta(days=90), today - dt.timedelta(days=9))
    assert there.refreshed().report_until == today - dt.timedelta(days=9)


def test_what_is_written_about_a_document_is_corrected(used, manager, today):
    document = used().documents.get(kind="soc2")
    changed = actions.edit_document(document, actor=manager, opinion="qualified")
    assert (changed.opinion, changed.evidence_id) == ("qualified", document.evidence_id)
    with pytest.raises(ActionRefused, match="Nothing was changed"):
        actions.edit_document(document, actor=manager, opinion="qualified")
    assert AuditEvent.objects.filter(object_id=document.pk, verb="vendor_document.edit").count() == 1
