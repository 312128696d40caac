"""Keeping a search of the list under a name, and forgetting it."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect

from accounts.models import Member
from audit.actions import action
from audit.record import record
from changes.drafting.about import EVERYBODY, LIST
from changes.models import SavedView
from ui.refusals import ActionRefused
from ui.screens import FormScreen, ScreenRequest, screen
from workflow.uniqueness import refusing_taken

MOST = 20
KEPT = frozenset({"q", "order", "view", "state", "type", "kind", "risk", "system"})


def kept_by(member: Member) -> QuerySet[SavedView]:
    """A member's own, by name."""
    return SavedView.objects.filter(member=member.pk)


@action
def keep_view(*, actor: Member, name: str, query: str) -> SavedView:
    """Keep a search; of its address only what narrows or orders the list. Raises ActionRefused."""
    narrowed = narrowing(query)
    if not narrowed:
        raise ActionRefused("Choose a filter or search for something first: this is the whole list.")
    if kept_by(actor).count() >= MOST:
        raise ActionRefused(f"You keep {MOST} views already: forget one first.")
    view = SavedView(member=actor, name=name.strip(), query=narrowed)
    with refusing_taken(SavedView):
        view.save(force_insert=True)
    record("saved_view.keep", view, actor=actor, after={"name": view.name, "query": view.query})
    return view


@action
def forget_view(view: SavedView, *, actor: Member) -> None:
    """Keep it no longer."""
    record("saved_view.forget", view, actor=actor, before={"name": view.name, "query": view.query})
    view.delete()


def narrowing(query: str) -> str:
    """An address after its question mark, without what is of one moment, such as the page; "" when nothing is left."""
    given = QueryDict(query[:4000])
    left = QueryDict(mutable=True)
    for key in given:
        values = [value for value in given.getlist(key) if value]
        if key in KEPT and values:
            left.setlist(key, values)
    return left.urlencode()[:1000]


class KeepForm(forms.Form):
    """What the search is called."""

    name = forms.CharField(max_length=60, help_text="Such as Risky changes of billing. It stands above the list, for you alone.")
    query = forms.CharField(required=False, max_length=4000, help_text="What follows the question mark in the list's address.")


class ViewKeep(FormScreen):
    """Keep the list as it is filtered now, under a name."""

    permission = EVERYBODY
    form_class = KeepForm
    title = "Keep this view"
    breadcrumbs = (LIST,)
    submit_label = "Keep it"
    success_message = "The view is kept."

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
        return keep_view(actor=self.request.member, **form.cleaned_data)


@screen(EVERYBODY, methods=["POST"])
def forget(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Keep it no longer."""
    forget_view(get_object_or_404(kept_by(request.member), pk=pk), actor=request.member)
    messages.success(request, "The view is forgotten.")
    return redirect("changes:list")
