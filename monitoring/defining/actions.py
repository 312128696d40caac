"""Checks: defined, changed, paused, retired; and what is called in by jobs and programs."""

import datetime as dt
import hashlib
import secrets as chance
import time
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from monitoring.checking.judging import UNKNOWN
from monitoring.checking.outages import end_outage
from monitoring.models import Check, CheckSpan, Outage
from monitoring.models.check import EDITS
from monitoring.probing.target import sealed
from monitoring.running.schedule import put
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused
from workflow.changes import change, differing, told
from workflow.outgoing.addresses import canonical
from workflow.outgoing.client import checked_url
from workflow.outgoing.errors import OutgoingRefused
from workflow.outgoing.masking import MASK, unmasked
from workflow.uniqueness import refusing_taken

# What is known no more once nobody looks.
_NOTHING: dict[str, Any] = {"health": UNKNOWN, "since": None, "pending": 0, "pending_at": None, "covered_until": None}


@action
def create_check(*, actor: Actor, secret: str = "", **facts: Any) -> Check:
    """Watch something from now on. Raises ActionRefused, at the field."""
    _authorise(actor)
    check = Check(made_by_id=actor.id, made_at=now(), **facts)
    judge_facts(check)
    check.secret = sealed(secret, check)
    with refusing_taken(Check):
        check.save(force_insert=True)
    after = {name: told(check, name) for name in facts}
    record("check.create", check, actor=actor, after={**after, "secret": "set" if secret else None})
    _look_soon(check)
    return check


@action
def edit_check(check: Check, *, actor: Actor, secret: str = "", forget_secret: bool = False, **facts: Any) -> Check:
    """Change it; what it has found stays. An empty secret leaves the one it has. Raises ActionRefused."""
    _authorise(actor)
    locked = Check.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if locked.status == Check.Status.RETIRED:
        raise ActionRefused("It is retired: put it back first.")
    if "url" in facts:
        facts["url"] = _put_back(facts["url"], locked)
    stored = sealed(secret, locked) if secret else "" if forget_secret else locked.secret
    if not differing(locked, facts) and stored == locked.secret:
        raise ActionRefused("It says so already: nothing was changed.")
    receiver, promised = _receiver(locked), (locked.speaks, locked.allowance)
    for name, value in facts.items():
        setattr(locked, name, value)
    judge_facts(locked)
    if not secret and stored and _receiver(locked) != receiver:
        raise ActionRefused("It would take its secret somewhere else: type the secret again, or forget it.", field="secret")
    with refusing_taken(Check):
        changed = change(check, "check.edit", actor=actor, fields=facts)
    if (changed.speaks, changed.allowance) != promised:
        _promise_anew(changed)
    if stored != changed.secret:
        Check.objects.filter(pk=check.pk).update(secret=stored)
        record("check.set_secret", changed, actor=actor, after={"secret": "set" if stored else None})
    _look_soon(changed)
    return changed


@action
def pause(check: Check, *, actor: Actor, reason: str) -> Check:
    """Look no more for a while; the time counts as paused, neither up nor down."""
    _stop(check, actor=actor, why="Nobody looks: it is paused.")
    Check.PAUSE.apply(check, actor=actor, note=said(reason))
    return check


@action
def resume(check: Check, *, actor: Actor) -> Check:
    """Look again."""
    Check.RESUME.apply(check, actor=actor)
    _begin_again(check)
    return check


@action
def retire(check: Check, *, actor: Actor, reason: str) -> Check:
    """Look no more. What it has found stays."""
    _stop(check, actor=actor, why="Nobody looks: it is retired.")
    Check.RETIRE.apply(check, actor=actor, note=said(reason))
    return check


@action
def restore(check: Check, *, actor: Actor) -> Check:
    """Look again."""
    Check.RESTORE.apply(check, actor=actor)
    _begin_again(check)
    return check


@action
def new_address(check: Check, *, actor: Actor) -> str:
    """A new secret for the address that a job calls; the one before it works no more. Returns it: it is shown once."""
    _authorise(actor)
    locked = Check.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if not locked.is_passive or locked.status == Check.Status.RETIRED:
        raise ActionRefused("Only a heartbeat or a value in use has an address that is called.")
    key = chance.token_urlsafe(24)
    Check.objects.filter(pk=check.pk).update(call_key=digest_of(key))
    record("check.new_address", locked, actor=actor, after={"address": "made"})
    return key


