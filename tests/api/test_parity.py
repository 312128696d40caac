"""What a person can do on a screen a program can do by the API, but for what stands here with its reason."""

from typing import Any, cast

from api.operations import Lists
from api.resources import Resource
from changes.deployments.coverage_api import EnvironmentsApi
from changes.drafting.api import SettingsApi
from grc.urls_api import router
from home.api import OrganizationApi
from incidents.alerts.api import AlertSettingsApi
from incidents.reporting.api import IncidentSettingsApi
from reports.monthly.api import RecipientsApi
from tests.routes import routes
from ui.screens import FormScreen, ListScreen
from vulnerabilities.api import VulnerabilitySettingsApi

FACTOR = "asks for a second factor, which a token cannot show"
BROWSER = "leads through several pages in a browser"
OTHERWISE = "is an operation of its own"
LEFT_OUT = {
    "members:company-allow-passwords": FACTOR,
    "members:company-require": FACTOR,
    "members:conflict-accept": FACTOR,
    "members:edit": FACTOR,
    "members:end_sessions": FACTOR,
    "members:identity-unlink": FACTOR,
    "members:idle-limit": FACTOR,
    "members:invite": FACTOR,
    "members:provider-add": FACTOR,
    "members:provider-change": FACTOR,
    "members:provider-factor": FACTOR,
    "members:provider-factor-withdraw": FACTOR,
    "members:provider-remove": FACTOR,
    "members:provider-try": FACTOR,
    "members:remove": FACTOR,
    "members:restore": FACTOR,
    "members:role-accept": FACTOR,
    "members:role-change": FACTOR,
    "members:role-create": FACTOR,
    "members:role-retire": FACTOR,
    "members:service-create": FACTOR,
    "members:token-create": FACTOR,
    "members:token-revoke": FACTOR,
    "proof:keys-replace": FACTOR,
    "reviews:sign-off": FACTOR,
    "privacy:hold-lift": FACTOR,
    "privacy:request-erase": FACTOR,
    "privacy:schedule-run": FACTOR,
    "controls:description-frozen-sign": FACTOR,
    "controls:description-write": OTHERWISE,
    "controls:diagram-add": OTHERWISE,
    "controls:waiver-create": OTHERWISE,
    "controls:criteria": OTHERWISE,
    "inventory:snapshot-mapping": OTHERWISE,
    "controls:library": BROWSER,
    "controls:setup-controls": BROWSER,
    "controls:setup-questions": BROWSER,
    "controls:setup-scope": BROWSER,
    "controls:import": BROWSER,
    "controls:import-preview": BROWSER,
    "controls:request-import": BROWSER,
    "controls:request-preview": BROWSER,
    "inventory:roster-detail": BROWSER,
    "evidence:import-create": BROWSER,
    "changes:deployment-import": BROWSER,
    "changes:deployment-preview": BROWSER,
    "changes:import": BROWSER,
    "changes:preview": BROWSER,
    "changes:source-import": OTHERWISE,
    "changes:source-preview": BROWSER,
    "changes:source-secret": FACTOR,
    "changes:template-approve": FACTOR,
    "incidents:channel-secret": FACTOR,
    "incidents:holiday-import": "a person looks through what a country's list brought in",
    "incidents:rule-templates": "the schedule gives them to each organization by itself",
    "workflow:host-allow": FACTOR,
    "workflow:reset-ask": FACTOR,
    "workflow:reset-confirm": FACTOR,
    "workflow:reset-refuse": FACTOR,
    "privacy:class-import": BROWSER,
    "privacy:consent-import": BROWSER,
    "privacy:dataset-import": BROWSER,
    "privacy:schedule-import": BROWSER,
    "privacy:step-add": OTHERWISE,
    "privacy:task-add": OTHERWISE,
    "privacy:version-create": OTHERWISE,
    "privacy:customer-import": BROWSER,
    "privacy:customer-preview": BROWSER,
    "privacy:hold-import": BROWSER,
    "privacy:hold-preview": BROWSER,
    "privacy:request-import": BROWSER,
    "privacy:request-preview": BROWSER,
    "privacy:notice-import": BROWSER,
    "privacy:notice-preview": BROWSER,
    "processing:version-try": OTHERWISE,
    "risks:assessment-approve": OTHERWISE,
    "risks:import": BROWSER,
    "risks:preview": BROWSER,
    "risks:task-add": OTHERWISE,
    "risks:view-keep": BROWSER,
    "vulnerabilities:scope-import": OTHERWISE,
    "vulnerabilities:scan-preview": BROWSER,
    "vulnerabilities:view-keep": BROWSER,
    "vendors:view-keep": BROWSER,
    "vendors:import": BROWSER,
    "vendors:key-import": BROWSER,
    "vendors:key-preview": BROWSER,
    "vendors:import-preview": BROWSER,
    "vulnerabilities:test-finding": OTHERWISE,
    "policies:background-import": BROWSER,
    "policies:background-preview": BROWSER,
    "policies:background-rule": "is decided once, by a person who sees whom it would name",
    "policies:exception-import": BROWSER,
    "policies:exception-preview": BROWSER,
    "policies:violation-import": BROWSER,
    "policies:violation-preview": BROWSER,
    "policies:register-import": BROWSER,
    "policies:register-preview": BROWSER,
    "policies:training-import": BROWSER,
    "policies:training-preview": BROWSER,
    "policies:acknowledgement-confirm": OTHERWISE,
    "policies:begin": OTHERWISE,
    "policies:version-approve": OTHERWISE,
    "policies:starters": "a person reads what each says of the organization before it is theirs",
    "changes:approve": OTHERWISE,
    "changes:asker": OTHERWISE,
    "changes:clone": OTHERWISE,
    "changes:detach": OTHERWISE,
    "changes:reject": OTHERWISE,
    "controls:finding-unlink": OTHERWISE,
    "controls:request-unlink": OTHERWISE,
}
# What a person does by a button alone, and the operation that does it.
BUTTONS = {
    "monitoring:address": "checks address",
    "monitoring:restore": "checks restore",
    "monitoring:resume": "checks resume",
    "monitoring:try": "checks try_now",
    "monitoring:try-new": BROWSER,
    "changes:close": "changes close",
    "changes:source-restore": "change-sources restore",
    "changes:submit": "changes submit",
    "changes:deployment-reconcile": "deployments reconcile",
    "changes:pdf-make": BROWSER,
    "changes:save": BROWSER,
    "changes:view-forget": "change-views forget",
    "changes:template-submit": "change-templates submit",
    "changes:unwatch": "changes unwatch",
    "changes:watch": "changes watch",
    "incidents:acknowledge": "incidents acknowledge",
    "incidents:channel-restore": "alert-channels restore",
    "incidents:channel-test": "alert-channels test",
    "incidents:delivery-again": "alert-deliveries send_again",
    "incidents:override-withdraw": "on-call-overrides withdraw",
    "incidents:policy-restore": "escalation-policies restore",
    "incidents:schedule-restore": "on-call-schedules restore",
    "incidents:step-remove": "escalation-steps remove",
    "incidents:holiday-remove": "holidays remove",
    "incidents:review-pdf-make": "incident-reviews print_",
    "incidents:rule-on": "notification-rules turn_on",
    "incidents:investigate": "incidents investigate",
    "vendors:answer-follow": "vendor-answers follow",
    "vendors:begin": "vendors begin",
    "vendors:leave": "vendors leave",
    "vendors:view-forget": BROWSER,
    "risks:view-forget": BROWSER,
    "proof:check-now": "trail-checks now",
    "proof:rotation-resume": "key-rotations resume",
    "proof:rotation-stop": "key-rotations stop",
    "proof:package-retry": "audit-packages retry",
    "vulnerabilities:endpoint-check": "tls-endpoints check",
    "vulnerabilities:scope-restore": "scan-scopes restore",
    "vulnerabilities:view-forget": BROWSER,
    "vulnerabilities:test-close": "penetration-tests close",
    "workflow:absence-end": "absences end",
    "controls:finding-start": "findings start",
    "controls:period-include": "periods include",
    "controls:request-start": "audit-requests start",
    "controls:roadmap-make": "gap-analyses roadmap",
    "controls:roadmap-task-done": "roadmap-tasks done",
    "controls:roadmap-task-reopen": "roadmap-tasks reopen",
    "controls:setup-keep": BROWSER,
    "evidence:import-discard": BROWSER,
    "evidence:import-start": BROWSER,
    "evidence:link-remove": "evidence-links remove",
    "inventory:alias-remove": "person-aliases remove",
    "inventory:roster-discard": "rosters discard",
    "inventory:snapshot-import": "populations import_",
    "inventory:snapshot-read": "populations read",
    "inventory:snapshot-stop": "populations stop",
    "members:revoke": FACTOR,
    "members:view-as": BROWSER,
    "members:view-as-member": BROWSER,
    "members:view-leave": BROWSER,
    "policies:acknowledgement-pdf-make": "acknowledgements print_",
    "policies:preview": BROWSER,
    "policies:version-pdf-make": "policy-versions print_",
    "processing:schema-starters": "processing-schemas starters",
    "processing:version-activate": "schema-versions activate",
    "reports:monthly-retry": "reports retry",
    "reviews:item-decide": "review-items decide",
    "reviews:remind": "reviews remind",
    "reviews:report-make": "reviews report",
    "workflow:mail-send": "mail send",
    "workflow:reset-stop": "factor-resets stop",
}
# Lists that the API does not have as such.
NO_LISTS = {
    "controls:test-results": "with its figures it is compliance/tests",
    "evidence:import-detail": BROWSER,
    "evidence:import-list": BROWSER,
    "members:tokens": FACTOR,
    "reports:control-evidence": "the links are controls/{id}/evidence, the items evidence",
    "reports:evidence": "a part of evidence, by day",
    "controls:period-evidence": "a part of evidence, by day",
}


