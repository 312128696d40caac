"""Every operation, with sensible and senseless requests: it answers as documented, and knows nothing of other organizations."""

import os
import re
import traceback
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
import schemathesis
from django.conf import LazySettings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.models import Member
from tenancy.models import Organization
from tests.api.conftest import make_token
from tests.cast import Cast
from tests.tenancy.everything import Ids, ids_of, make_everything
from tests.tenancy.test_isolation import EVERY_ROLE, everything_in

pytestmark = pytest.mark.slow
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# A long run asks each operation far more often.
LONG = os.environ.get("PLUMBLINE_TEST_ROUNDS") == "long"
EXAMPLES = {GenerationMode.POSITIVE: 25 if LONG else 5, GenerationMode.NEGATIVE: 25 if LONG else 2}
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Whose records the addresses below a prefix name.
KINDS = {
    "members": "accounts.Member",
    "roles": "accounts.CustomRole",
    "accepted-conflicts": "accounts.DutyAcceptance",
    "access-log": "audit.AuditEvent",
    "events": "audit.AuditEvent",
    "absences": "workflow.Absence",
    "delegations": "workflow.Delegation",
    "approval-rules": "changes.ApprovalRule",
    "change-files": "changes.ChangeEvidence",
    "change-sources": "changes.ChangeSource",
    "change-templates": "changes.ChangeTemplate",
    "change-views": "workflow.SavedView",
    "changes": "changes.Change",
    "policies": "policies.Policy",
    "policy-exceptions": "policies.PolicyException",
    "violations": "policies.Violation",
    "policy-versions": "policies.PolicyVersion",
    "deployments": "changes.Deployment",
    "gate-answers": "changes.GateAnswer",
    "freezes": "changes.FreezeWindow",
    "freeze-overrides": "changes.ChangeFreezeOverride",
    "incidents": "incidents.Incident",
    "security-events": "incidents.SecurityEvent",
    "incident-entries": "incidents.IncidentEntry",
    "incident-tasks": "incidents.IncidentTask",
    "incident-links": "incidents.IncidentLink",
    "incident-reviews": "incidents.IncidentReview",
    "notification-clocks": "incidents.NotificationClock",
    "notification-rules": "incidents.NotificationRule",
    "holidays": "incidents.Holiday",
    "checks": "monitoring.Check",
    "maintenance": "monitoring.MaintenanceWindow",
    "recovery-tests": "monitoring.RecoveryTest",
    "capacity-reviews": "monitoring.CapacityReview",
    "load-tests": "monitoring.LoadTest",
    "on-call-schedules": "incidents.OnCallSchedule",
    "on-call-overrides": "incidents.OnCallOverride",
    "escalation-policies": "incidents.EscalationPolicy",
    "escalation-steps": "incidents.EscalationStep",
    "escalations": "incidents.Escalation",
    "alert-channels": "incidents.AlertChannel",
    "alert-deliveries": "incidents.AlertDelivery",
    "allowed-hosts": "workflow.AllowedHost",
    "factor-resets": "workflow.FactorReset",
    "identity-providers": "accounts.IdentityProvider",
    "company-accounts": "accounts.ProviderIdentity",
    "jobs": "workflow.Job",
    "mail": "workflow.OutboxMessage",
    "evidence": "evidence.Evidence",
    "systems": "inventory.System",
    "people": "inventory.Person",
    "accounts": "inventory.Account",
    "populations": "inventory.Snapshot",
    "removals": "inventory.Removal",
    "reviews": "reviews.Campaign",
    "review-scopes": "reviews.CampaignSystem",
    "review-items": "reviews.Item",
    "periods": "controls.AuditPeriod",
    "controls": "controls.Control",
    "occurrences": "controls.Occurrence",
    "control-tests": "controls.ControlTest",
    "findings": "controls.Finding",
    "control-events": "controls.ControlEvent",
    "alert-rules": "controls.AlertRule",
    "alerts": "controls.Alert",
    "test-populations": "evidence.Population",
    "samples": "evidence.Sample",
    "rosters": "inventory.RosterImport",
    "person-aliases": "inventory.PersonAlias",
    "evidence-links": "evidence.EvidenceLink",
    "control-evidence": "controls.ControlEvidence",
    "finding-evidence": "controls.FindingEvidence",
    "checklist-waivers": "controls.ChecklistWaiver",
    "description-texts": "controls.DescriptionText",
    "system-flows": "controls.SystemFlow",
    "user-entity-controls": "controls.UserEntityControl",
    "subservice-organizations": "controls.SubserviceOrganization",
    "diagrams": "controls.Diagram",
    "system-descriptions": "controls.SystemDescription",
    "gap-analyses": "controls.GapRun",
    "roadmaps": "controls.Roadmap",
    "roadmap-tasks": "controls.RoadmapTask",
    "audit-requests": "controls.AuditRequest",
    "given-to-requests": "controls.RequestProof",
    "reports": "reports.MonthlyReport",
    "trail-checks": "proof.TrailCheck",
    "audit-packages": "proof.AuditPackage",
    "data-keys": "keys.DataKey",
    "key-rotations": "proof.KeyRotation",
    "printed-reports": "evidence.Evidence",
    "vendors": "vendors.Vendor",
    "vendor-keys": "vendors.VendorKey",
    "vendor-documents": "vendors.VendorDocument",
    "vendor-duties": "vendors.DocumentDuty",
    "vendor-questionnaires": "vendors.VendorQuestionnaire",
    "vendor-answers": "vendors.QuestionnaireAnswer",
    "risks": "risks.Risk",
    "risk-tasks": "risks.RiskTask",
    "risk-scales": "risks.RiskScale",
    "risk-assessments": "risks.RiskAssessment",
    "acknowledgements": "policies.Acknowledgement",
    "acknowledgement-campaigns": "policies.AcknowledgementCampaign",
    "background-checks": "policies.BackgroundCheck",
    "training-courses": "policies.Course",
    "training-records": "policies.TrainingRecord",
    "vulnerabilities": "vulnerabilities.Vulnerability",
    "scan-scopes": "vulnerabilities.ScanScope",
    "tls-endpoints": "vulnerabilities.ScanScope",
    "scans": "vulnerabilities.Scan",
    "penetration-tests": "vulnerabilities.PenetrationTest",
    "processing-records": "processing.ProcessingRecord",
    "processing-schemas": "processing.ProcessingSchema",
    "schema-versions": "processing.SchemaVersion",
    "data-classes": "privacy.DataClass",
    "data-inventory": "privacy.DataSet",
    "retention-schedules": "privacy.RetentionSchedule",
    "legal-holds": "privacy.LegalHold",
    "deletion-certificates": "privacy.DeletionCertificate",
    "ended-customers": "privacy.EndedCustomer",
    "customer-places": "privacy.CustomerStep",
    "privacy-notices": "privacy.Notice",
    "notice-versions": "privacy.NoticeVersion",
    "consents": "privacy.Consent",
    "data-subject-requests": "privacy.SubjectRequest",
    "data-subject-tasks": "privacy.RequestTask",
}


