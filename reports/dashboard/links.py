"""Where the numbers lead: lists narrowed to exactly the rows that were counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from controls.models import AuditPeriod
from controls.models.state import Design
from controls.status.parts import Part

GAPS = [design.value for design in Design if design != Design.IMPLEMENTED]
Chosen = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class Links:
    """The lists of one period and one part of its scope."""

    period: AuditPeriod
    part: Part

    def controls(self, **chosen: Chosen) -> str:
        """Controls in scope; `scope` may name another part."""
        return self._address("controls:list", chosen)

    def occurrences(self, **chosen: Chosen) -> str:
        """Occurrences of these controls in the period."""
        return self._address("controls:occurrence-list", chosen)

    def evidence(self, **chosen: Chosen) -> str:
        """Evidence collected for these controls."""
        return self._address("reports:evidence", chosen)

    def proofs(self, control: object) -> str:
        """The evidence that one control's state counts."""
        return f"{reverse('reports:control-evidence', args=[control])}?{urlencode({'period': str(self.period.pk)})}"

    def dashboard(self, **chosen: Chosen) -> str:
        """The same page seen otherwise."""
        return self._address("reports:dashboard", chosen)

    def _address(self, name: str, chosen: dict[str, Chosen]) -> str:
        query = {"period": str(self.period.pk), "scope": self.part.key, **chosen}
        return f"{reverse(name)}?{urlencode(query, doseq=True)}"
