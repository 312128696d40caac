"""Every address that a member can open, with real ids: read from the resolver, filled from the database."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.test import Client

from accounts.models import CustomRole, IdentityProvider, Invitation, Member, ProviderIdentity, Token
from audit.models import AuditEvent
from changes.models import (
    ApprovalRule,
    Change,
    ChangeFreezeOverride,
    ChangeSource,
    ChangeTemplate,
    Deployment,
    FreezeWindow,
)
from controls.models import (
    Alert,
    AlertRule,
    AuditPeriod,
    AuditRequest,
    ChecklistWaiver,
    Control,
    ControlEvent,
    ControlEvidence,
    ControlTest,
    DescriptionText,
    Finding,
    GapRun,
    Occurrence,
    Roadmap,
    RoadmapTask,
    SubserviceOrganization,
    SystemDescription,
    SystemFlow,
    UserEntityControl,
)
from evidence.models import Evidence, EvidenceImport, EvidenceLink, Population, Sample, StoredFile
from incidents.models import (
    AlertChannel,
    AlertDelivery,
    EscalationPolicy,
    EscalationStep,
    Holiday,
    Incident,
    IncidentEntry,
    IncidentLink,
    IncidentReview,
    IncidentTask,
    NotificationClock,
    NotificationRule,
    OnCallOverride,
    OnCallSchedule,
    SecurityEvent,
)
from inventory.models import Person, PersonAlias, Removal, RosterImport, Snapshot, System
from monitoring.models import CapacityReview, Check, LoadTest, MaintenanceWindow, RecoveryTest
from policies.models import (
    Acknowledgement,
    AcknowledgementCampaign,
    BackgroundCheck,
    Course,
    Policy,
    PolicyException,
    PolicyVersion,
    TrainingRecord,
    Violation,
)
from privacy.models import (
    Consent,
    CustomerStep,
    DataClass,
    DataSet,
    DeletionCertificate,
    EndedCustomer,
    LegalHold,
    Notice,
    NoticeVersion,
    RequestTask,
    RetentionSchedule,
    SubjectRequest,
)
from processing.models import ProcessingRecord, ProcessingSchema, SchemaVersion
from proof.models import AuditPackage, KeyRotation, TrailCheck
from reports.models import MonthlyReport
from reviews.models import Campaign, CampaignSystem, Item
from risks.models import Risk, RiskAssessment, RiskTask
from tenancy.models import Organization
from tenancy.scope import current_tenant_id, tenant
from tests.browser import Kept
from tests.journeys.structure import made_of
from tests.routes import Route, routes
from vendors.models import DocumentDuty, QuestionnaireAnswer, Vendor, VendorDocument, VendorKey, VendorQuestionnaire
from vulnerabilities.models import PenetrationTest, Scan, ScanScope, Vulnerability
from workflow.models import Absence, AllowedHost, Delegation, FactorReset, Job, OutboxMessage, SavedView

# Which record an address is about, by the beginning of its name; the longest that fits counts.
ABOUT: dict[str, type[Model]] = {
    "audit:": AuditEvent,
    "changes:": Change,
    "changes:deployment-": Deployment,
    "changes:deployment-preview": StoredFile,
    "changes:preview": StoredFile,
    "changes:view-": SavedView,
    "changes:rule-": ApprovalRule,
    "changes:template-": ChangeTemplate,
    "changes:freeze-": FreezeWindow,
    "changes:source-": ChangeSource,
    "changes:source-preview": StoredFile,
    "changes:override-withdraw": ChangeFreezeOverride,
    "monitoring:": Check,
    "monitoring:capacity-": CapacityReview,
    "monitoring:load-": LoadTest,
    "monitoring:maintenance-": MaintenanceWindow,
    "monitoring:recovery-": RecoveryTest,
    "controls:": Control,
    "controls:alert-": Alert,
    "controls:description-frozen": SystemDescription,
    "controls:description-text": DescriptionText,
    "controls:event-": ControlEvent,
    "controls:finding-": Finding,
    "controls:flow-": SystemFlow,
    "controls:gap-": GapRun,
    "controls:import-preview": StoredFile,
    "controls:occurrence-": Occurrence,
    "controls:period-": AuditPeriod,
    "controls:proof-": ControlEvidence,
    "controls:request-": AuditRequest,
    "controls:request-preview": StoredFile,
    "controls:roadmap-add": Roadmap,
    "controls:roadmap-make": GapRun,
    "controls:roadmap-task": RoadmapTask,
    "controls:rule-": AlertRule,
    "controls:subservice-": SubserviceOrganization,
    "controls:test-": ControlTest,
    "controls:test-record": Control,
    "controls:user-entity-": UserEntityControl,
    "controls:waiver-create": AuditPeriod,
    "controls:waiver-withdraw": ChecklistWaiver,
    "evidence:": Evidence,
    "evidence:file": Evidence,
    "evidence:import-": EvidenceImport,
    "evidence:link-": EvidenceLink,
    "evidence:picture": StoredFile,
    "evidence:preview": StoredFile,
    "evidence:population-": Population,
    "evidence:sample-": Sample,
    "incidents:": Incident,
    "incidents:event-": SecurityEvent,
    "incidents:clock-": NotificationClock,
    "incidents:entry-": IncidentEntry,
    "incidents:entry-add": Incident,
    "incidents:holiday-": Holiday,
    "incidents:link-": IncidentLink,
    "incidents:link-add": Incident,
    "incidents:review": IncidentReview,
    "incidents:review-begin": Incident,
    "incidents:rule-": NotificationRule,
    "incidents:task-": IncidentTask,
    "incidents:task-add": Incident,
    "incidents:schedule-": OnCallSchedule,
    "incidents:override-": OnCallOverride,
    "incidents:policy-": EscalationPolicy,
    "incidents:step-": EscalationStep,
    "incidents:channel-": AlertChannel,
    "incidents:delivery-": AlertDelivery,
    "inventory:alias-remove": PersonAlias,
    "inventory:alias-add": Person,
    "inventory:person-": Person,
    "inventory:removal-": Removal,
    "inventory:roster-": RosterImport,
    "inventory:snapshot-": Snapshot,
    "inventory:system-": System,
    "members:": Member,
    "members:identity-": ProviderIdentity,
    "members:provider": IdentityProvider,
    "members:revoke": Invitation,
    "members:role": CustomRole,
    "members:token-": Token,
    "policies:": Policy,
    "policies:acknowledge-campaign": AcknowledgementCampaign,
    "policies:acknowledgement": Acknowledgement,
    "policies:background-": BackgroundCheck,
    "policies:background-preview": StoredFile,
    "policies:course": Course,
    "policies:training-": TrainingRecord,
    "policies:register-preview": StoredFile,
    "policies:training-preview": StoredFile,
    "policies:exception": PolicyException,
    "policies:exception-preview": StoredFile,
    "policies:version": PolicyVersion,
    "policies:violation": Violation,
    "policies:violation-preview": StoredFile,
    "privacy:": DataSet,
    "privacy:certificate-": DeletionCertificate,
    "privacy:class-": DataClass,
    "privacy:consent-": Consent,
    "privacy:customer-": EndedCustomer,
    "privacy:customer-preview": StoredFile,
    "privacy:hold-": LegalHold,
    "privacy:hold-preview": StoredFile,
    "privacy:notice-": Notice,
    "privacy:notice-preview": StoredFile,
    "privacy:request-": SubjectRequest,
    "privacy:request-preview": StoredFile,
    "privacy:schedule-": RetentionSchedule,
    "privacy:step-": CustomerStep,
    "privacy:step-add": EndedCustomer,
    "privacy:task-": RequestTask,
    "privacy:task-add": SubjectRequest,
    "privacy:version-": NoticeVersion,
    "privacy:version-create": Notice,
    "processing:record-": ProcessingRecord,
    "processing:schema-": ProcessingSchema,
    "processing:version-": SchemaVersion,
    "proof:": TrailCheck,
    "proof:package": AuditPackage,
    "proof:rotation-": KeyRotation,
    "reports:": Control,
    "reports:download": Evidence,
    "reports:monthly-": MonthlyReport,
    "reviews:": Campaign,
    "reviews:items": Campaign,
    "reviews:item": Item,
    "reviews:scope": CampaignSystem,
    "vendors:": Vendor,
    "vendors:answer-follow": QuestionnaireAnswer,
    "vendors:document-": VendorDocument,
    "vendors:document-create": Vendor,
    "vendors:duties-add": VendorDocument,
    "vendors:subservice-add": VendorDocument,
    "vendors:duty-": DocumentDuty,
    "vendors:questionnaire-": VendorQuestionnaire,
    "vendors:questionnaire-create": Vendor,
    "vendors:key-": VendorKey,
    "vendors:key-create": Vendor,
    "vendors:key-preview": StoredFile,
    "vendors:view-": SavedView,
    "vendors:import-preview": StoredFile,
    "risks:": Risk,
    "risks:assessment-": RiskAssessment,
    "risks:preview": StoredFile,
    "risks:task-": RiskTask,
    "risks:task-add": Risk,
    "risks:view-": SavedView,
    "vulnerabilities:": Vulnerability,
    "vulnerabilities:endpoint-": ScanScope,
    "vulnerabilities:scan-": Scan,
    "vulnerabilities:scan-preview": StoredFile,
    "vulnerabilities:scope-": ScanScope,
    "vulnerabilities:view-": SavedView,
    "vulnerabilities:test-": PenetrationTest,
    "workflow:absence": Absence,
    "workflow:delegation": Delegation,
    "workflow:host": AllowedHost,
    "workflow:job": Job,
    "workflow:mail": OutboxMessage,
    "workflow:reset": FactorReset,
    "workflow:reset-ask": Member,
}
# Where a page looks different by state, or by several at once, one record of each.
STATES: dict[type[Model], str] = {
    Check: "status",
    MaintenanceWindow: "status",
    ApprovalRule: "status",
    ChangeTemplate: "status",
    Alert: "status",
    AlertRule: "status",
    Absence: "status",
    AuditPeriod: "status",
    AuditRequest: "status",
    Campaign: "status",
    Change: "status",
    ChangeFreezeOverride: "status",
    ChangeSource: "status",
    ChecklistWaiver: "status",
    Control: "status",
    Deployment: "classification",
    Evidence: "status",
    EvidenceImport: "status",
    Finding: "status",
    FreezeWindow: "status",
    Incident: "status",
    IncidentReview: "status",
    IncidentTask: "status",
    NotificationClock: "status",
    NotificationRule: "status",
    OnCallSchedule: "status",
    EscalationPolicy: "status",
    AlertChannel: "status",
    AlertDelivery: "state",
    AllowedHost: "status",
    Delegation: "status",
    CustomRole: "status",
    FactorReset: "status",
    IdentityProvider: "status",
    ProviderIdentity: "status",
    Item: "decision",
    MonthlyReport: "status",
    Job: "status",
    Occurrence: "status",
    OutboxMessage: "status",
    Person: "status",
    Policy: "status",
    PolicyException: "status",
    PolicyVersion: "status",
    Population: "status",
    ProcessingRecord: "outcome",
    ProcessingSchema: "status",
    Removal: "status",
    RoadmapTask: "status",
    RosterImport: "status",
    SchemaVersion: "status",
    SecurityEvent: "status",
    Snapshot: "status",
    SubserviceOrganization: "status",
    System: "status",
    SystemFlow: "status",
    UserEntityControl: "status",
    Vendor: "status",
    Violation: "status",
    VendorKey: "status",
    VendorDocument: "kind",
    DocumentDuty: "status",
    Consent: "status",
    CustomerStep: "status",
    DataClass: "status",
    DataSet: "status",
    EndedCustomer: "status",
    LegalHold: "status",
    NoticeVersion: "status",
    RequestTask: "status",
    RetentionSchedule: "status",
    SubjectRequest: "status",
    Acknowledgement: "status",
    BackgroundCheck: "status",
    Course: "status",
    TrainingRecord: "status",
    AcknowledgementCampaign: "status",
    PenetrationTest: "status",
    Risk: "status",
    RiskAssessment: "status",
    RiskTask: "status",
    Scan: "status evaluable",
    ScanScope: "tool",
    Vulnerability: "status",
}
FILES = {
    "changes:deployment-sample",
    "changes:file",
    "controls:description-frozen-json",
    "controls:description-frozen-pdf",
    "controls:finding-file",
    "controls:gap-json",
    "controls:gap-pdf",
    "controls:occurrence-file",
    "controls:request-file",
    "evidence:file",
    "evidence:population-file",
    "incidents:clock-proof",
    "incidents:entry-file",
    "incidents:entry-picture",
    "incidents:review-pdf",
    "policies:acknowledgement-pdf",
    "policies:training-certificate",
    "policies:version-file",
    "policies:version-minutes",
    "policies:version-pdf",
    "risks:assessment-json",
    "risks:assessment-pdf",
    "privacy:certificate-file",
    "privacy:certificate-pdf",
    "privacy:request-export",
    "privacy:request-letter",
    "vulnerabilities:scan-raw",
    "vulnerabilities:scan-resources",
    "vulnerabilities:scan-storage-sample",
    "inventory:snapshot-file",
    "reports:download",
    "reports:monthly-json",
    "reports:monthly-pdf",
    "reports:monthly-register",
    "inventory:removal-file",
    "inventory:roster-original",
}
Shown = tuple[str, str]


@dataclass(frozen=True)
class Seen:
    """The status of a page, what it is made of, and the answer itself."""

    status: int
    kinds: frozenset[str]
    answer: Kept


def model_of(route: Route) -> type[Model]:
    """What the route is about."""
    name = max((begin for begin in ABOUT if route.name.startswith(begin)), key=len)
    return ABOUT[name]


def one_of_each(model: type[Model]) -> list[Any]:
    """The id of one record for each state it is in, or of one."""
    rows = model._default_manager.order_by("-pk")
    if model is Member:
        rows = rows.filter(organization_id=current_tenant_id())
    if model not in STATES:
        return list(rows.values_list("pk", flat=True)[:1])
    names = STATES[model].split()
    states = rows.order_by().values(*names).distinct()
    return [rows.filter(**state).values_list("pk", flat=True)[0] for state in states]


def addresses(member: Member, *, wanted: Callable[[Route], bool] = lambda _: True) -> list[Shown]:
    """(route name, path) of every address below the member's organization."""
    found: list[Shown] = []
    with tenant(member.organization):
        for route in routes("grc.urls_organization"):
            if route.name not in FILES and wanted(route):
                found += [(route.name, path) for path in _paths(route, member.organization)]
    return found


def _paths(route: Route, organization: Organization) -> Iterable[str]:
    prefix = f"/o/{organization.slug}/"
    if "pk" not in route.converters:
        return [route.path(prefix)]
    return [route.path(prefix, pk=pk) for pk in one_of_each(model_of(route))]


def page_at(client: Client, path: str) -> Seen | None:
    """What is seen where GET gives a whole HTML page: not a file, a fragment or the way elsewhere."""
    answer = client.get(path)
    if answer.streaming:
        b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # else the file stays open
        return None
    whole = answer.headers.get("Content-Type", "").startswith("text/html") and b"<!doctype" in answer.content[:200].lower()
    if not whole or answer.status_code in {302, 303, 404, 405}:
        return None
    return Seen(answer.status_code, made_of(answer.content.decode()), kept_of(answer))


def kept_of(answer: Any) -> Kept:
    """A test client's answer, as a server gives it."""
    return Kept(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()), answer.content)
