"""The page of the 61 criteria: what is in scope, and which controls answer each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from controls.criteria import CRITERIA, FAMILIES, Category, Criterion
from controls.models import AuditPeriod, Control, ControlCriterion, CriterionExclusion
from controls.periods.current import period_of
from ui.screens import Screen

NAMED = 8  # controls of a criterion that are named; the others are counted
SHOWN = {"": "All", "answered": "With a control", "unanswered": "Without a control", "out": "Not in scope"}


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion in a period: why it is not in scope (empty when it is), and its controls in service."""

    criterion: Criterion
    out: str
    controls: Sequence[Control]
    url: str

    @property
    def named(self) -> Sequence[Control]:
        """The first of them."""
        return self.controls[:NAMED]

    @property
    def further(self) -> int:
        """How many are not named."""
        return max(0, len(self.controls) - NAMED)

    @property
    def kind(self) -> str:
        """A key of SHOWN."""
        return "out" if self.out else "answered" if self.controls else "unanswered"


def lines_of(period: AuditPeriod | None) -> list[Line]:
    """Every criterion, in the order of the standard; two queries. Without a period all are in scope."""
    controls: dict[str, list[Control]] = defaultdict(list)
    answers = ControlCriterion.objects.filter(control__status=Control.Status.ACTIVE).select_related("control")
    for answer in answers.order_by("control__code").only("criterion", "control__code", "control__title"):
        controls[answer.criterion].append(answer.control)
    out = out_of_scope(period) if period else {}
    base = reverse("controls:list")
    chosen = f"&period={period.pk}" if period else ""
    return [
        Line(one, out.get(key, ""), controls[key], f"{base}?criterion={key}&status=active{chosen}")
        for key, one in CRITERIA.items()
    ]


def out_of_scope(period: AuditPeriod) -> dict[str, str]:
    """Why each criterion that is not in scope is not."""
    words = {
        one.key: f"{Category(one.category).label} is not in scope."
        for one in CRITERIA.values()
        if one.category not in {Category.SECURITY, *period.categories}
    }
    judged = CriterionExclusion.objects.filter(period=period).values_list("criterion", "reason")
    return {**{key: f"Not relevant: {reason}" for key, reason in judged}, **words}


class CriteriaPage(Screen):
    """The criteria by family, those without a control first to be seen."""

    permission = "controls.read"
    title = "Criteria"

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Show those asked for, or all."""
        period = period_of(request)
        show = request.GET.get("show", "")
        show = show if show in SHOWN else ""
        lines = lines_of(period)
        context = {
            **self.frame(),
            "period": period,
            "families": [(f"{family} {title}", rows) for family, title, rows in _by_family(lines, show)],
            "choices": [(label, self._address(key, period), key == show, _count(lines, key)) for key, label in SHOWN.items()],
            "in_scope": len(lines) - _count(lines, "out"),
            "may_write": self.request.member.can("controls.write"),
        }
        return TemplateResponse(request, "controls/criterion_list.html", context)

    def _address(self, show: str, period: AuditPeriod | None) -> str:
        parts = [f"period={period.pk}"] if period else []
        parts += [f"show={show}"] if show else []
        return f"{self.request.path}?{'&'.join(parts)}"


def _by_family(lines: Sequence[Line], show: str) -> list[tuple[str, str, list[Line]]]:
    chosen = [line for line in lines if not show or line.kind == show]
    grouped = (
        (family, title, [line for line in chosen if line.criterion.family == family]) for family, title in FAMILIES.items()
    )
    return [group for group in grouped if group[2]]


def _count(lines: Sequence[Line], kind: str) -> int:
    return sum(not kind or line.kind == kind for line in lines)
