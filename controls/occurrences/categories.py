"""Which category evidence of a control belongs to, so that its owner is not asked."""

from controls.models import Control, ControlCriterion, ControlEvidence
from evidence.models import Evidence

_Category = Evidence.Category
# From CRITERIA's topics: the longest beginning that fits a criterion.
_BY_CRITERION = {
    "CC1.4": _Category.TRAINING,
    "CC2.2": _Category.TRAINING,
    "CC3": _Category.RISK,
    "CC5.3": _Category.POLICY,
    "CC6": _Category.ACCESS,
    "CC7": _Category.MONITORING,
    "CC7.3": _Category.INCIDENT,
    "CC7.4": _Category.INCIDENT,
    "CC7.5": _Category.INCIDENT,
    "CC8": _Category.CHANGE,
    "CC9.1": _Category.RISK,
    "CC9.2": _Category.VENDOR,
    "A1.1": _Category.MONITORING,
    "A1": _Category.BACKUP,
}


def category_for(control: Control) -> str:
    """That of the control's last evidence of operation; else by the first criterion it answers; else other."""
    last = ControlEvidence.objects.filter(control=control, leg="operation").order_by("-linked_at")
    if (known := last.values_list("evidence__category", flat=True).first()) is not None:
        return known
    for criterion in ControlCriterion.objects.filter(control=control).values_list("criterion", flat=True):
        for beginning in (criterion, criterion.partition(".")[0]):
            if beginning in _BY_CRITERION:
                return _BY_CRITERION[beginning]
    return _Category.OTHER
