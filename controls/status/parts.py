"""Parts of what a period covers: a category, or a family of criteria. A figure of a part counts through criteria in scope."""

from dataclasses import dataclass

from django.db.models import Q

from controls.criteria import CRITERIA, FAMILIES, Category
from controls.models import AuditPeriod, ControlCriterion, ControlState
from controls.status.scope import criteria_of

WHOLE = "yes"  # as the lists' filter calls everything in scope


@dataclass(frozen=True, slots=True)
class Part:
    """A part by its key in addresses, its name, and its criteria in scope of the period."""

    key: str
    label: str
    criteria: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether it is everything in scope."""
        return self.key == WHOLE

    def holds(self, control: str = "control") -> Q:
        """The condition of answering to it; `control` leads from the row to the control. Being in scope is asked for apart."""
        if self.is_whole:
            return Q()
        answers = ControlCriterion.objects.filter(criterion__in=self.criteria).order_by()
        return Q(**{f"{control}__in": answers.values("control")})


def parts_of(period: AuditPeriod) -> dict[str, Part]:
    """Everything in scope first, then the categories where there are several, then the families. One query."""
    criteria = criteria_of(period)
    by_category = {one: [key for key in criteria if CRITERIA[key].category == one] for one in Category}
    by_family = {one: [key for key in criteria if CRITERIA[key].family == one] for one in FAMILIES}
    categories = [Part(one.value, str(one.label), tuple(keys)) for one, keys in by_category.items() if keys]
    families = [Part(one, f"{one} {FAMILIES[one]}", tuple(keys)) for one, keys in by_family.items() if keys]
    several = categories if len(categories) > 1 else []
    return {part.key: part for part in (Part(WHOLE, "Everything in scope", tuple(criteria)), *several, *families)}


def covered(period: AuditPeriod, part: Part, control: str = "control") -> Q:
    """The condition of belonging to a control in scope of the period and of the part; `control` leads from the row to it."""
    states = ControlState.objects.filter(part.holds(), period=period, in_scope=True).order_by()
    return Q(**{f"{control}__in": states.values("control")})
