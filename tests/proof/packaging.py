"""A period with two controls, their evidence and a request of the auditor; packages of it."""

import datetime as dt
from typing import Any

from audit.seal.sealing import seal
from audit.seal.witnesses import tell_all
from controls.catalogue.actions import create_control
from controls.evidence import link_evidence
from controls.models import AuditPeriod
from controls.periods.actions import create_period
from controls.requests.actions import raise_request
from controls.requests.giving import Given, submit
from proof.models import AuditPackage
from proof.package.actions import ask_package
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast
from tests.evidence.helpers import kept, stored


def make_period(organization: Organization) -> AuditPeriod:
    """The year."""
    cast, today = Cast(), organization.today()
    manager = cast.of(organization.slug, "manager")
    with tenant(organization):
        first, last = today.replace(month=1, day=1), today.replace(month=12, day=31)
        made = create_period(actor=manager, name="The year", kind="type2", starts_on=first, ends_on=last)
        for number in (1, 2):
            control = create_control(
                actor=manager, code=f"AC-00{number}", title=f"Access / {number}", cadence="quarterly", in_scope_since=first,
                criteria={f"CC6.{number}": "It does."},
            )  # fmt: skip
            item = kept(manager, f"Export {number}", file=stored(f"a,b\n{number},2\n".encode(), "Üser list (final).csv"))
            link_evidence(control, item, "operation", actor=manager)
        request = raise_request(
            actor=cast.of(organization.slug, "auditor"), title="List of leavers", reference="PBC-2", description="",
            category="Access", period=made, assignee=None, due_on=today + dt.timedelta(days=10),
        )  # fmt: skip
        submit(request, actor=manager, given=Given(evidence=[item]))
    return made


def sealed(organization: Organization) -> None:
    """All that is there is under a head that the witnesses know."""
    with tenant(organization):
        seal()
    assert tell_all(organization) == []


def made(period: AuditPeriod, organization: Organization, **what: Any) -> AuditPackage:
    """Ask for a package; it is made at once."""
    sealed(organization)
    with tenant(organization):
        package = ask_package(period, actor=Cast().of(organization.slug, "manager"), **what)
    with tenant(organization):
        return AuditPackage.objects.select_related("file").get(pk=package.pk)