def digest_of(key: str) -> str:
    """What is kept of the secret part of an address."""
    return hashlib.sha256(key.encode()).hexdigest()


def judge_facts(check: Check) -> None:
    """Raise ActionRefused for what cannot be looked at, at the field."""
    for field, read in (("url", checked_url), ("host", canonical)):
        try:
            if written := getattr(check, field):
                read(written)
        except OutgoingRefused as refusal:
            raise ActionRefused(refusal.sentence, field=field) from refusal
    if not check.is_passive and check.timeout > 60:
        raise ActionRefused("A look takes at most 60 seconds.", field="timeout")
    for low, high in (("fail_below", "warn_below"), ("warn_above", "fail_above")):
        first, second = getattr(check, low), getattr(check, high)
        if first is not None and second is not None and first > second:
            raise ActionRefused("It is degraded before it is down: the two limits are the wrong way round.", field=high)


def said(reason: str) -> str:
    """A reason. Raises ActionRefused when there is none."""
    if not reason.strip():
        raise ActionRefused("Give a reason: an auditor will ask for it.", field="reason")
    return reason.strip()


def _stop(check: Check, *, actor: Actor, why: str) -> None:
    """Nothing is known from now on; an outage that goes on ends here, as nobody would see its end."""
    _authorise(actor)
    moment = now()
    locked = Check.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if locked.status != Check.Status.ACTIVE:
        return
    if Outage.objects.filter(check_of=check, status=Outage.Status.ONGOING).exists():
        end_outage(locked, ended_at=moment, actor=actor, note=why)
    CheckSpan.objects.filter(check_of=check, until_at__gt=moment).update(until_at=Greatest(F("from_at"), Value(moment)))
    CheckSpan.objects.create(check_of=check, state=CheckSpan.State.PAUSED, from_at=moment)
    Check.objects.filter(pk=check.pk).update(**_NOTHING)
    transaction.on_commit(partial(put, current_tenant_id(), check.pk, None))


def _begin_again(check: Check) -> None:
    CheckSpan.objects.filter(check_of=check, state=CheckSpan.State.PAUSED, until_at=None).update(until_at=now())
    Check.objects.filter(pk=check.pk).update(last_at=None, called_at=None, **_NOTHING)
    _look_soon(check)


def _receiver(check: Check) -> tuple[Any, ...]:
    """Who is told the secret of a check, and how: whoever may change a check may not have its secret sent to themselves."""
    url = urlsplit(check.url)
    return url.scheme, url.hostname, url.port, check.host, check.port, check.use_tls


def _put_back(url: str, check: Check) -> str:
    """The address with the secrets that its page leaves out, unless they would go somewhere else. Raises ActionRefused."""
    whole = unmasked(url, check.url)
    if whole != url and urlsplit(whole)[:2] != urlsplit(check.url)[:2]:
        raise ActionRefused("It would take the secret in its address somewhere else: type the secret again.", field="url")
    if MASK in whole:
        raise ActionRefused("Type the secret in the address: what was left out is not known.", field="url")
    return whole


def _promise_anew(check: Check) -> None:
    """The last result speaks as long as is promised from now on: what was known until now stays, and no gap is closed."""
    moment = now()
    if check.last_at is None or check.covered_until is None or check.covered_until < moment or check.health == UNKNOWN:
        return
    spans = CheckSpan.objects.filter(check_of=check)
    last = list(spans.exclude(until_at=None).order_by("-from_at").values_list("pk", flat=True)[:1])
    spans.filter(pk__in=last).update(until_at=Greatest(F("from_at"), Value(max(moment, check.last_at + check.speaks))))
    Check.objects.filter(pk=check.pk).update(covered_until=max(moment, check.last_at + check.allowance))


def _look_soon(check: Check) -> None:
    """Let runners learn of it, and look at once."""
    due = None if check.is_passive or check.status != Check.Status.ACTIVE else time.time()
    if check.is_passive and check.called_at is not None:
        due = (check.called_at + check.speaks).timestamp()
    transaction.on_commit(partial(put, current_tenant_id(), check.pk, due))


def moment_after(check: Check, moment: dt.datetime) -> dt.datetime:
    """When the silence of a check that was called becomes an alarm."""
    return moment + check.speaks


def _authorise(actor: Actor) -> None:
    if not actor.can(EDITS):
        raise ActionRefused("Your role does not allow this.")
