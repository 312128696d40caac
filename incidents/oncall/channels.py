"""Writing channels: addresses or a webhook, its secret, a test, and taking it out of use."""

from collections.abc import Sequence

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from incidents.models import AlertChannel, AlertDelivery
from incidents.models.oncall import RUN
from incidents.oncall.calling import call
from incidents.oncall.secrets import new_secret, opened, sealed
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from workflow.outbox import queue_mail
from workflow.outgoing.client import checked_url
from workflow.outgoing.errors import OutgoingRefused
from workflow.uniqueness import refusing_taken

MOST = 50  # addresses of a list


@action
def create_channel(*, actor: Actor, name: str, kind: str, addresses: Sequence[str] = (), url: str = "") -> AlertChannel:
    """Add a channel; a webhook has a secret from the start, which is read on its page. Raises ActionRefused."""
    _authorise(actor)
    channel = AlertChannel(name=name.strip(), kind=kind, made_by_id=actor.id, made_at=now())
    _put_target(channel, addresses, url)
    if channel.is_webhook:
        channel.secret, channel.secret_at = sealed(new_secret(), channel.pk, "secret"), now()
    with refusing_taken(AlertChannel):
        channel.save(force_insert=True)
    record("alert_channel.create", channel, actor=actor, after=_facts(channel))
    return channel


@action
def edit_channel(channel: AlertChannel, *, actor: Actor, name: str, addresses: Sequence[str] = (), url: str = "") -> AlertChannel:
    """Change its name, and where it leads: the address of a webhook that is left empty stays. Raises ActionRefused."""
    _authorise(actor)
    locked = _in_use(channel)
    before, former = _facts(locked), opened(locked, "url")
    locked.name = name.strip()
    _put_target(locked, addresses, url or former)
    after, moved = _facts(locked), bool(url) and opened(locked, "url") != former
    if before == after and not moved:
        raise ActionRefused("It says so already: nothing was changed.")
    with refusing_taken(AlertChannel):
        locked.save(update_fields=["name", "addresses", "host", "url"])
    record("alert_channel.edit", locked, actor=actor, before=before, after=after | ({"address": "another"} if moved else {}))
    return locked


@action
def set_secret(channel: AlertChannel, *, actor: Actor) -> str:
    """Give a webhook a new secret and return it: it is shown once, and the one before signs nothing any more."""
    _authorise(actor)
    locked = _in_use(channel)
    if not locked.is_webhook:
        raise ActionRefused("A list of addresses signs nothing.")
    text = new_secret()
    locked.secret, locked.secret_at = sealed(text, locked.pk, "secret"), now()
    locked.save(update_fields=["secret", "secret_at"])
    record("alert_channel.set_secret", locked, actor=actor)
    return text


@action
def send_test(channel: AlertChannel, *, actor: Actor) -> AlertDelivery | None:
    """Send a test through it, which says that it is one. Raises ActionRefused."""
    _authorise(actor)
    locked = _in_use(channel)
    event = record("alert_channel.test", locked, actor=actor)
    if locked.is_webhook:
        facts = {"title": "A test: nothing has happened", "sent_by": actor.name}
        return call(locked, event="test", facts=facts, key=f"test:{event.pk}")
    for address in locked.addresses:
        queue_mail(
            to=address,
            subject=f"A test of the channel {locked.name}",
            text=f"{actor.name} has sent this to see whether alarms arrive. Nothing has happened.",
            key=f"test:{event.pk}:{address}"[:200],
        )
    return None


@action
def retire(channel: AlertChannel, *, actor: Actor, reason: str) -> None:
    """Tell it nothing any more."""
    AlertChannel.RETIRE.apply(channel, actor=actor, note=stated(reason, field="reason"))


@action
def restore(channel: AlertChannel, *, actor: Actor) -> None:
    """Tell it again."""
    AlertChannel.RESTORE.apply(channel, actor=actor)


def _put_target(channel: AlertChannel, addresses: Sequence[str], url: str) -> None:
    if not channel.is_webhook:
        listed = list(dict.fromkeys(address.strip() for address in addresses if address.strip()))
        if not listed:
            raise ActionRefused("Name at least one address.", field="addresses")
        if len(listed) > MOST:
            raise ActionRefused(f"At most {MOST} addresses: a list of your mail server holds more.", field="addresses")
        channel.addresses = listed
        return
    try:
        parsed = checked_url(url.strip())
    except OutgoingRefused as refusal:
        raise ActionRefused(refusal.sentence, field="url") from refusal
    channel.host = parsed.netloc.decode()
    channel.url = sealed(str(parsed), channel.pk, "url")


def _facts(channel: AlertChannel) -> dict[str, object]:
    told: dict[str, object] = {"name": channel.name, "kind": channel.kind}
    return told | ({"host": channel.host} if channel.is_webhook else {"addresses": channel.addresses})


def _in_use(channel: AlertChannel) -> AlertChannel:
    found = AlertChannel.objects.select_for_update(of=("self",)).get(pk=channel.pk)
    if found.status != AlertChannel.Status.ACTIVE:
        raise ActionRefused("It is retired: put it back into use first.")
    return found


def _authorise(actor: Actor) -> None:
    if not actor.can(RUN):
        raise ActionRefused("Your role does not allow this.")
