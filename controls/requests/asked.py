"""The auditor's requests that new evidence is given to as it is added, by their numbers."""

import re

from audit.actors import Actor
from controls.models import AuditRequest
from controls.requests.giving import Given, supply
from evidence.models import Evidence
from ui.refusals import ActionRefused

_BETWEEN = re.compile(r"[;,]")


def check(text: str) -> list[str]:
    """A sentence for each number that no request bears that takes something now, or that several do."""
    return [reason for number in _numbers(text) if (reason := _why_not(number, len(_taking(number))))]


def link(evidence: Evidence, text: str, actor: Actor) -> None:
    """Give the item to each. Raises ActionRefused."""
    for number in _numbers(text):
        taking = _taking(number)
        if reason := _why_not(number, len(taking)):
            raise ActionRefused(reason)
        supply(taking[0], actor=actor, given=Given(evidence=[evidence]))


def _numbers(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in _BETWEEN.split(text) if part.strip()))


def _taking(number: str) -> list[AuditRequest]:
    """Those of this number that are with the team: of several audit periods each may have one."""
    open_ones = AuditRequest.objects.filter(reference__iexact=number, status__in=AuditRequest.SUBMIT.sources)
    return list(open_ones.select_related("assignee", "period")[:2])


def _why_not(number: str, found: int) -> str:
    if not found:
        return f"No request {number[:40]} waits for something."
    return f"Requests of several audit periods are called {number[:40]}: give it on the request's page." if found > 1 else ""
