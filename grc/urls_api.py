"""The API's addresses, below /api/. Which organization is meant is said by the token."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from api import views
from api.absences import AbsenceApi
from api.company import IdentityProviderApi, ProviderIdentityApi
from api.delegations import DelegationApi
from api.hosts import AllowedHostApi
from api.members import DutyAcceptanceApi, MemberApi, RoleApi
from api.resets import FactorResetApi
from api.trail import AccessApi, EventApi
from api.work import JobApi, MailApi, MeApi
from changes.api import ChangeApi
from changes.calendar.api import FreezeApi, OverrideApi
from changes.deployments.api import DeploymentApi
from changes.deployments.coverage_api import EnvironmentsApi
from changes.deployments.gate_api import GateAnswerApi, GateApi
from changes.drafting.api import ChangeFileApi, SettingsApi, TemplateApi
from changes.drafting.views_api import ViewApi
from changes.lifecycle.api import RuleApi
from changes.sources.api import SourceApi
from changes.sources.endpoint import hook
from controls.api import ControlApi, OccurrenceApi, ProofApi, TestApi
from controls.binder.api import BinderApi, WaiverApi
from controls.binder.description_api import (
    DescriptionApi,
    DiagramApi,
    FlowApi,
    SubserviceApi,
    TextApi,
    UserEntityApi,
)
from controls.events.api import AlertApi, AlertRuleApi, ControlEventApi
from controls.findings.api import FindingApi, FindingProofApi
from controls.gaps.api import GapApi
from controls.periods.api import PeriodApi
from controls.requests.api import GivenApi, RequestApi
from controls.roadmap.api import RoadmapApi, TaskApi
from controls.testing.api import ResultsApi
from evidence.api import CheckApi, EvidenceApi, LinkApi, PopulationApi, SampleApi
from home.api import OrganizationApi
from incidents.alerts.api import AlertSettingsApi, IncomingAlertApi
from incidents.api import IncidentApi
from incidents.clocks.api import ClockApi, HolidayApi, NotificationRuleApi
from incidents.links.api import IncidentLinkApi
from incidents.measures.api import MeasuresApi
from incidents.oncall.api import (
    EscalationApi,
    EscalationPolicyApi,
    EscalationStepApi,
    OnCallOverrideApi,
    OnCallScheduleApi,
)
from incidents.oncall.channel_api import AlertChannelApi, AlertDeliveryApi
from incidents.reporting.api import IncidentSettingsApi, SecurityEventApi
from incidents.reviewing.api import IncidentReviewApi
from incidents.timeline.api import EntryApi
from incidents.todo.api import IncidentTaskApi
from inventory.api import AccountApi, AliasApi, PersonApi, RemovalApi, RosterApi, SnapshotApi, SystemApi
from monitoring.api import CapacityApi, HealthCheckApi, LoadApi, MaintenanceApi, RecoveryApi
from monitoring.calling.endpoint import call
from policies.acknowledging.api import AcknowledgementApi, AcknowledgementCampaignApi
from policies.api import PolicyApi, PolicyVersionApi
from policies.background.api import BackgroundCheckApi
from policies.exceptions.api import PolicyExceptionApi
from policies.training.api import CourseApi, TrainingApi
from policies.violations.api import ViolationApi
from privacy.api import (
    ConsentApi,
    CustomerStepApi,
    DataClassApi,
    DataSetApi,
    DeletionCertificateApi,
    EndedCustomerApi,
    LegalHoldApi,
    NoticeApi,
    NoticeVersionApi,
    RetentionScheduleApi,
)
from privacy.subjects.api import RequestTaskApi, SubjectRequestApi
from processing.api import ProcessingRecordApi, ProcessingSchemaApi, SchemaVersionApi
from processing.records.endpoint import ProcessingApi
from proof.api import AuditPackageApi, TrailCheckApi
from proof.keys.api import DataKeyApi, KeyRotationApi
from reports.api import DashboardApi
from reports.monthly.api import PrintedApi, RecipientsApi, ReportApi
from reviews.api import ItemApi, ReviewApi, ScopeApi
from risks.api import RiskApi, RiskAssessmentApi, RiskScaleApi, RiskTaskApi
from vendors.api import VendorApi, VendorKeyApi
from vendors.documents.api import QuestionnaireAnswerApi, QuestionnaireApi, VendorDocumentApi, VendorDutyApi
from vulnerabilities.api import (
    EndpointApi,
    PenetrationTestApi,
    ScanApi,
    ScanScopeApi,
    VulnerabilityApi,
    VulnerabilitySettingsApi,
)

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
for prefix, resource in {
    "events": EventApi,
    "access-log": AccessApi,
    "members": MemberApi,
    "roles": RoleApi,
    "accepted-conflicts": DutyAcceptanceApi,
    "absences": AbsenceApi,
    "delegations": DelegationApi,
    "factor-resets": FactorResetApi,
    "allowed-hosts": AllowedHostApi,
    "identity-providers": IdentityProviderApi,
    "company-accounts": ProviderIdentityApi,
    "jobs": JobApi,
    "mail": MailApi,
    "evidence": EvidenceApi,
    "evidence-links": LinkApi,
    "file-checks": CheckApi,
    "systems": SystemApi,
    "people": PersonApi,
    "person-aliases": AliasApi,
    "rosters": RosterApi,
    "accounts": AccountApi,
    "populations": SnapshotApi,
    "removals": RemovalApi,
    "reviews": ReviewApi,
    "review-scopes": ScopeApi,
    "review-items": ItemApi,
    "periods": PeriodApi,
    "controls": ControlApi,
    "control-evidence": ProofApi,
    "occurrences": OccurrenceApi,
    "control-tests": TestApi,
    "findings": FindingApi,
    "finding-evidence": FindingProofApi,
    "gap-analyses": GapApi,
    "roadmaps": RoadmapApi,
    "roadmap-tasks": TaskApi,
    "audit-requests": RequestApi,
    "given-to-requests": GivenApi,
    "control-events": ControlEventApi,
    "alert-rules": AlertRuleApi,
    "alerts": AlertApi,
    "checklist-waivers": WaiverApi,
    "description-texts": TextApi,
    "system-flows": FlowApi,
    "user-entity-controls": UserEntityApi,
    "subservice-organizations": SubserviceApi,
    "diagrams": DiagramApi,
    "system-descriptions": DescriptionApi,
    "reports": ReportApi,
    "trail-checks": TrailCheckApi,
    "audit-packages": AuditPackageApi,
    "data-keys": DataKeyApi,
    "key-rotations": KeyRotationApi,
    "printed-reports": PrintedApi,
    "test-populations": PopulationApi,
    "samples": SampleApi,
    "changes": ChangeApi,
    "change-files": ChangeFileApi,
    "change-templates": TemplateApi,
    "change-views": ViewApi,
    "approval-rules": RuleApi,
    "freezes": FreezeApi,
    "freeze-overrides": OverrideApi,
    "change-sources": SourceApi,
    "deployments": DeploymentApi,
    "gate-answers": GateAnswerApi,
    "incidents": IncidentApi,
    "incident-entries": EntryApi,
    "incident-tasks": IncidentTaskApi,
    "incident-links": IncidentLinkApi,
    "incident-reviews": IncidentReviewApi,
    "notification-clocks": ClockApi,
    "notification-rules": NotificationRuleApi,
    "holidays": HolidayApi,
    "security-events": SecurityEventApi,
    "on-call-schedules": OnCallScheduleApi,
    "on-call-overrides": OnCallOverrideApi,
    "escalation-policies": EscalationPolicyApi,
    "escalation-steps": EscalationStepApi,
    "escalations": EscalationApi,
    "alert-channels": AlertChannelApi,
    "alert-deliveries": AlertDeliveryApi,
    "incoming-alerts": IncomingAlertApi,
    "checks": HealthCheckApi,
    "maintenance": MaintenanceApi,
    "recovery-tests": RecoveryApi,
    "capacity-reviews": CapacityApi,
    "load-tests": LoadApi,
    "vendors": VendorApi,
    "vendor-keys": VendorKeyApi,
    "vendor-documents": VendorDocumentApi,
    "vendor-duties": VendorDutyApi,
    "vendor-questionnaires": QuestionnaireApi,
    "vendor-answers": QuestionnaireAnswerApi,
    "risks": RiskApi,
    "risk-tasks": RiskTaskApi,
    "risk-scales": RiskScaleApi,
    "risk-assessments": RiskAssessmentApi,
    "vulnerabilities": VulnerabilityApi,
    "scan-scopes": ScanScopeApi,
    "tls-endpoints": EndpointApi,
    "scans": ScanApi,
    "penetration-tests": PenetrationTestApi,
    "processing-schemas": ProcessingSchemaApi,
    "schema-versions": SchemaVersionApi,
    "acknowledgements": AcknowledgementApi,
    "acknowledgement-campaigns": AcknowledgementCampaignApi,
    "background-checks": BackgroundCheckApi,
    "training-courses": CourseApi,
    "training-records": TrainingApi,
    "policies": PolicyApi,
    "policy-exceptions": PolicyExceptionApi,
    "policy-versions": PolicyVersionApi,
    "violations": ViolationApi,
    "processing-records": ProcessingRecordApi,
    "data-classes": DataClassApi,
    "data-inventory": DataSetApi,
    "retention-schedules": RetentionScheduleApi,
    "legal-holds": LegalHoldApi,
    "deletion-certificates": DeletionCertificateApi,
    "ended-customers": EndedCustomerApi,
    "customer-places": CustomerStepApi,
    "privacy-notices": NoticeApi,
    "notice-versions": NoticeVersionApi,
    "consents": ConsentApi,
    "data-subject-requests": SubjectRequestApi,
    "data-subject-tasks": RequestTaskApi,
}.items():
    router.register(prefix, resource, prefix)

urlpatterns = [
    path("reference", views.reference, name="api_reference"),
    path("reference/<slug:area>", views.reference_of, name="api_reference_of"),
    path("openapi.yaml", views.schema_file, name="api_schema"),
    path("compliance/dashboard", DashboardApi.as_view({"get": "show"}), name="compliance-dashboard"),
    path("compliance/tests", ResultsApi.as_view({"get": "show"}), name="compliance-tests"),
    path("compliance/binder", BinderApi.as_view({"get": "show"}), name="compliance-binder"),
    path("organization", OrganizationApi.as_view({"get": "retrieve", "patch": "partial_update"}), name="organization"),
    path("change-settings", SettingsApi.as_view({"get": "retrieve", "patch": "partial_update"}), name="change-settings"),
    path(
        "incident-settings",
        IncidentSettingsApi.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="incident-settings",
    ),
    path("alert-settings", AlertSettingsApi.as_view({"get": "retrieve", "patch": "partial_update"}), name="alert-settings"),
    path("report-recipients", RecipientsApi.as_view({"get": "retrieve", "patch": "partial_update"}), name="report-recipients"),
    path("hooks/<slug:slug>/<uuid:pk>", hook, name="change_hook"),
    path("calls/<slug:slug>/<uuid:pk>/<str:key>", call, name="check_call"),
    path(
        "deployment-environments",
        EnvironmentsApi.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="deployment-environments",
    ),
    path("changes/<str:pk>/gate", GateApi.as_view({"get": "show"}), name="change-gate"),
    path(
        "vulnerability-settings",
        VulnerabilitySettingsApi.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="vulnerability-settings",
    ),
    path("processing/<slug:key>", ProcessingApi.as_view({"post": "record"}), name="processing-record"),
    path("incidents/measures", MeasuresApi.as_view({"get": "show"}), name="incident-measures"),
    path("me", MeApi.as_view({"get": "show"}), name="me"),
    *router.urls,
]
