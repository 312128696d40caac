"""The keys of an organization on screen: each with its age and what lies under it, and the rotation that replaces them."""

import uuid
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django_htmx.http import HttpResponseClientRefresh

from accounts.factors import FactorFormMixin, FactorScreenMixin
from audit.exports import RecordsExports
from keys.master import current_master
from keys.models import DataKey, Purpose
from proof.keys.actions import RUN, resume_rotation, start_rotation, stop_rotation
from proof.keys.places import EARLY, counts
from proof.models import KeyRotation
from ui.components import Badge
from ui.screens import Column, Empty, Filter, ListScreen, ScreenRequest, screen
from workflow.once import OnceForm, OnceScreen

LIST = ("Keys", "proof:keys")
REPLACE = ("Replace the keys", "proof:keys-replace", RUN)


def state_of(key: DataKey) -> Badge:
    """As a word in a tone."""
    if key.destroyed_at is not None:
        return Badge("Destroyed", "bad")
    if not key.is_current:
        return Badge("Replaced", "muted")
    return Badge("Older than a year", "warn") if key.is_old else Badge("In use", "ok")


class KeyList(RecordsExports, ListScreen):
    """The data keys, and how a rotation stands."""

    permission = RUN
    title = "Keys"
    lede = (
        "Secrets and personal data are encrypted with keys of this organization alone, which a master key outside of the "
        "database wraps. The keys themselves are never shown."
    )
    template_name = "proof/keys.html"
    noun = "keys"
    noun_one = "key"
    columns = (
        Column("name", "Key", value=lambda key: key.name, whole=True),
        Column("purpose", "For", sort="purpose", value=lambda key: key.get_purpose_display()),
        Column("state", "State", value=state_of, text=lambda key: str(state_of(key))),
        Column("made_at", "Made", sort="made_at"),
        Column("retired_at", "Replaced", sort="retired_at", hide_below=1000),
        Column("values_under", "Values under it", numeric=True),
        Column("master", "Master key", whole=True, hide_below=1300),
    )
    default_order = ("-retired_at", "purpose")  # those in use first, as they have no such time
    filters = (Filter("purpose", "For", choices=Purpose.choices),)
    empty = Empty("No keys yet", "Keys are made by themselves when there is something to encrypt.")
    primary_action = REPLACE

    @cached_property
    def counted(self) -> dict[str, int]:
        """How many values lie under each key; asked once for a page."""
        return counts()

    def get_queryset(self) -> QuerySet[Any]:
        """With how many values lie under each."""
        whens = [When(pk=uuid.UUID(hex=key), then=Value(count)) for key, count in self.counted.items() if key != EARLY]
        return DataKey.objects.annotate(values_under=Case(*whens, default=Value(0), output_field=IntegerField()))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page; while a rotation runs its part asks again, and the page is loaded anew once there is more to show."""
        if request.GET.get("fragment") != "rotation":
            return super().get(request, *args, **kwargs)
        rotation = _latest()
        if rotation is None or rotation.status != KeyRotation.Status.RUNNING:
            return HttpResponseClientRefresh()
        return render(request, "proof/keys.html#rotation", {"rotation": rotation})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the latest rotation, and what should be done."""
        keys = list(DataKey.objects.filter(destroyed_at=None))
        return super().get_context_data(
            rotation=_latest(),
            old=[key for key in keys if key.is_old],
            early=self.counted.get(EARLY, 0),
            other_master=sum(key.master != current_master().name for key in keys),
            **kwargs,
        )


def _latest() -> KeyRotation | None:
    return KeyRotation.objects.select_related("started_by__user").order_by("-started_at").first()


class RotationList(RecordsExports, ListScreen):
    """Every rotation there was."""

    permission = RUN
    title = "Rotations"
    lede = "When keys were replaced, how much was sealed anew, and what did not open."
    noun = "rotations"
    noun_one = "rotation"
    breadcrumbs = (LIST,)
    queryset = KeyRotation.objects.select_related("started_by__user")
    columns = (
        Column("started_at", "Started", sort="started_at"),
        Column("level", "What", sort="level", value=lambda one: one.get_level_display()),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
        Column("done", "Done", numeric=True),
        Column("total", "To do", numeric=True),
        Column("unreadable", "Did not open", numeric=True, hide_below=700),
        Column("started_by", "By", value=lambda one: one.started_by.name if one.started_by else "The server", hide_below=1000),
        Column("finished_at", "Finished", sort="finished_at", hide_below=1000),
    )
    default_order = ("-started_at",)
    filters = (Filter("state", "State", choices=KeyRotation.Status.choices, lookup="status"),)
    empty = Empty("Keys were not replaced yet", "Once a year they should be.")


class ReplaceForm(FactorFormMixin, OnceForm):
    """Sent once: a worker may be done before a second click arrives."""


class KeysReplace(FactorScreenMixin, OnceScreen):
    """Replace the data keys."""

    permission = RUN
    form_class = ReplaceForm
    title = "Replace the keys"
    breadcrumbs = (LIST,)
    submit_label = "Replace them"
    explain = (
        "New keys are made at once, and a worker encrypts every value anew. Everything stays readable meanwhile, and you may "
        "stop it. The former keys are kept: they open what older backups and stored files hold."
    )
    success_message = "The keys are being replaced."

    def act(self, form: Any) -> KeyRotation:
        """Begin."""
        return start_rotation(actor=self.request.member)


@screen(RUN, methods=["POST"])
def stop(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Stop it after the batch in hand."""
    rotation = get_object_or_404(KeyRotation, pk=pk)
    stop_rotation(rotation, actor=request.member)
    return redirect(rotation)


@screen(RUN, methods=["POST"])
def resume(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Let it go on."""
    rotation = get_object_or_404(KeyRotation, pk=pk)
    resume_rotation(rotation, actor=request.member)
    return redirect(rotation)
