"""What the legs of a control stand on: linking evidence from the control's page, and taking it away."""

import uuid
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.timezone import localtime

from audit.actions import action
from audit.actors import Actor
from controls.catalogue.detail import CRUMBS
from controls.evidence import attach, may_link, unlink_evidence
from controls.models import Control, ControlEvidence
from controls.models.control import Leg
from controls.occurrences.categories import category_for
from controls.status.keep import refresh
from evidence import words
from evidence.actions import add_evidence
from evidence.files import store
from evidence.hiding import evidence_seen_by
from evidence.models import Evidence
from ui.forms import DateInput, FilesField, ReasonForm, TextArea
from ui.refusals import ActionRefused
from ui.values import spelled
from workflow.once import OnceForm, OnceScreen
from workflow.screens import TransitionScreen

OFFERED = 15  # items to choose from; a search finds the others
_CATEGORY = {Leg.POLICY: Evidence.Category.POLICY, Leg.MONITORING: Evidence.Category.MONITORING}


@action
def link_to_leg(
    control: Control,
    leg: str,
    *,
    actor: Actor,
    evidence: Collection[Evidence] = (),
    uploads: Sequence["UploadedFile[Any]"] = (),
    title: str = "",
    note: str = "",
    **dates: Any,
) -> list[ControlEvidence]:
    """Let items, and files kept as new items, stand for a leg. `dates` are period_from, period_to, expires_on of the files."""
    if not may_link(actor, control):
        raise ActionRefused("Your role does not allow this.")
    if not (evidence or uploads):
        raise ActionRefused("Choose an item, or a file.", field="uploads")
    category = _CATEGORY.get(Leg(leg)) or category_for(control)
    items = list(evidence)
    for upload in uploads:
        name = upload.name or "file"
        items.append(
            add_evidence(
                title=title.strip() if title.strip() and len(uploads) == 1 else f"{control.code} {name}",
                category=category,
                file=store(upload, name),
                source=actor.name,
                collector=actor.name,
                subject=control,
                actor=actor,
                method=Evidence.Method.MANUAL,
                **dates,
            )
        )
    links = [attach(control, item, leg, actor=actor, note=note) for item in items]
    refresh([control.pk])
    return links


