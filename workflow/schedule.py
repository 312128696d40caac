"""What runs by itself: asked every 15 minutes for each organization, so that a host that was down catches up."""

import datetime as dt
from collections.abc import Callable

from tenancy.models import Organization

Periodic = Callable[[Organization, dt.datetime], None]
_periodic: dict[str, Periodic] = {}


def register_periodic(name: str, function: Periodic) -> None:
    """Run `function(organization, now)` at each tick in the organization's scope. It must be idempotent."""
    _periodic[name] = function


def periodic_names() -> list[str]:
    """The registered names, in order of registration."""
    return list(_periodic)


def run_periodic(name: str, organization: Organization, at: dt.datetime) -> None:
    """Run one of them; the caller has entered the organization's scope."""
    _periodic[name](organization, at)
