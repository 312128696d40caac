"""Somebody with every role in acme tries every id of globex, by every way in."""

import inspect
import os
import uuid
from contextlib import suppress
from itertools import cycle, product
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.test import Client
from django.urls.converters import UUIDConverter

from accounts.models import Member
from audit.models import AuditEvent
from grc.celery import app
from tenancy.models import Organization
from tenancy.scope import tenant
from tenancy.tasks import TenantTask
from tests.cast import Cast, signed_in
from tests.journeys.walk import model_of
from tests.routes import Route, routes
from tests.tenancy.everything import TENANT_MODELS, WORD, Ids, ids_of, make_everything
from workflow.jobs import Work, progress_of, start_job
from workflow.models import Job

pytestmark = pytest.mark.slow
EVERY_ROLE = ["administrator", "compliance_manager", "reviewer", "auditor"]
ROUTES = routes("grc.urls_organization")
WITH_IDS = [route for route in ROUTES if any(isinstance(one, UUIDConverter) for one in route.converters.values())]
SHUT = {403, 404, 405}
# A list that is posted to without naming a bulk action says so before it looks for anything.
SENSELESS = 400
# A long run puts every id into every address, and posts to each. Otherwise one in POSTED of the ids of other models is posted to
# where GET says that nothing is there: a screen looks its record up in one way for both.
LONG = os.environ.get("PLUMBLINE_TEST_ROUNDS") == "long"
NEAR, FAR, POSTED = (1, 1, 1) if LONG else (10, 60, 5)
NOT_THERE = 404
# What the arguments of tasks are ids of.
ARGUMENTS = {
    "batch_id": "controls.EventBatch",
    "import_id": "evidence.EvidenceImport",
    "source_id": "changes.ChangeSource",
    "file_id": "evidence.StoredFile",
    "job_id": "workflow.Job",
    "snapshot_id": "inventory.Snapshot",
    "member_id": "accounts.Member",
    "campaign_id": "reviews.Campaign",
    "message_id": "workflow.OutboxMessage",
    "roster_id": "inventory.RosterImport",
    "population_id": "evidence.Population",
    "change_id": "changes.Change",
    "incident_review_id": "incidents.IncidentReview",
    "policy_version_id": "policies.PolicyVersion",
    "run_id": "controls.GapRun",
    "description_id": "controls.SystemDescription",
    "package_id": "proof.AuditPackage",
    "rotation_id": "proof.KeyRotation",
    "report_id": "reports.MonthlyReport",
    "schema_id": "processing.ProcessingSchema",
    "scope_id": "vulnerabilities.ScanScope",
    "assessment_id": "risks.RiskAssessment",
    "delivery_id": "incidents.AlertDelivery",
    "escalation_id": "incidents.Escalation",
    "certificate_id": "privacy.DeletionCertificate",
    "request_id": "privacy.SubjectRequest",
    "acknowledgement_id": "policies.Acknowledgement",
}
# What they take beside ids.
BESIDE: dict[str, Any] = {"missing": [], "left_on": "", "stated": {}}


@pytest.fixture
def theirs(globex: Organization) -> Ids:
    """The ids of everything in globex."""
    make_everything(globex)
    return ids_of(globex)


@pytest.fixture
def client(db: None) -> Client:
    """Somebody with every role in acme."""
    member = Cast().manager
    Member.objects.filter(pk=member.pk).update(roles=EVERY_ROLE)
    return signed_in(Cast().manager)


def everything_in(organization: Organization) -> dict[str, Any]:
    """All that is stored for an organization, but for the trail."""
    with tenant(organization):
        models: list[type[Model]] = [model for model in TENANT_MODELS if model is not AuditEvent]
        return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


def tried(route: Route, labels: list[str]) -> list[str]:
    """Whose ids are put into a route: its own model's, one in NEAR of its area and one in FAR of the others, turn by turn."""
    about, turn = model_of(route)._meta, WITH_IDS.index(route)
    own = [label for label in labels if label == about.label]
    near = [label for label in labels if label.startswith(f"{about.app_label}.") and label not in own]
    far = [label for label in labels if label not in own and label not in near]
    return [*own, *near[turn % NEAR :: NEAR], *far[turn % FAR :: FAR]]


def filled(route: Route, own: Ids, theirs: Ids) -> set[str]:
    """The route's paths with their ids; where it takes two, also with one's own first."""
    uuids = [name for name, converter in route.converters.items() if isinstance(converter, UUIDConverter)]
    foreign = [one for label in tried(route, list(theirs)) for one in theirs[label]]
    paths = {route.path("/o/acme/", **dict.fromkeys(uuids, one)) for one in foreign}
    if len(uuids) == 2:
        mine = [one for label in ("reviews.Campaign", "inventory.Snapshot") for one in own[label]]
        paths |= {route.path("/o/acme/", **dict(zip(uuids, pair, strict=True))) for pair in product(mine, foreign)}
    return paths


