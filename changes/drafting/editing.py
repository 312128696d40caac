"""Writing on a change: by its form, and a draft by itself while one types."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from changes.drafting.about import EVERYBODY, AboutChange
from changes.drafting.actions import edit_change
from changes.drafting.fields import answer_name
from changes.drafting.forms import ChangeForm
from changes.drafting.risk import QUESTIONS, Assessment, assess
from changes.drafting.stale import Difference, Stale
from changes.lifecycle.completeness import missing
from changes.models import Change, Kind
from changes.rights import is_frozen, may_edit, visible_to
from ui.refusals import ActionRefused
from ui.screens import ScreenRequest, screen

CONFLICT = 409
STAY = "stay"  # the name of the button that saves and stays on the page


class ChangeEdit(AboutChange):
    """Write on a change. A draft saves by itself; what is approved asks for approval again."""

    form_class = ChangeForm
    template_name = "changes/change_form.html"
    verb = "Edit"
    submit_label = "Save"
    differences: tuple[Difference, ...] = ()

    def allowed(self) -> bool:
        """Who asked for it, and who runs changes."""
        return may_edit(self.request.member, self.object)

    def act(self, form: ChangeForm) -> str:
        """Save it. Raises Stale when somebody else did since."""
        was = (self.object.status, self.object.content_hash)
        try:
            change = edit_change(self.object, actor=self.request.member, edited_at=form.seen, **form.facts())
        except Stale as stale:
            self.differences = tuple(stale.differences)
            raise
        if STAY not in self.request.POST:
            self.success_message = _saved(was, change)
            return change.get_absolute_url()
        messages.success(self.request, f"Saved {clock()}.")
        return reverse("changes:edit", args=[change.pk])

    def form_invalid(self, form: Any) -> HttpResponse:
        """What was typed stays. After a conflict the page knows of the other edit: to save again is to put one's own there."""
        if self.differences:
            self.object.refresh_from_db(fields=["edited_at"])
            form.data = form.data.copy()
            form.data["edited_at"] = self.object.edited_at.isoformat()
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the level of risk as the page has the answers, and whether it saves by itself."""
        context = super().get_context_data(**kwargs)
        change, form = self.object, context["form"]
        asked = [one for one in QUESTIONS if answer_name(one) in form.fields]
        given = {one.key: form[answer_name(one)].value() for one in asked}
        return {
            **context,
            "assessment": assess(given, str(form["kind"].value())) if asked else None,
            **before_submission(change, form),
            "differences": self.differences,
            "saves_itself": change.status == Change.Status.DRAFT,
            "ends_approvals": change.status in {Change.Status.SUBMITTED, Change.Status.APPROVED, Change.Status.SCHEDULED},
            "frozen": is_frozen(change),
            "stay": STAY,
        }


@screen(EVERYBODY, methods=["POST"])
def save(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Save a draft while it is written: what is sound is saved, of the rest it is told what is wrong."""
    change = get_object_or_404(visible_to(request.member), pk=pk)
    if not may_edit(request.member, change):
        raise PermissionDenied
    if change.status != Change.Status.DRAFT:
        raise ActionRefused(f"{change} is {change.get_status_display().lower()}: save it by the button.")
    form = ChangeForm(request.POST, instance=change)
    form.is_valid()
    try:
        saved = edit_change(change, actor=request.member, edited_at=form.seen, **form.facts())
    except Stale as stale:
        change.refresh_from_db(fields=["edited_at"])
        html = render_to_string("changes/conflict.html", {"differences": stale.differences, "live": True}, request)
        return JsonResponse({"detail": stale.sentence, "html": html, "edited_at": change.edited_at.isoformat()}, status=CONFLICT)
    html = render_to_string("changes/still_missing.html", before_submission(saved, form), request)
    errors = {name: " ".join(map(str, said)) for name, said in form.errors.items()}
    return JsonResponse({"saved": clock(), "edited_at": saved.edited_at.isoformat(), "errors": errors, "missing": html})


def before_submission(change: Change, form: ChangeForm) -> dict[str, Any]:
    """What a draft still lacks, and which fields are wrong and so not in it. One that is wrong is not said to be lacking."""
    errors = {name: " ".join(map(str, said)) for name, said in form.errors.items()}
    shown = [form[name] for name in errors if name in form.fields and not form[name].is_hidden]
    wrong = [{"place": one.id_for_label or one.auto_id, "label": one.label, "said": errors[one.name]} for one in shown]
    lacking = [sentence for name, sentence in missing(change) if name not in errors]
    return {"missing": lacking, "wrong": wrong}


@screen("changes.raise")
def risk(request: ScreenRequest) -> HttpResponseBase:
    """The level of risk of the answers in the address, with its reasons, as a part of a page."""
    return render(request, "changes/risk_level.html", {"assessment": _asked(request)})


def _asked(request: ScreenRequest) -> Assessment:
    kind = request.GET.get("kind", "")
    answers = {one.key: request.GET.get(answer_name(one), "") for one in QUESTIONS}
    return assess(answers, kind if kind in Kind.values else Kind.INFRASTRUCTURE.value)


def _saved(was: tuple[str, str], change: Change) -> str:
    """What became of it by the edit; nothing for a draft, whose page says itself what comes next."""
    if change.status == Change.Status.DRAFT:
        return ""
    if (change.status, change.content_hash) == was:
        return "It is saved. What is approved stayed as it is."
    return "It is saved as a new version, and waits for approval again."


def clock() -> str:
    """The organization's time of day, such as 14:03."""
    return f"{timezone.localtime():%H:%M}"