def registered() -> list[tuple[str, type[Resource]]]:
    routed = [(prefix, cast("type[Resource]", viewset)) for prefix, viewset, _ in router.registry]
    return [
        *routed,
        ("organization", OrganizationApi),
        ("report-recipients", RecipientsApi),
        ("alert-settings", AlertSettingsApi),
        ("change-settings", SettingsApi),
        ("incident-settings", IncidentSettingsApi),
        ("deployment-environments", EnvironmentsApi),
        ("vulnerability-settings", VulnerabilitySettingsApi),
    ]


def test_every_form_has_its_operation():
    driven = {getattr(one, "screen", None) for _, resource in registered() for one in resource.operations.values()}
    forms: dict[str, Any] = {
        route.name: route.view.view_class
        for route in routes("grc.urls_organization")
        if issubclass(getattr(route.view, "view_class", object), FormScreen)
    }
    assert {name for name, screen in forms.items() if screen not in driven} <= set(LEFT_OUT)
    assert not {name for name in LEFT_OUT if forms.get(name) in driven}, "these have one by now"


def test_every_button_has_its_operation():
    operations = {f"{prefix} {name}": one for prefix, resource in registered() for name, one in resource.operations.items()}
    buttons = {route.name: route for route in routes("grc.urls_organization") if "POST" in getattr(route.view, "methods", ())}
    assert set(buttons) == set(BUTTONS)
    for name, said in BUTTONS.items():
        if said in operations:
            assert operations[said].permission == buttons[name].permission, name
        else:
            assert said in {FACTOR, BROWSER}, f"{name}: there is no operation {said}"


