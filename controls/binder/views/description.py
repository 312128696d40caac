"""Screens of the system description as it stands: nine parts, their texts, tables and diagrams."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.views.generic import TemplateView

from controls.binder import forms, writing
from controls.binder.gathering import gather, texts
from controls.binder.markdown import render
from controls.binder.report import shown_data, shown_parts
from controls.binder.sections import SECTIONS
from controls.binder.views.overview import CRUMB, tabs
from controls.models import DescriptionText, Diagram, SystemDescription
from controls.periods.current import period_of
from ui.refusals import ActionRefused
from ui.screens import DetailScreen
from ui.screens.base import Screen
from workflow.once import OnceScreen

DESCRIPTION = ("System description", "controls:description")


class Description(Screen, TemplateView):
    """The nine parts as they stand."""

    permission = "controls.read"
    title = "System description"
    template_name = "controls/description.html"
    breadcrumbs = (CRUMB,)

    def get_tabs(self) -> Sequence[tuple[str, str, int | None]]:
        """The binder's other pages."""
        return tabs()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Parts with their texts, what is open, and what was frozen before."""
        period, member = period_of(self.request), self.request.member
        context = {**self.frame(), "period": period, "may_write": member.can("controls.write"), **kwargs}
        if period is None:
            return super().get_context_data(**context)
        data = gather(period, self.request.organization.today())
        known = texts()
        parts = shown_parts(data)
        for part in parts:
            for section in part["sections"]:
                section["latest"], section["approved"] = known.get(section["key"], (None, None))
                section["help"] = SECTIONS[section["key"]].help
                show_file(section["diagram"], may_see=member.can("evidence.read"))
        frozen = SystemDescription.objects.filter(period=period).select_related("made_by__user").prefetch_related("assertions")
        return super().get_context_data(**context, data=shown_data(data), parts=parts, frozen=list(frozen[:20]))


def show_file(diagram: dict[str, Any] | None, *, may_see: bool) -> None:
    """Where the picture of a given diagram is, for those who may see evidence."""
    if diagram is not None and diagram["source"] == "file" and may_see:
        diagram["address"] = reverse("evidence:picture", args=[diagram["file"], 1])


class TextDetail(DetailScreen):
    """One revision, with those before it."""

    permission = "controls.read"
    queryset = DescriptionText.objects.select_related("written_by__user").prefetch_related("approvals__approved_by__user")
    template_name = "controls/description_text.html"
    breadcrumbs = (CRUMB, DESCRIPTION)
    object: DescriptionText

    def get_title(self) -> str:
        """Section and number."""
        return f"{SECTIONS[self.object.section].title}, revision {self.object.number}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The text, who approved it, whether this member may, and the other revisions."""
        text = self.object
        others = DescriptionText.objects.filter(section=text.section).select_related("written_by__user")
        return super().get_context_data(
            html=render(text.text),
            approval=next(iter(text.approvals.all()), None),
            may_approve=not writing.why_not_approve(text, self.request.member),
            why_not=writing.why_not_approve(text, self.request.member),
            others=others.prefetch_related("approvals"),
            **kwargs,
        )


class TextWrite(OnceScreen):
    """Write a revision of a section."""

    permission = "controls.write"
    form_class = forms.TextForm
    submit_label = "Keep this revision"
    explain = "It is kept as a revision of its own. What is approved stays in force until somebody else approves the new one."
    success_message = "The revision is kept. Somebody else approves it."
    breadcrumbs = (CRUMB, DESCRIPTION)

    def load(self) -> None:
        """A section that exists."""
        if self.kwargs["section"] not in SECTIONS:
            raise Http404

    def get_title(self) -> str:
        """Which section."""
        return f"Write: {SECTIONS[self.kwargs['section']].title}"

    def get_initial(self) -> dict[str, Any]:
        """The latest revision."""
        latest = DescriptionText.objects.filter(section=self.kwargs["section"]).order_by("-number").first()
        return {"text": latest.text if latest else "", "seen": latest.number if latest else 0}

    def act(self, form: forms.TextForm) -> DescriptionText:
        """Keep it."""
        return writing.write_text(self.kwargs["section"], actor=self.request.member, **form.cleaned_data)


class TextApprove(OnceScreen):
    """Approve a revision."""

    permission = "description.approve"
    model = DescriptionText
    form_class = forms.ApproveForm
    submit_label = "Approve it"
    success_message = "The revision is approved."
    breadcrumbs = (CRUMB, DESCRIPTION)
    object: DescriptionText

    def load(self) -> None:
        """No form where there is nothing to approve, or not by this member."""
        super().load()
        if self.request.method != "POST" and (reason := writing.why_not_approve(self.object, self.request.member)):
            raise ActionRefused(reason)

    def get_title(self) -> str:
        """Which revision."""
        return f"Approve {SECTIONS[self.object.section].title}, revision {self.object.number}"

    def act(self, form: forms.ApproveForm) -> DescriptionText:
        """Approve it."""
        writing.approve_text(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class DiagramAdd(OnceScreen):
    """Give a drawing of one's own."""

    permission = "controls.write"
    form_class = forms.DiagramForm
    title = "Give a diagram"
    submit_label = "Keep the diagram"
    explain = "It is kept as evidence and stands in the description instead of the one that is drawn from the systems in use."
    success_message = "The diagram is in the description."
    breadcrumbs = (CRUMB, DESCRIPTION)

    def get_initial(self) -> dict[str, Any]:
        """The kind that was asked for."""
        asked = self.request.GET.get("kind", "")
        return {"kind": asked if asked in Diagram.Kind.values else Diagram.Kind.ARCHITECTURE}

    def act(self, form: forms.DiagramForm) -> str:
        """Keep it."""
        given = form.cleaned_data
        writing.add_diagram(given.pop("kind"), given.pop("upload"), actor=self.request.member, **given)
        return reverse("controls:description")
