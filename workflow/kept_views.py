"""Views of a list that members keep under a name, each for themselves: kept, shown and forgotten."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from accounts.models import Member
from accounts.permissions import HOME
from audit.actions import action
from audit.record import record
from ui.refusals import ActionRefused
from ui.screens import FormScreen, ScreenRequest, screen
from workflow.models import SavedView
from workflow.uniqueness import refusing_taken

MOST = 20


@dataclass(frozen=True)
class KeptViews:
    """The views that are kept of an area's list, and what of the list's address narrows or orders it."""

    area: str  # "changes", whose list is changes:list
    narrowing: frozenset[str]

    @property
    def address(self) -> str:
        """The name of the list's address."""
        return f"{self.area}:list"

    def of(self, member: Member) -> QuerySet[SavedView]:
        """A member's own, by name."""
        return SavedView.objects.filter(area=self.area, member=member.pk)

    def narrowed(self, query: str) -> str:
        """An address after its question mark, without what is of one moment, such as the page; "" when nothing is left."""
        given = QueryDict(query[:4000])
        left = QueryDict(mutable=True)
        for key in given:
            values = [value for value in given.getlist(key) if value]
            if key in self.narrowing and values:
                left.setlist(key, values)
        return left.urlencode()[:1000]


@action
def keep_view(views: KeptViews, *, actor: Member, name: str, query: str) -> SavedView:
    """Keep a search; of its address only what narrows or orders the list. Raises ActionRefused."""
    narrowed = views.narrowed(query)
    if not narrowed:
        raise ActionRefused("Choose a filter or search for something first: this is the whole list.")
    if views.of(actor).count() >= MOST:
        raise ActionRefused(f"You keep {MOST} views already: forget one first.")
    view = SavedView(area=views.area, member=actor, name=name.strip(), query=narrowed)
    with refusing_taken(SavedView):
        view.save(force_insert=True)
    record("saved_view.keep", view, actor=actor, after=_facts(view))
    return view


@action
def forget_view(view: SavedView, *, actor: Member) -> None:
    """Keep it no longer."""
    record("saved_view.forget", view, actor=actor, before=_facts(view))
    view.delete()


def _facts(view: SavedView) -> dict[str, str]:
    return {"area": view.area, "name": view.name, "query": view.query}


class KeepForm(forms.Form):
    """What the search is called."""

    name = forms.CharField(max_length=60, help_text="Such as Overdue in billing. It stands above the list, for you alone.")
    query = forms.CharField(required=False, max_length=4000, help_text="What follows the question mark in the list's address.")


class KeepScreen(FormScreen, abstract=True):
    """Keep a list as it is filtered now, under a name. A subclass says of which list."""

    permission = HOME
    views: ClassVar[KeptViews]
    form_class = KeepForm
    title = "Keep this view"
    submit_label = "Keep it"
    success_message = "The view is kept."

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the list."""
        return ((self.views.area.capitalize(), self.views.address),)

    def get_initial(self) -> dict[str, Any]:
        """The address of the page that this was opened from, which htmx names in a header of its own."""
        headers = self.request.headers
        return {"query": urlsplit(headers.get("HX-Current-URL") or headers.get("Referer", "")).query}

    def get_form(self, form_class: Any = None) -> Any:
        """The page knows the search; only a program says it."""
        form = super().get_form(form_class)
        form.fields["query"].widget = forms.HiddenInput()
        return form

    def act(self, form: KeepForm) -> SavedView:
        """Keep it, and show it."""
        return keep_view(self.views, actor=self.request.member, **form.cleaned_data)


def forgetting(views: KeptViews) -> Callable[..., HttpResponseBase]:
    """The screen that forgets one of a member's own."""

    @screen(HOME, methods=["POST"])
    def forget(request: ScreenRequest, pk: UUID) -> HttpResponse:
        forget_view(get_object_or_404(views.of(request.member), pk=pk), actor=request.member)
        messages.success(request, "The view is forgotten.")
        return redirect(views.address)

    return forget
