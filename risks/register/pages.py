"""The page of the heat map."""

from typing import Any

from django.views.generic import TemplateView

from risks.models import Category, Risk
from risks.register.heatmap import KINDS, counted, drawn, places
from risks.rights import READ
from risks.scales.standing import scale_in_force
from ui.screens.base import Screen


class HeatMap(Screen, TemplateView):
    """How many risks stand where on the scale in force."""

    permission = READ
    title = "Heat map"
    lede = "Risks that are not closed, by how likely and how bad they are."
    breadcrumbs = (("Risks", "risks:list"),)
    template_name = "risks/heatmap.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Of the kind and category that the address names; with the controls, of all, unless it does."""
        scale, asked = scale_in_force(), self.request.GET
        kind = asked.get("kind") if asked.get("kind") in KINDS else "residual"
        category = asked.get("category") if asked.get("category") in Category.values else ""
        risks = Risk.objects.exclude(status=Risk.Status.CLOSED)
        risks = risks.filter(category=category) if category else risks
        rows = places(scale, counted(risks, str(kind), scale), str(kind), within={"category": category} if category else {})
        rated = sum(place.count for row in rows for place in row)
        everything = risks.count()
        unrated = risks.filter(residual_score=0).count()
        return super().get_context_data(
            **{**self.frame(), **kwargs},
            scale=scale,
            rows=rows,
            named=list(zip(reversed(scale.likelihood), rows, strict=True)),
            picture=drawn(scale, rows, name="heat", title=f"{KINDS[str(kind)]}: likelihood and impact"),
            kinds=[(key, label, key == kind) for key, label in KINDS.items()],
            kind=kind,
            categories=[(value, label, value == category) for value, label in Category.choices],
            category=category,
            rated=rated,
            unrated=unrated,
            elsewhere=everything - unrated - rated if kind != "target" else 0,
            everything=everything,
        )
