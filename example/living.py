"""What goes on in the example while it runs: it looks at itself, and what calls in hour by hour keeps calling.

No host of the example exists, so nothing of it is asked: its checks are called, as jobs and probes inside a network call, and
one looks at this installation. What is silent in its story stays silent.
"""

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings

from accounts.models import Member
from monitoring.calling.taking import take_call
from monitoring.defining.actions import create_check
from monitoring.models import Check
from tenancy.models import Organization
from workflow.outgoing.hosts import allow_host

ITSELF = "Plumbline, this installation"
CALLING = ("Production database", "Invoicing application")
OFTEN = dt.timedelta(minutes=30)
_OWN = frozenset({"localhost", "127.0.0.1", "::1"})


def watch_itself(administrator: Member, manager: Member) -> None:
    """A check of the address of this installation, which an administrator has allowed where it is the machine's own."""
    place = urlsplit(settings.PLUMBLINE_BASE_URL)
    if place.hostname in _OWN:
        port = place.port or (443 if place.scheme == "https" else 80)
        allow_host(actor=administrator, host=place.hostname, port=port, reason="Plumbline looks at its own pages.")
    url = f"{settings.PLUMBLINE_BASE_URL}/healthz"
    create_check(actor=manager, name=ITSELF, kind="http", url=url, interval=60, timeout=10, slow_after=2_000, failures=3)


def call_in(organization: Organization, at: dt.datetime) -> None:
    """In an example organization, what calls in by its story calls; twice an hour at most."""
    if not organization.is_example:
        return
    calling = Check.objects.filter(name__in=CALLING, kind="heartbeat", status=Check.Status.ACTIVE)
    for check in calling.exclude(called_at__gt=at - OFTEN):
        take_call(check, at=at)
