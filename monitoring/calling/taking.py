"""A call is taken: a heartbeat says that a job is done, or has failed; a value is held against its limits."""

import datetime as dt
from functools import partial

from django.db import transaction

from monitoring.checking.judging import DEGRADED, DOWN, HEALTHY
from monitoring.checking.recording import Kept, keep
from monitoring.models import Check, Kind
from monitoring.probing.target import DETAIL, Found
from monitoring.running.schedule import postpone
from monitoring.tasks import tell
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused


def take_call(
    check: Check, *, failed: bool = False, value: float | None = None, detail: str = "", at: dt.datetime | None = None
) -> Check:
    """Keep what a call says; its silence counts from now on. Raises ActionRefused, at the field."""
    if not check.is_passive:
        raise ActionRefused("Plumbline looks at this by itself: it takes no calls.")
    if check.status != Check.Status.ACTIVE:
        raise ActionRefused(f"{check} is {check.get_status_display().lower()}: the call was not kept.")
    if check.kind == Kind.VALUE and value is None and not failed:
        raise ActionRefused("Send the value.", field="value")
    moment = at or now()
    outcome, words = _judged(check, value, failed=failed)
    found = Found(outcome, (detail.strip() or words)[:DETAIL].replace("\x00", ""), value=value)
    Check.objects.filter(pk=check.pk).update(called_at=moment)
    if keep([Kept(check.pk, moment, moment, found)]):
        tell.delay_on_commit()
    due = (moment + check.speaks).timestamp()
    transaction.on_commit(partial(postpone, current_tenant_id(), check.pk, due))
    return check.refreshed()


def _judged(check: Check, value: float | None, *, failed: bool) -> tuple[str, str]:
    """What a call means, and in words why it is not well."""
    if failed:
        return DOWN, "It called to say that it failed."
    if value is None:
        return HEALTHY, ""
    unit = f" {check.value_unit}" if check.value_unit else ""
    limits = (
        (check.fail_above, DOWN, "more"),
        (check.fail_below, DOWN, "less"),
        (check.warn_above, DEGRADED, "more"),
        (check.warn_below, DEGRADED, "less"),
    )
    for limit, outcome, words in limits:
        if limit is not None and (value > limit if words == "more" else value < limit):
            return outcome, f"{value:g}{unit}, {words} than {limit:g}."
    return HEALTHY, ""
