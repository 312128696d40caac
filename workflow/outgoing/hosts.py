"""Hosts of the own network that an administrator lets the product reach."""

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.models import AllowedHost
from workflow.outgoing.addresses import PORTS, Allowed, as_address, canonical
from workflow.outgoing.errors import OutgoingRefused
from workflow.uniqueness import refusing_taken

RUN = "organization.admin"


def allowed_hosts() -> Allowed:
    """What the active organization has allowed, for `fetch` and `check_address`. One query."""
    rows = AllowedHost.objects.filter(status=AllowedHost.Status.ALLOWED)
    return frozenset(rows.values_list("host", "port"))


@action
def allow_host(*, actor: Actor, host: str, reason: str, port: int | None = None) -> AllowedHost:
    """Let the product reach a host of the own network, at one port or at all. Raises ActionRefused, at the field."""
    if not actor.can(RUN):
        raise ActionRefused("Your role does not allow this.")
    if port is not None and port not in PORTS:
        raise ActionRefused("A port is a number from 1 to 65535.", field="port")
    row = AllowedHost(host=_named(host), port=port, reason=reason.strip(), allowed_by_id=actor.id, allowed_at=now())
    if not row.reason:
        raise ActionRefused("Say why: it opens a way into your own network.", field="reason")
    with refusing_taken(AllowedHost):
        row.save(force_insert=True)
    record("allowed_host.allow", row, actor=actor, after={"host": row.host, "port": row.port, "reason": row.reason})
    return row


@action
def withdraw_host(row: AllowedHost, *, actor: Actor, reason: str) -> AllowedHost:
    """Reach it no more: checks and webhooks that lead there fail from now on, and say why."""
    return AllowedHost.WITHDRAW.apply(row, actor=actor, note=reason, withdrawn_at=now())


def _named(host: str) -> str:
    """The host as it is compared. Raises ActionRefused for what is none, or not one host."""
    try:
        name = canonical(host)
    except OutgoingRefused as refusal:
        raise ActionRefused(refusal.sentence, field="host") from refusal
    address = as_address(name)
    if address is not None and (address.is_unspecified or address.is_multicast):
        raise ActionRefused("This is not the address of one host.", field="host")
    return name