@pytest.fixture
def theirs(globex: Any) -> Ids:
    """The ids of everything in globex."""
    make_everything(globex)
    return ids_of(globex) | {"accounts.Member": list(Member.objects.filter(organization=globex).values_list("pk", flat=True))}


@pytest.fixture
def own(theirs: Ids, acme: Any) -> Ids:
    """The ids of everything in acme."""
    make_everything(acme)
    return ids_of(acme) | {"accounts.Member": list(Member.objects.filter(organization=acme).values_list("pk", flat=True))}


@pytest.fixture
def schema(db: None, settings: LazySettings) -> Iterator[Any]:
    """The committed schema, and the product behind it. What fails there fails here."""
    settings.PLUMBLINE_API_RATE = 10**9
    settings.DEBUG_PROPAGATE_EXCEPTIONS = True
    around = (request_started, request_finished)
    for signal in around:  # they would close this test's connection within its transaction
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/openapi.yaml", product())
    for signal in around:
        signal.connect(close_old_connections)


@pytest.fixture
def program(own: Ids, schema: Any) -> dict[str, str]:
    """A token of somebody with every role in acme."""
    Member.objects.filter(pk=Cast().manager.pk).update(roles=EVERY_ROLE)
    return {"Authorization": f"Bearer {make_token(Cast().manager)[1]}"}


