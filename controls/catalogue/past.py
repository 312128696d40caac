"""What has fallen due stays due: retiring a control does not take away what it owes."""

import datetime as dt

from controls.models import AuditPeriod, Control, Occurrence
from tenancy.models import current_organization
from ui.refusals import ActionRefused
from ui.values import spelled

KINDS = (Occurrence.Kind.INTERVAL, Occurrence.Kind.EVENT)


def refuse_to_retire(control: Control, day: dt.date) -> None:
    """Raise ActionRefused for a day before what was missed, or that takes a control out of a period which has begun.

    Figures would rise because nobody had done it, or because what is not in place is counted no more.
    """
    today = current_organization().today()
    owed = Occurrence.objects.filter(control=control, kind__in=KINDS, status=Occurrence.Status.OPEN, due_on__lt=today)
    if last := owed.filter(ends_on__gte=day).order_by("-ends_on").first():
        sentence = f"{last.label} fell due on {spelled(last.due_on)} and was not done: excuse it with a reason first."
        raise ActionRefused(f"{sentence} Or retire the control from a later day.", field="retired_on")
    begun = AuditPeriod.objects.filter(status=AuditPeriod.Status.OPEN, starts_on__gt=day, starts_on__lte=today)
    if control.status == Control.Status.ACTIVE and (period := begun.order_by("-starts_on").first()):
        sentence = f"It is in scope of {period}, which has begun: from {spelled(period.starts_on)} at the earliest."
        raise ActionRefused(sentence, field="retired_on")
