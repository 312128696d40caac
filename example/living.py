"""What goes on in the example while it runs: it looks at itself, and what calls in hour by hour keeps calling.

No host of the example exists, so nothing of it is asked: its checks are called, as jobs and probes inside a network call, and
one looks at this installation. What is silent in its story stays silent.
"""

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q

from accounts.models import Member
from audit.actors import System
from monitoring.calling.taking import take_call
from monitoring.defining.actions import create_check, edit_check
from monitoring.models import Check
from tenancy.models import Organization
from workflow.models import AllowedHost
from workflow.outgoing.hosts import allow_host, withdraw_host

ITSELF, PAGE = "Plumbline, this installation", "/healthz"
WHY = "Plumbline looks at its own pages."
STORY = System("example")
CALLING = ("Production database", "Invoicing application")
OFTEN = dt.timedelta(minutes=30)
_OWN = frozenset({"localhost", "127.0.0.1", "::1"})


def watch_itself(administrator: Member, manager: Member) -> None:
    """A check of the address of this installation, which an administrator has allowed where it is the machine's own."""
    place = _place(own_page())
    if place[0] in _OWN:
        allow_host(actor=administrator, host=place[0], port=place[1], reason=WHY)
    create_check(actor=manager, name=ITSELF, kind="http", url=own_page(), interval=60, timeout=10, slow_after=2_000, failures=3)


def follow_address(organization: Organization, _at: dt.datetime) -> None:
    """In an example organization, the check of this installation follows it: started again on another port, it is there.

    Asked at each start, and by the schedule. One that somebody has pointed at something else, or retired, is left alone.
    """
    if not organization.is_example:
        return
    looking = Check.objects.filter(name=ITSELF, kind="http").exclude(status=Check.Status.RETIRED)
    for check in looking.exclude(url=own_page()).filter(url__endswith=PAGE):
        _allow_along(_place(check.url))
        edit_check(check, actor=STORY, url=own_page())


def _allow_along(left: tuple[str, int]) -> None:
    """What was allowed for the address that is left holds for the new one, and no more for that; nothing else is opened."""
    host, port = _place(own_page())
    ours = AllowedHost.objects.filter(status=AllowedHost.Status.ALLOWED)
    before = ours.filter(host=left[0], port=left[1], reason=WHY).first()
    if before is None or host not in _OWN or left == (host, port):
        return
    withdraw_host(before, actor=STORY, reason="Plumbline is reached at another address now.")
    if not ours.filter(Q(port=port) | Q(port=None), host=host).exists():
        allow_host(actor=STORY, host=host, port=port, reason=WHY)


def own_page() -> str:
    """The address at which this installation says that it is alive."""
    return f"{settings.PLUMBLINE_BASE_URL}{PAGE}"


def _place(url: str) -> tuple[str, int]:
    """Host and port of an address."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def call_in(organization: Organization, at: dt.datetime) -> None:
    """In an example organization, what calls in by its story calls; twice an hour at most."""
    if not organization.is_example:
        return
    calling = Check.objects.filter(name__in=CALLING, kind="heartbeat", status=Check.Status.ACTIVE)
    for check in calling.exclude(called_at__gt=at - OFTEN):
        take_call(check, at=at)
