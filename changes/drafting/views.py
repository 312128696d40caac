"""Screens of writing a change: begun, edited, copied, talked about, with its files."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from changes.drafting import files, forms, talk
from changes.drafting.about import EVERYBODY, LIST, Act
from changes.drafting.actions import create_change
from changes.drafting.cloning import clone_change
from changes.models import Change
from changes.rights import RAISE, visible_to
from evidence import downloads
from ui.screens import ScreenRequest, screen
from workflow.once import OnceScreen


class ChangeCreate(OnceScreen):
    """Begin a change as a draft; only a title is needed."""

    permission = RAISE
    form_class = forms.NewChangeForm
    template_name = "changes/change_new.html"
    title = "New change"
    breadcrumbs = (LIST,)
    submit_label = "Begin"
    explain = "It begins as a draft, which only you and those who read changes see. Everything else is written on the next page."

    def get_initial(self) -> dict[str, Any]:
        """A link from a template or a system fills that in."""
        asked = self.request.GET
        given: dict[str, Any] = {"title": asked.get("title", "")[:200]}
        if template := asked.get("template", ""):
            given |= {"template": template, "type": Change.Type.STANDARD}
        if system := asked.get("system", ""):
            given["systems"] = [system]
        if asked.get("type") in Change.Type.values:
            given["type"] = asked["type"]
        return given

    def act(self, form: forms.NewChangeForm) -> str:
        """Begin it, and write on."""
        change = create_change(actor=self.request.member, **form.facts())
        return reverse("changes:edit", args=[change.pk])


class ChangeClone(Act):
    """Begin another that says the same."""

    form_class = forms.CloneForm
    verb = "Copy"
    submit_label = "Copy it"
    explain = "A new draft with the same words, systems and answers. Window, approvals, files and comments stay with this one."

    def allowed(self) -> bool:
        """Whoever may raise changes."""
        return bool(self.request.member.can(RAISE))

    def get_initial(self) -> dict[str, Any]:
        """The same title to begin with."""
        return {"title": self.object.title}

    def act(self, form: forms.CloneForm) -> str:
        """Copy it, and write on."""
        made = clone_change(self.object, actor=self.request.member, **form.cleaned_data)
        return reverse("changes:edit", args=[made.pk])


class ChangeComment(Act):
    """Say something about it."""

    form_class = forms.CommentForm
    verb = "Comment on"
    submit_label = "Comment"

    def allowed(self) -> bool:
        """All but auditors and viewers."""
        return talk.may_comment(self.request.member)

    def act(self, form: forms.CommentForm) -> str:
        """Say it; names that are nobody's are said."""
        said = talk.comment(self.object, actor=self.request.member, **form.cleaned_data)
        if nobodys := talk.named_in(said.text).nobodys:
            names = ", ".join(f"@{name}" for name in nobodys[:5])
            messages.warning(self.request, f"Nobody here, or more than one, is called {names}: nobody was told by that name.")
        return f"{self.object.get_absolute_url()}#said"


class ChangeAttach(Act):
    """Add files to it, kept as evidence."""

    form_class = forms.AttachForm
    verb = "Add files to"
    submit_label = "Add them"
    explain = "Each file is kept as evidence under its hash. Files can be added until the change is closed."
    success_message = "The files were added."

    def allowed(self) -> bool:
        """Who has a part in it, and who runs changes."""
        return files.may_attach(self.request.member, self.object)

    def act(self, form: forms.AttachForm) -> str:
        """Add them."""
        files.attach(self.object, actor=self.request.member, **form.cleaned_data)
        return f"{self.object.get_absolute_url()}#evidence"


class ChangeDetach(Act):
    """Take an item of evidence away from it."""

    form_class = forms.DetachForm
    submit_label = "Take it away"
    explain = "The item itself stays in the evidence; it only does not belong to this change any more."
    success_message = "It was taken away."

    def load(self) -> None:
        """With the link."""
        super().load()
        self.proof = get_object_or_404(files.linked(self.object), pk=self.kwargs["proof"])

    def allowed(self) -> bool:
        """Who has a part in it, and who runs changes."""
        return files.may_attach(self.request.member, self.object)

    def get_title(self) -> str:
        """What from which."""
        return f"Take {self.proof.evidence.reference} away from {self.object.reference}"

    def act(self, form: forms.DetachForm) -> str:
        """Take it away."""
        files.detach(self.proof, actor=self.request.member, **form.cleaned_data)
        return f"{self.object.get_absolute_url()}#evidence"


@screen(EVERYBODY)
def file(request: ScreenRequest, pk: UUID, proof: UUID) -> HttpResponseBase:
    """A file of a change, for who sees the change."""
    change = get_object_or_404(visible_to(request.member), pk=pk)
    evidence = get_object_or_404(files.linked(change), pk=proof).evidence
    return downloads.take_away(evidence.file, actor=request.member, evidence=evidence)


@screen(EVERYBODY, methods=["POST"])
def watch(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Follow it."""
    change = get_object_or_404(visible_to(request.member), pk=pk)
    talk.watch(change, actor=request.member)
    messages.success(request, "You are told of what happens to this change.")
    return redirect(change)


@screen(EVERYBODY, methods=["POST"])
def unwatch(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Follow it no more; who only saw it because of that goes back to the list."""
    change = get_object_or_404(visible_to(request.member), pk=pk)
    talk.unwatch(change, actor=request.member)
    messages.success(request, "You do not follow this change any more.")
    seen = visible_to(request.member).filter(pk=pk).exists()
    return redirect(change if seen else "changes:list")
