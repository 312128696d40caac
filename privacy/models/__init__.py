"""Classes of data, the data inventory, retention, legal holds, customers who left, notices, and requests of people."""

from privacy.models.classes import Basis, DataClass, DataSet, InUse
from privacy.models.customers import CustomerStep, EndedCustomer
from privacy.models.notices import Consent, Notice, NoticeVersion
from privacy.models.retention import DeletionCertificate, LegalHold, RetentionSchedule
from privacy.models.subjects import PENDING, RequestTask, SubjectRequest

__all__ = [
    "PENDING",
    "Basis",
    "Consent",
    "CustomerStep",
    "DataClass",
    "DataSet",
    "DeletionCertificate",
    "EndedCustomer",
    "InUse",
    "LegalHold",
    "Notice",
    "NoticeVersion",
    "RequestTask",
    "RetentionSchedule",
    "SubjectRequest",
]
