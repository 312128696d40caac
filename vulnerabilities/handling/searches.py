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
from ui.refusals import ActionRefused
from ui.screens import FormScreen, ScreenRequest, screen
from vulnerabilities.models import SavedSearch
from vulnerabilities.rights import EVERYBODY
from workflow.uniqueness import refusing_taken

MOST = 20
KEPT = frozenset({"q", "order", "view", "state", "severity", "due", "whose", "source", "scope", "test"})
LIST = ("Vulnerabilities", "vulnerabilities:list")


def kept_by(member: Member) -> QuerySet[SavedSearch]:
    """A member's own, by name."""
    return SavedSearch.objects.filter(member=member.pk)


@action
def keep_search(*, actor: Member, name: str, query: str) -> SavedSearch:
    """Keep a search; of its address only what narrows or orders the list. Raises ActionRefused."""
    given, left = QueryDict(query[:4000]), QueryDict(mutable=True)
    for key in given:
        if key in KEPT and (values := [value for value in given.getlist(key) if value]):
            left.setlist(key, values)
    narrowed = left.urlencode()[:1000]
    if not narrowed:
        raise ActionRefused("Choose a filter or search for something first: this is the whole list.")
    if kept_by(actor).count() >= MOST:
        raise ActionRefused(f"You keep {MOST} views already: forget one first.")
    search = SavedSearch(member=actor, name=name.strip(), query=narrowed)
    with refusing_taken(SavedSearch):
        search.save(force_insert=True)
    record("saved_search.keep", search, actor=actor, after={"name": search.name, "query": search.query})
    return search


@action
def forget_search(search: SavedSearch, *, actor: Member) -> None:
    """Keep it no longer."""
    record("saved_search.forget", search, actor=actor, before={"name": search.name, "query": search.query})
    search.delete()


class KeepForm(forms.Form):
    """What the search is called."""

    name = forms.CharField(max_length=60, help_text="Such as Overdue in billing. It stands above the list, for you alone.")
    query = forms.CharField(required=False, widget=forms.HiddenInput, max_length=4000)


class SearchKeep(FormScreen):
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

    def act(self, form: KeepForm) -> SavedSearch:
        """Keep it, and show it."""
        return keep_search(actor=self.request.member, **form.cleaned_data)


@screen(EVERYBODY, methods=["POST"])
def forget(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Keep it no longer."""
    forget_search(get_object_or_404(kept_by(request.member), pk=pk), actor=request.member)
    messages.success(request, "The view is forgotten.")
    return redirect("vulnerabilities:list")
