"""Approving and rejecting one change."""

from typing import Any

from django.db.models import QuerySet

from accounts.factors import FactorFormMixin
from changes.approving.content import difference
from changes.approving.giving import approve, reject
from changes.approving.session import shown_in
from changes.approving.telling import told
from changes.approving.versions import latest, seen_by
from changes.drafting.about import Act
from changes.lifecycle import forms
from changes.lifecycle.asking import waits_for
from changes.lifecycle.describing import described
from changes.lifecycle.standing import Position
from changes.models import Change, ChangeVersion
from changes.models.change import ATTEMPTED
from ui.refusals import ActionRefused


class _Answer(Act, abstract=True):
    """A form that says something of the change as this member saw it."""

    template_name: str = "changes/decide.html"
    plain_form: Any
    factor_form: Any

    def get_queryset(self) -> QuerySet[Any]:
        """With what is shown."""
        return super().get_queryset().prefetch_related("systems__system", "links")

    def load(self) -> None:
        """No form for whoever may not, with the reason. Raises ActionRefused."""
        super().load()
        self.position = Position(self.object, self.request.member)
        self.seen = self.request.POST.get("content_hash") or self.request.GET.get("seen") or self.object.content_hash
        if self.request.method != "POST" and (refusal := self.position.why_not_approve):
            raise ActionRefused(refusal)

    def get_form_class(self) -> Any:
        """What is of high risk asks for a second factor, unless it was shown a short while ago."""
        return self.factor_form if self.object.risk == Change.Risk.HIGH else self.plain_form

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the request, for the second factor."""
        kwargs = super().get_form_kwargs()
        return {**kwargs, "request": self.request} if issubclass(self.get_form_class(), FactorFormMixin) else kwargs

    def get_initial(self) -> dict[str, Any]:
        """What is answered."""
        return {"content_hash": self.seen}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it is about; and if it was edited since it was seen, what is different."""
        change = self.object
        before = None
        if stale := self.seen != change.content_hash:
            before = ChangeVersion.objects.filter(change=change, content_hash=self.seen).order_by("-number").first()
        else:
            before = seen_by(change, self.position.somebody)
        current = latest(change)
        differences = difference(before.content, current.content) if before and current else []
        what = described(change, self.request.member)
        return super().get_context_data(**what, stale=stale, before=before, differences=told(differences), **kwargs)

    def get_template_names(self) -> list[str]:
        """In a dialog, which opens above the change's page, without what that page says."""
        return ["changes/decide.html#form"] if self.request.headers.get("HX-Target") == "dialog-body" else [self.template_name]


class ChangeApprove(_Answer):
    """Approve it as it is shown."""

    plain_form, factor_form = forms.ApproveForm, forms.ApproveWithFactorForm
    form_class = forms.ApproveForm
    verb = "Approve"
    submit_label = "Approve"
    explain = "Your approval is bound to what is shown here: it ends when somebody edits it."

    def act(self, form: Any) -> Change:
        """Approve it."""
        approve(self.object, actor=self.request.member, factor=shown_in(self.request), **form.cleaned_data)
        self.success_message = self._said()
        return self.object

    def _said(self) -> str:
        """That it is approved; before its last approval, who is still to approve it."""
        position = Position(self.object, self.request.member)
        if position.waits:
            return f"Your approval is recorded. {waits_for(position)}"
        in_writing = " in writing" if self.object.status in ATTEMPTED else ""
        return f"{self.object.reference} is approved{in_writing}."


class ChangeReject(_Answer):
    """Reject it with a reason."""

    plain_form, factor_form = forms.RejectForm, forms.RejectWithFactorForm
    form_class = forms.RejectForm
    verb = "Reject"
    submit_label = "Reject"
    tone = "danger"

    @property
    def explain(self) -> str:  # type: ignore[override]
        """What a rejection does."""
        if self.position.in_writing:
            return "It stays carried out: your rejection stands in its file, and a finding is raised unless there is one."
        return "One rejection is enough: it is over until somebody reworks it."

    def act(self, form: Any) -> Change:
        """Reject it."""
        reject(self.object, actor=self.request.member, factor=shown_in(self.request), **form.cleaned_data)
        in_writing = self.object.status != Change.Status.REJECTED
        self.success_message = f"{self.object.reference} is rejected{' in writing' if in_writing else ''}."
        return self.object
