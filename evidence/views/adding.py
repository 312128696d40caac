"""Adding evidence: several files at once, each with a result of its own."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.forms import BaseForm
from django.http import HttpResponse, JsonResponse
from django.urls import reverse

from accounts.models import Member
from audit.actions import action
from evidence.actions import WRITE, add_evidence
from evidence.files import store
from evidence.forms import UploadForm
from evidence.importing.linkers import REQUESTS, follow_links, named_by
from evidence.models import Evidence
from evidence.views.changing import CRUMBS
from ui.refusals import ActionRefused
from workflow.once import OnceScreen

SHARED = ("category", "description", "source", "query", "period_from", "period_to", "expires_on", "owner", "tags")


class EvidenceAdd(OnceScreen):
    """A page to drop files on. Its script sends them one by one and asks for JSON; without it they come together."""

    permission = WRITE
    title = "Add evidence"
    form_class = UploadForm
    template_name = "evidence/evidence_add.html"
    submit_label = "Keep as evidence"
    breadcrumbs = CRUMBS

    @property
    def by_script(self) -> bool:
        """Whether the page's script asks."""
        return bool(self.request.headers.get("Accept") == "application/json")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the limit, which the script need not try."""
        return super().get_context_data(limit=settings.PLUMBLINE_UPLOAD_LIMIT, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """Who adds it keeps it fresh, unless they say otherwise."""
        return {"owner": self.request.member.pk}

    def act(self, form: UploadForm) -> Evidence | str:
        """Keep each file; what one of them is refused for holds up no other."""
        given, kept = {**form.cleaned_data}, []
        files = given.pop("uploads")
        title = given.pop("title") if len(files) == 1 else ""
        refused = []
        for upload in files:
            try:
                kept.append(self._keep(upload, title, given))
            except ActionRefused as refusal:
                refused.append(refusal.sentence)
        if not kept:
            raise ActionRefused(" ".join(refused), field="uploads")
        if not self.by_script:
            self._tell(kept, refused)
        return kept[0] if len(files) == 1 else reverse("evidence:list")

    def _keep(self, upload: "UploadedFile[Any]", title: str, given: dict[str, Any]) -> Evidence:
        name, member = upload.name or "file", self.request.member
        facts = {name: given[name] for name in SHARED}
        facts |= {"title": title or name.rpartition(".")[0] or name, "collector": member.name, "method": Evidence.Method.MANUAL}
        return keep_linked(upload, name, facts=facts, links=given, actor=member)

    def _tell(self, kept: list[Evidence], refused: list[str]) -> None:
        for one in kept:
            messages.success(self.request, f"{one.reference} “{one.title}” is kept.{twins(one)}")
        for sentence in refused:
            messages.error(self.request, sentence)

    def go_to(self, url: str) -> HttpResponse:
        """To the item or the list; the script is told what came of its file."""
        answer = super().go_to(url)
        return JsonResponse({"url": url, **said_of(url)}) if self.by_script else answer

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """With the errors at the fields; the script gets them as sentences."""
        if not self.by_script:
            return super().form_invalid(form)
        labels = {name: field.label or name.replace("_", " ").capitalize() for name, field in form.fields.items()}
        sentences = [
            text if name in {"__all__", "uploads"} else f"{labels[name]}: {text}"
            for name, texts in form.errors.items()
            for text in texts
        ]
        return JsonResponse({"errors": sentences}, status=422)


@action
def keep_linked(
    upload: "UploadedFile[Any]", name: str, *, facts: dict[str, Any], links: dict[str, Any], actor: Member
) -> Evidence:
    """Keep a file, and link it to what its form names and to the control that its own name begins with. Raises ActionRefused."""
    item = add_evidence(file=store(upload, name), actor=actor, **facts)
    controls = [links["controls"], *(named_by(name) if links["by_name"] else [])]
    follow_links(item, ", ".join(one for one in controls if one), actor)
    follow_links(item, links["requests"], actor, REQUESTS)
    return item


def said_of(url: str) -> dict[str, str]:
    """What a script shows of the item at an address."""
    one = Evidence.objects.select_related("file").get(pk=url.rstrip("/").rpartition("/")[2])
    return {"reference": one.reference, "note": twins(one).strip()}


def twins(evidence: Evidence) -> str:
    """A sentence when the same bytes are evidence already; empty when not."""
    others = Evidence.objects.filter(file=evidence.file_id).exclude(pk=evidence.pk).order_by("collected_at")
    names = list(others.values_list("reference", flat=True)[:3])
    return f" The same bytes are kept already as {', '.join(names)}." if names else ""