class _Offered(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # generic for the type checker only
    """Items by what tells one from another; those that the control has already say so."""

    linked: Collection[uuid.UUID] = ()

    def label_from_instance(self, obj: Any) -> str:
        there = " (linked here already)" if obj.pk in self.linked else ""
        return f"{obj.reference} {obj.title}, {obj.get_category_display().lower()}, {spelled(localtime(obj.collected_at))}{there}"


class LinkForm(OnceForm):
    """Which leg, and what stands for it: items that are here, or files."""

    leg = forms.ChoiceField(label="What it shows", choices=Leg.choices)
    evidence = _Offered(
        Evidence.objects.none(), label="Evidence that is here", required=False, widget=forms.CheckboxSelectMultiple
    )
    uploads = FilesField(label="New files", required=False, hint="One file or several")
    title = forms.CharField(
        label="Title of the new file", required=False, max_length=200, help_text="Left empty, it is named after control and file."
    )
    period_from = forms.DateField(label="It covers from", required=False, widget=DateInput())
    period_to = forms.DateField(label="to", required=False, widget=DateInput())
    expires_on = forms.DateField(
        label="Good until", required=False, widget=DateInput(), help_text="After this day the new file is stale."
    )
    note = forms.CharField(label="Note", required=False, max_length=2000, widget=TextArea(rows=2))

    fieldsets: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("", ("leg",)),
        ("Choose from what is here", ("evidence",)),
        ("Or add files", ("uploads", "title", "period_from", "period_to", "expires_on")),
        ("For the trail", ("note",)),
    )

    def __init__(self, *args: Any, items: QuerySet[Evidence] | None, linked: Collection[uuid.UUID] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if items is None:
            del self.fields["evidence"]
            self.fieldsets = tuple(group for group in self.fieldsets if group[1] != ("evidence",))
        else:
            self.fields["evidence"].queryset = items  # type: ignore[attr-defined]
            self.fields["evidence"].linked = linked  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A span in its order."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = given.get("period_from"), given.get("period_to")
        if first and last and last < first:
            self.add_error("period_to", "It ends before it begins.")
        return given


class LinkEvidence(OnceScreen):
    """Say what a leg of a control stands on."""

    permission = "controls.read"
    queryset = Control.objects.select_related("owner")
    object: Control
    found = False
    form_class = LinkForm
    template_name = "controls/control_link.html"
    submit_label = "Link it"
    success_message = "It is linked."

    def load(self) -> None:
        """Only for those who may."""
        super().load()
        if not may_link(self.request.member, self.object):
            raise PermissionDenied

    def get_title(self) -> str:
        """Of which control."""
        return f"Evidence for {self.object.code}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the control."""
        return (*CRUMBS, (self.object.code, self.object.get_absolute_url()))

    @property
    def sought(self) -> str:
        """The words searched for."""
        return str(self.request.GET.get("q", "")).replace("\x00", "")[:200]

    def get_initial(self) -> dict[str, Any]:
        """The leg whose link was followed."""
        return {"leg": self.request.GET.get("leg", "")}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Current items that have the words, or the latest."""
        items = None
        if self.request.member.can("evidence.read"):
            current = words.having(evidence_seen_by(self.request.member).filter(status=Evidence.Status.CURRENT), self.sought)
            chosen = self.request.POST.getlist("evidence")[:100] if self.request.method == "POST" else []
            shown = list(current.order_by("-collected_at").values_list("pk", flat=True)[:OFFERED])
            self.found = bool(shown)
            if shown or chosen or self.sought:
                items = evidence_seen_by(self.request.member).filter(pk__in=[*shown, *_keys(chosen)])
        linked = ControlEvidence.objects.filter(control=self.object, status=ControlEvidence.Status.LINKED)
        return {**super().get_form_kwargs(), "items": items, "linked": set(linked.values_list("evidence_id", flat=True))}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the search."""
        context = super().get_context_data(**kwargs)
        may_search = "evidence" in context["form"].fields
        return {**context, "sought": self.sought, "may_search": may_search, "found": self.found}

    def act(self, form: LinkForm) -> Control:
        """Link it."""
        given = {"evidence": [], **form.cleaned_data}
        link_to_leg(self.object, given.pop("leg"), actor=self.request.member, **given)
        return self.object


def _keys(texts: Collection[str]) -> list[uuid.UUID]:
    """Those that are keys at all; the field itself says what it thinks of the others."""
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(uuid.UUID(text))
    return found


class UnlinkEvidence(TransitionScreen):
    """Take evidence away from a control."""

    permission = "evidence.write"
    transition = ControlEvidence.REMOVE
    queryset = ControlEvidence.objects.select_related("control", "evidence", "occurrence")
    object: ControlEvidence
    form_class = ReasonForm
    submit_label = "Unlink it"
    tone = "danger"
    explain = "The item itself stays. What it alone proved waits again, and the control's status follows."
    success_message = "It is not linked any more."

    def get_queryset(self) -> QuerySet[Any]:
        """Items that its reader may see."""
        seen = evidence_seen_by(self.request.member).order_by().values("pk")
        return super().get_queryset().filter(evidence__in=seen)

    def get_title(self) -> str:
        """What from where."""
        return f"Unlink {self.object.evidence.reference} from {self.object.control.code}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the control."""
        control = self.object.control
        return (*CRUMBS, (control.code, control.get_absolute_url()))

    def act(self, form: ReasonForm) -> Control:
        """Take it away."""
        unlink_evidence(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        control: Control = self.object.control
        return control
