"""Stored files, evidence with its revisions, checks of the bytes, and frozen populations with their samples."""

from evidence.models.checks import FileCheck
from evidence.models.evidence import Evidence, EvidenceLink, EvidenceRevision
from evidence.models.files import StoredFile
from evidence.models.imports import EvidenceImport, ImportFile, ImportRow
from evidence.models.population import Population, Sample
from evidence.models.words import EvidenceWord

__all__ = [
    "Evidence",
    "EvidenceImport",
    "EvidenceLink",
    "EvidenceRevision",
    "EvidenceWord",
    "FileCheck",
    "ImportFile",
    "ImportRow",
    "Population",
    "Sample",
    "StoredFile",
]