def test_every_list_has_its_operation():
    driven = {getattr(one, "screen", None) for _, resource in registered() for one in resource.operations.values()}
    lists: dict[str, Any] = {
        route.name: route.view.view_class
        for route in routes("grc.urls_organization")
        if issubclass(getattr(route.view, "view_class", object), ListScreen)
    }
    assert {name for name, screen in lists.items() if screen not in driven} == set(NO_LISTS)


def test_an_operation_asks_for_what_its_screen_asks():
    for _, resource in registered():
        for name, one in resource.operations.items():
            screen = getattr(one, "screen", None)
            assert screen is None or one.permission == screen.permission, (resource, name)


def test_the_filters_of_a_list_are_those_of_its_screen(program, acme):
    """The schema names them all: a request with one that is made up is refused, one with each of them is not."""
    for prefix, resource in registered():
        listed = resource.operations.get("list")
        if not isinstance(listed, Lists):
            continue
        for one in listed.known_filters():
            answer = program.get(f"{prefix}?{one.name}=surely-no-value")
            assert answer.status_code in {200, 400, 403}, (prefix, one.name)
            assert "There is no parameter" not in answer.json().get("detail", ""), (prefix, one.name)
        assert program.get(f"{prefix}?made_up=1").status_code in {400, 403}, prefix
