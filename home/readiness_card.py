"""Where the organization stands, in one line: the dashboard's figure, in the period that the dashboard opens with."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from controls.models import AuditPeriod, ControlState
from controls.models.state import Design
from controls.periods.current import period_of
from controls.status.parts import WHOLE, Part
from controls.status.readiness import Share
from reports.bands import Band, band_of
from reports.dashboard.links import Links
from reports.dashboard.pictures import DESIGN
from ui.charts import Slice, bar


@dataclass(frozen=True, slots=True)
class ReadinessCard:
    """The share of controls that are in place, its band, a bar of all of them, and where each number leads."""

    period: AuditPeriod
    share: Share
    band: Band
    bar: SafeString
    implemented_url: str
    in_scope_url: str
    url: str


def readiness_card(request: Any) -> ReadinessCard | None:
    """The card for those who may read controls, once something is measured. Two queries."""
    period = period_of(request) if request.member.can("controls.read") else None
    if period is None:
        return None
    designs = list(ControlState.objects.filter(period=period, in_scope=True).order_by().values_list("design", flat=True))
    if not designs:
        return None
    links = Links(period, Part(WHOLE, "", ()))
    slices = [Slice(one.label, designs.count(one), tone, links.controls(design=one.value)) for one, tone in DESIGN.items()]
    share = Share(designs.count(Design.IMPLEMENTED), len(designs))
    return ReadinessCard(
        period=period,
        share=share,
        band=band_of(share.percent),
        bar=bar(slices, name="readiness", title="Controls by status"),
        implemented_url=slices[0].url,
        in_scope_url=links.controls(),
        url=links.dashboard(),
    )
