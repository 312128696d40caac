"""Screens of the scale."""

from typing import Any

from django.views.generic import TemplateView

from risks.models import Risk, RiskScale
from risks.register.views import LIST
from risks.rights import READ, WRITE
from risks.scales.actions import change_scale
from risks.scales.forms import ScaleForm, initial_of
from risks.scales.standing import scale_in_force
from ui.screens.base import Screen
from workflow.once import OnceScreen


class ScalePage(Screen, TemplateView):
    """The scale in force, and the versions before it."""

    permission = READ
    title = "Risk scale"
    lede = "How likely and how bad, in your own words. A score is likelihood times impact."
    breadcrumbs = (LIST,)
    template_name = "risks/scale.html"
    primary_action = ("Change the scale", "risks:scale-edit", WRITE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With how many risks stand on scales that meant something else."""
        scale = scale_in_force()
        pending = Risk.objects.exclude(status=Risk.Status.CLOSED).filter(scale__isnull=False)
        return super().get_context_data(
            **{**self.frame(), **kwargs},
            scale=scale,
            axes=[("How likely", scale.likelihood), ("How bad", scale.impact)],
            versions=list(RiskScale.objects.select_related("made_by__user")),
            outdated=pending.exclude(scale__generation=scale.generation).count(),
        )


class ScaleEdit(OnceScreen):
    """Put a new version in force."""

    permission = WRITE
    form_class = ScaleForm
    title = "Change the risk scale"
    breadcrumbs = (LIST, ("Risk scale", "risks:scale"))
    submit_label = "Put it in force"
    explain = "The version before stays readable, and every risk stays as it was rated, on the scale of its day."
    success_message = "The scale is in force."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return initial_of(scale_in_force())

    def act(self, form: ScaleForm) -> RiskScale:
        """Change it."""
        return change_scale(actor=self.request.member, **form.facts())
