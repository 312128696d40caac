"""The page of how long incidents took."""

import datetime as dt
from typing import Any

from django import forms
from django.views.generic import TemplateView

from incidents.about import LIST
from incidents.measures.reading import measures
from incidents.rights import READ
from ui.forms import DateInput
from ui.screens.base import Screen
from ui.screens.listing import FIRST_YEAR, LAST_YEAR

YEAR = 364  # days before today with which a year begins


class SpanForm(forms.Form):
    """From which day to which."""

    since = forms.DateField(label="From", required=False, widget=DateInput)
    until = forms.DateField(label="To", required=False, widget=DateInput)

    def clean(self) -> dict[str, Any]:
        """It ends after it begins, in years that days can be counted around."""
        given = super().clean() or self.cleaned_data
        for name in ("since", "until"):
            if (day := given.get(name)) and not FIRST_YEAR <= day.year <= LAST_YEAR:
                self.add_error(name, f"Give a year from {FIRST_YEAR} to {LAST_YEAR}.")
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", "This is before the first day.")
        return given


class MeasuresPage(Screen, TemplateView):
    """How long incidents took to be detected, acknowledged, contained and resolved."""

    permission = READ
    title = "How long incidents take"
    template_name = "incidents/measures.html"
    breadcrumbs = (LIST,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Of the year until today, unless the address says otherwise."""
        today = self.request.organization.today()
        form = SpanForm(self.request.GET or None)
        given = form.cleaned_data if form.is_bound and form.is_valid() else {}
        last: dt.date = given.get("until") or today
        first: dt.date = given.get("since") or last - dt.timedelta(days=YEAR)
        if not form.is_bound:
            form = SpanForm(initial={"since": first, "until": last})
        found = measures(self.request.member, first, last)
        return super().get_context_data(**{**self.frame(), **kwargs, "form": form, "found": found})