def test_there_is_something_of_everything_to_reach_for(theirs):
    assert [label for label, found in theirs.items() if not found] == []


def test_no_address_leads_to_another_organization(theirs, client, acme, globex):
    make_everything(acme)
    own, before = ids_of(acme), everything_in(globex)
    reached, turn = [], cycle(range(POSTED))
    for route in WITH_IDS:
        own_model = filled(route, own, {model_of(route)._meta.label: theirs.get(model_of(route)._meta.label, [])})
        for path in sorted(filled(route, own, theirs)):
            seen = client.get(path).status_code
            done = client.post(path).status_code if path in own_model or seen != NOT_THERE or next(turn) == 0 else seen
            if seen not in SHUT or done not in SHUT | {SENSELESS}:
                reached.append((route.name, seen, done, path))
    assert reached == [], reached[:5]
    assert everything_in(globex) == before


def test_no_list_or_export_shows_another_organization(theirs, client):
    plain = [route for route in ROUTES if not route.converters]
    for route in plain:
        for query in ("", "?export=csv", f"?q={WORD}"):
            answer = client.get(route.path("/o/acme/") + query)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            shown = body.decode(errors="replace").replace(f'value="{WORD}"', "").replace(f"q={WORD}", "")
            assert WORD not in shown, (route.name, query)


def test_no_form_takes_an_id_of_another_organization(theirs, client, acme, globex):
    make_everything(acme)
    own, before = ids_of(acme), everything_in(globex)
    their_person, their_system = theirs["inventory.Person"][0], theirs["inventory.System"][0]
    my_removal, my_system = own["inventory.Removal"][0], own["inventory.System"][0]
    given: list[tuple[str, dict[str, Any]]] = [
        ("reviews/new/", {"quarter": acme.today().strftime("%Y-Q1"), "systems": [their_system]}),
        ("access/systems/new/", {"name": "X", "kind": "saas", "owner": their_person, "route_1": "system_owner"}),
        (f"access/systems/{my_system}/edit/", {"name": "X", "kind": "saas", "owner": their_person, "route_1": "system_owner"}),
        (f"access/removals/{my_removal}/reassign/", {"assignee": their_person, "reason": "x"}),
        (f"reviews/scope/{own['reviews.CampaignSystem'][0]}/", {"snapshot": theirs["inventory.Snapshot"][0], "first": "backup"}),
        ("access/people/new/", {"name": "X", "email": "x@acme.example", "kind": "employee", "manager": their_person}),
        ("access/snapshots/new/", {"system": their_system, "key": uuid.uuid4(), "extracted_by": "x", "query": "x"}),
    ]
    for path, form in given:
        assert client.post(f"/o/acme/{path}", form).status_code in {404, 409, 422}, path
    chosen = {"action": "claim", "claim-note": "x", "selected": [theirs["inventory.Removal"][0]]}
    client.post("/o/acme/access/removals/", chosen)
    assert everything_in(globex) == before


def test_how_far_a_job_is_stays_within_its_organization(theirs, acme, globex):
    key = theirs["workflow.Job"][0]
    Work(key, globex.pk).progress(5, 10)
    assert progress_of(Job(pk=key, tenant_id=globex.pk)) == (5, 10)
    assert progress_of(Job(pk=key, tenant_id=acme.pk)) == (0, 0)


def tenant_tasks() -> list[TenantTask]:
    """Every task that travels for an organization."""
    app.loader.import_default_modules()
    return sorted((task for task in app.tasks.values() if isinstance(task, TenantTask)), key=lambda task: task.name)


@pytest.mark.parametrize("job", ["theirs", "ours"])
def test_no_task_of_one_organization_touches_another(theirs, acme, globex, job):
    with tenant(acme):
        ours = start_job("tests.nothing", title="Nothing", actor=Cast().manager)
    before, own = everything_in(globex), everything_in(acme)
    assert tenant_tasks()
    for task in tenant_tasks():
        names = [name for name, one in inspect.signature(task.run).parameters.items() if one.default is one.empty]
        if not set(names) & ARGUMENTS.keys():  # the name of a periodic job, or nothing: no ids at all
            assert set(names) <= {"name"}
            continue
        given = {name: str(theirs[ARGUMENTS[name]][0]) if name in ARGUMENTS else BESIDE[name] for name in names}
        if job == "ours" and "job_id" in given:
            given["job_id"] = str(ours.pk)
        with tenant(acme), suppress(ObjectDoesNotExist):
            task.apply_async(kwargs=given)
    assert everything_in(globex) == before
    assert everything_in(acme) | {"workflow.Job": None} == own | {"workflow.Job": None}


def test_every_model_with_an_organization_is_tried(theirs):
    assert {model._meta.label for model in apps.get_models() if hasattr(model, "tenant_id")} <= set(theirs)
