"""An audit period in what is kept of it, such as analyses and descriptions."""

from typing import Any

from controls.models import AuditPeriod


def period_facts(period: AuditPeriod) -> dict[str, Any]:
    """Id, name, type and days, which are ISO; what it covers is said by whoever keeps it."""
    return {
        "id": str(period.pk),
        "name": period.name,
        "type": period.get_kind_display(),
        "from": period.starts_on.isoformat(),
        "to": period.ends_on.isoformat(),
    }
