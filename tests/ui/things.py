"""A list over Django's content types: a table without a tenant, enough to try the component on."""

from collections.abc import Sequence

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from ui.components import Badge
from ui.refusals import ActionRefused
from ui.screens import Bulk, BulkResult, Column, Empty, Filter, ListScreen

FIRST = {"a-m": Q(model__lt="n"), "n-z": Q(model__gte="n")}


class ReasonForm(forms.Form):
    reason = forms.CharField()


class Things(ListScreen):
    permission = "things.read"
    title = "Things"
    noun = "things"
    queryset = ContentType.objects.filter(app_label__in=["made", "made_too"])
    columns: Sequence[Column] = (
        Column("model", "Name", sort="model", link=True),
        Column("app_label", "App", sort=("app_label", "model")),
        Column("state", "State", value=lambda thing: Badge("Fine", "ok"), text=lambda thing: "fine"),
        Column("secret", "Internal", value=lambda thing: None, export=False),
    )
    default_order = ("model",)
    filters: Sequence[Filter] = (
        Filter("app_label", "App", choices=[("made", "Made"), ("made_too", "Made too")]),
        Filter("first", "First letter", choices=[("a-m", "A to M"), ("n-z", "N to Z")], where=FIRST, multiple=True),
    )
    search_fields = ("model",)
    bulk_actions: Sequence[Bulk] = (
        Bulk("mark", "Mark", "things.mark"),
        Bulk("retire", "Retire", "things.retire", form=ReasonForm),
    )
    empty = Empty("No things yet", "Somebody has to make one.", action=("Make one", "deeper"))
    primary_action = ("New thing", "deeper", "things.write")

    def row_url(self, row):
        return f"/list/{row.model}/"

    def bulk_mark(self, selection, form):
        refused = {thing.pk: "Has left." for thing in selection if thing.model.startswith("z")}
        return BulkResult([thing.pk for thing in selection if thing.pk not in refused], refused)

    def bulk_retire(self, selection, form):
        raise ActionRefused("Not with that reason.", field="reason")


def make(*names, app="made"):
    return ContentType.objects.bulk_create([ContentType(app_label=app, model=name) for name in names])
