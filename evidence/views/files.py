"""Stored files."""

from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from evidence.files import download
from evidence.models import EvidenceRevision, StoredFile
from ui.screens import ScreenRequest, screen


@screen("evidence.read")
def file(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """A stored file. One that is no evidence is for those who may also see populations."""
    stored = get_object_or_404(StoredFile, pk=pk)
    if not request.member.can("snapshots.read") and not EvidenceRevision.objects.filter(file=stored).exists():
        raise Http404
    return download(stored)
