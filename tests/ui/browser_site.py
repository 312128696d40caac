"""A site of two screens for the browser: a list over what migrations left, and a form."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import include, path

from tests.ui.conftest import CardboardMember, prepared
from tests.ui.test_forms import ThingForm
from ui.components import Badge, Tone
from ui.forms import DropInput
from ui.refusals import ActionRefused
from ui.screens import Bulk, BulkResult, Column, Filter, FormScreen, ListScreen

TONES: tuple[Tone, ...] = ("ok", "warn", "bad", "info", "muted")


def as_member(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: everybody is the cardboard member."""
    return lambda request: get_response(prepared(request, CardboardMember()))


class ReasonForm(forms.Form):
    reason = forms.CharField(help_text="An auditor reads it.")


class Things(ListScreen):
    permission = "things.read"
    title = "Things"
    noun = "things"
    queryset = ContentType.objects.all()
    columns = (
        Column("model", "Name", sort="model", link=True),
        Column("app_label", "App", sort="app_label"),
        Column("state", "State", value=lambda thing: Badge("State", TONES[thing.pk % 5])),
        Column("number", "Number", value=lambda thing: thing.pk, numeric=True, hide_below=1000),
    )
    default_order = ("model",)
    page_size = 25
    filters: Sequence[Filter] = (Filter("app", "App", choices=[("accounts", "Accounts"), ("auth", "Auth")], lookup="app_label"),)
    search_fields = ("model",)
    bulk_actions = (
        Bulk("mark", "Mark", "things.write"),
        Bulk("drop", "Drop", "things.write", explain="They are gone for good.", tone="danger"),
        Bulk("retire", "Retire", "things.write", form=ReasonForm),
    )
    primary_action = ("New thing", "new", "things.write")

    def row_url(self, row: Any) -> str:
        return f"/form/?{row.model}"

    def bulk_mark(self, selection: Any, form: Any) -> BulkResult:
        keys = [thing.pk for thing in selection]
        return BulkResult(keys[1:], {keys[0]: "The first one stays."})

    def bulk_drop(self, selection: Any, form: Any) -> BulkResult:
        raise ActionRefused("Nothing is dropped here.")

    bulk_retire = bulk_mark


class NewForm(ThingForm):
    file = forms.FileField(widget=DropInput(hint="CSV"), required=False)


class New(FormScreen):
    permission = "things.write"
    form_class = NewForm
    title = "New thing"
    explain = "It will be listed."
    breadcrumbs = (("Things", "list"),)

    def act(self, form: Any) -> str:
        return "/list/"


PEOPLE = [(str(number), f"Person {number:02}") for number in range(1, 41)]


class ChooseForm(forms.Form):
    owner = forms.ChoiceField(choices=[("", "Nobody"), *PEOPLE, ("ż", "Żaneta Łuk")], help_text="Who has it.")
    deputy = forms.ChoiceField(choices=PEOPLE, initial="3", required=False)
    few = forms.ChoiceField(choices=PEOPLE[:5])
    controls = forms.MultipleChoiceField(choices=PEOPLE, widget=forms.SelectMultiple({"size": 6}), required=False)
    team = forms.MultipleChoiceField(choices=PEOPLE, widget=forms.CheckboxSelectMultiple, required=False)


class Choose(FormScreen):
    permission = "things.write"
    form_class = ChooseForm
    title = "Choose"

    def act(self, form: Any) -> str:
        return "/list/?q=" + "-".join([form.cleaned_data["owner"], form.cleaned_data["deputy"], *form.cleaned_data["team"]])


urlpatterns = [
    path("choose/", Choose.as_view(), name="choose"),
    path("list/", Things.as_view(), name="list"),
    path("form/", New.as_view(), name="new"),
    path("work/", Things.as_view(), name="work"),
    path("account/", include(([path("", New.as_view(), name="account")], "accounts"))),
]
