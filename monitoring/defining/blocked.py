"""What helps with a look that Plumbline refused: whoever may allow the host is led there, others are told who may."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Member
from accounts.roles import words_for
from monitoring.models import Check
from workflow.outgoing.addresses import ALLOWABLE
from workflow.outgoing.hosts import RUN

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Help:
    """Where the host of a check is allowed; without an address, by whom."""

    host: str
    url: str
    roles: str


def help_with(check: Check, detail: str, member: Member) -> Help | None:
    """None where the look was not refused for its host."""
    if ALLOWABLE not in detail:
        return None
    host, port = _place(check)
    query = urlencode({"host": host, "port": port or ""})
    return Help(host, f"{reverse('workflow:host-allow')}?{query}" if member.can(RUN) else "", words_for(RUN))


def _place(check: Check) -> tuple[str, int | None]:
    if check.host:
        return check.host, check.port
    parts = urlsplit(check.url)
    return parts.hostname or "", parts.port or _PORTS.get(parts.scheme)
