"""Screens of certificates."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from evidence.downloads import REPORT, take_away
from privacy.models import DeletionCertificate
from privacy.retention.certificates import pdf_of
from privacy.rights import READ
from privacy.screens import Button, RecordScreen
from ui.screens import ScreenRequest, screen

DELETIONS = ("Deletions", "privacy:certificate-list")


class CertificateDetail(RecordScreen):
    """One deletion, as it was certified."""

    permission = READ
    breadcrumbs = (DELETIONS,)
    model = DeletionCertificate
    object: DeletionCertificate

    def get_queryset(self) -> QuerySet[Any]:
        """With what it was under."""
        return DeletionCertificate.objects.select_related("schedule", "customer", "listed")

    def get_title(self) -> str:
        """Number and what."""
        return f"{self.object.reference}: {self.object.what}"

    def get_facts(self) -> list[tuple[str, Any]]:
        """What, how many, under what, by whom."""
        one = self.object
        return [
            ("What was deleted", one.what),
            ("How many", one.count),
            ("Kept for a legal hold", one.held),
            ("Older than", one.older_than),
            ("Under", one.under),
            ("How", one.method),
            ("By", one.by),
            ("When", one.made_at),
            ("SHA-256 of the list", one.digest),
        ]

    def get_next_step(self) -> str:
        """Until it is printed."""
        return "" if pdf_of(self.object) else "Its PDF is being printed. Come back in a minute."

    def get_buttons(self) -> list[Button]:
        """The PDF, and the list of what went."""
        key: Sequence[Any] = [self.object.pk]
        pdf = Button("PDF", reverse("privacy:certificate-pdf", args=key), primary=True, dialog=False)
        listed = Button("List of what went", reverse("privacy:certificate-file", args=key), dialog=False)
        return [*([pdf] if pdf_of(self.object) else []), listed]


def certificate_pdf_of(certificate: DeletionCertificate, actor: Any) -> HttpResponseBase:
    """The PDF, noted in the trail. Raises Http404 until a worker has printed it."""
    printed = pdf_of(certificate)
    if printed is None:
        raise Http404
    return take_away(printed.file, actor=actor, evidence=printed.evidence, verb=REPORT)


@screen(READ)
def certificate_pdf(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The certificate on paper."""
    return certificate_pdf_of(get_object_or_404(DeletionCertificate, pk=pk), request.member)


@screen(READ)
def certificate_file(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The list of what was deleted: ids, and nothing of what it was."""
    certificate = get_object_or_404(DeletionCertificate.objects.select_related("listed"), pk=pk)
    return take_away(certificate.listed, actor=request.member, name=f"{certificate.reference}.txt")