def product() -> Any:
    """The WSGI application, each answer of which is read and closed as a server does."""
    application = get_wsgi_application()

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        response = application(environ, start_response)
        try:
            return [b"".join(response)]
        finally:
            response.close()

    return answer


def operations(schema: Any) -> Iterator[Any]:
    for result in schema.get_all_operations():
        yield result.ok()


def keys_for(path: str, own: Ids, theirs: Ids) -> list[uuid.UUID]:
    """Ids to ask for: some of one's own, one of theirs."""
    kind = KINDS.get(path.split("/")[2], "")
    return [*own.get(kind, [])[:3], *theirs.get(kind, [])[:1]] or [uuid.uuid4()]


@dataclass
class Trial:
    """One operation, asked in one mode, for records of one's own and of the others."""

    operation: Any
    mode: GenerationMode
    keys: list[uuid.UUID]
    foreign: set[str]
    headers: dict[str, str]

    @cached_property
    def cases(self) -> Any:
        """What may be asked; to find that out of the schema takes longer than to ask.

        Nothing is drawn for what is put in its place: the id, and where all is sensible the token too.
        """
        given: dict[str, Any] = {"path_parameters": {"id": str(self.keys[0])}} if "{id}" in self.operation.path else {}
        if self.mode is GenerationMode.POSITIVE:
            given["headers"] = self.headers
        return self.operation.as_strategy(generation_mode=self.mode, **given)

    def run(self) -> str:
        """What went wrong, or nothing."""

        @seed(20260101)
        @hypothesis_settings(
            max_examples=EXAMPLES[self.mode],
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(data=st.data())
        def ask(data: Any) -> None:
            self.ask(data)

        try:
            ask()
        except (BaseExceptionGroup, Exception) as error:  # noqa: BLE001 - all operations are tried before it is told
            return f"{self.operation.label}: {''.join(traceback.format_exception(error))[-1500:]}"
        return ""

    def ask(self, data: Any) -> None:
        """Send one request and look at the answer."""
        case = data.draw(self.cases)
        sent = dict(self.headers)
        if case.path_parameters:
            case.path_parameters["id"] = str(data.draw(st.sampled_from(self.keys)))
            if self.operation.method in {"post", "patch"} and data.draw(st.integers(0, 3)):
                sent["If-Match"] = "*"
        case.headers = {name: value for name, value in (case.headers or {}).items() if name not in sent}
        response = case.call(headers=sent)
        case.validate_response(response, checks=CHECKS)
        if self.operation.path not in {"/api/events", "/api/access-log"}:  # which tells what was asked for in vain
            shown = set(UUID.findall(response.content.decode(errors="replace")))
            assert not shown & self.foreign, "ids of another organization are shown"
        if case.path_parameters and case.path_parameters["id"] in self.foreign:
            assert response.status_code in {400, 401, 404}, "a record of another organization is there"


@pytest.mark.parametrize("mode", EXAMPLES, ids=lambda mode: mode.value)
def test_every_operation_answers_as_documented(schema, program, own, theirs, mode):
    with connection.cursor() as cursor:  # drawing thousands of trials may take longer than a request may wait
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    globex = Organization.objects.get(slug="globex")
    before = everything_in(globex)
    foreign = {str(key) for keys in theirs.values() for key in keys}
    trials = [Trial(operation, mode, keys_for(operation.path, own, theirs), foreign, program) for operation in operations(schema)]
    wrong = [said for trial in trials if (said := trial.run())]
    assert not wrong, "\n".join([f"{len(wrong)} operations", *wrong])
    assert everything_in(globex) == before


def test_every_kind_of_address_is_tried_with_real_records(schema):
    assert {operation.path.split("/")[2] for operation in operations(schema) if "{id}" in operation.path} == set(KINDS)
