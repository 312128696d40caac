"""An auditor limited to a period long ago opens every address: nothing with a date of today is there, and none breaks."""

from typing import Any

import pytest
from django.test import Client

from accounts.actions import set_limits
from accounts.models import Member
from audit.actors import System
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.cast import Cast, signed_in
from tests.controls.periods_made import a_period
from tests.journeys.walk import addresses, model_of
from tests.routes import Route, routes
from tests.tenancy.everything import TENANT_MODELS, Ids, ids_of, make_everything

pytestmark = pytest.mark.slow
DATED = {model for model in TENANT_MODELS if model.seen_within is not None}
SHUT = {403, 404, 405}


def limited(organization: Organization, year: int) -> Member:
    cast = Cast()
    with tenant(organization):
        period = a_period(cast.of(organization.slug, "manager"), year)
        auditor = cast.of(organization.slug, "auditor")
        set_limits(auditor, areas=[], audit_period=period.pk, actor=System("test"))
    return cast.of(organization.slug, "auditor")


@pytest.fixture
def ours(acme: Organization) -> Ids:
    make_everything(acme)
    return ids_of(acme)


def opened(client: Client, path: str) -> int:
    answer: Any = client.get(path)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return int(answer.status_code)


def test_of_another_time_nothing_dated_is_there(ours, acme):
    member = limited(acme, 2010)
    with tenant(acme), member.limits.held():
        left = {model._meta.label for model in DATED if model.objects.exists()}
    assert left == {"controls.AuditPeriod", "controls.ControlState"}  # the period itself, and how controls stand in it


def test_every_address_is_shut_or_empty_for_whoever_is_limited_to_another_time(ours, acme):
    by_name: dict[str, Route] = {route.name: route for route in routes("grc.urls_organization")}
    shown = addresses(Cast().manager)
    client, wrong = signed_in(limited(acme, 2010)), []
    for name, path in shown:
        status = opened(client, path)
        about = model_of(by_name[name]) if "pk" in by_name[name].converters else None
        if status >= 500 or (about in DATED and status not in SHUT):
            wrong.append((name, status, path))
    assert wrong == []


def test_no_address_of_the_api_breaks_or_shows_what_is_dated(ours, acme, settings):
    settings.PLUMBLINE_API_RATE = 100_000  # within what is one minute to a test
    program, wrong = Program(make_token(limited(acme, 2010))[1]), []
    for route in [route for route in routes("grc.urls") if hasattr(route.view, "actions")]:
        model = getattr(getattr(route.view.cls.output, "Meta", None), "model", None)
        label = model._meta.label if model is not None else ""
        paths = [route.path(pk=one) for one in ours.get(label, [])] if "pk" in route.converters else [route.path()]
        for path in paths:
            status = program.client.get(path, headers=program.headers).status_code
            if status >= 500 or (model in DATED and "pk" in route.converters and status not in SHUT):
                wrong.append((path, status))
    assert wrong == []


def test_every_record_opens_or_is_shut_for_whoever_is_limited_to_the_present_year(ours, acme):
    client = signed_in(limited(acme, acme.today().year))
    about = {route.name for route in routes("grc.urls_organization") if "pk" in route.converters}
    paths = [path for name, path in addresses(Cast().manager) if name in about]
    assert [path for path in paths if opened(client, path) >= 500] == []
