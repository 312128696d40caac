"""Stored files, evidence with its revisions, checks of the bytes, and frozen populations with their samples."""

from evidence.models.checks import FileCheck
from evidence.models.evidence import Evidence, EvidenceLink, EvidenceRevision
from evidence.models.files import StoredFile
from evidence.models.population import Population, Sample

__all__ = ["Evidence", "EvidenceLink", "EvidenceRevision", "FileCheck", "Population", "Sample", "StoredFile"]
