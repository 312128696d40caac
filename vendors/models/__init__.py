"""Vendors, what was concluded of them, what they have shown and answered, and their API keys."""

from vendors.models.document import DocumentDuty, DocumentSubservice, VendorDocument
from vendors.models.key import QUARTER, VendorKey
from vendors.models.questionnaire import QuestionnaireAnswer, VendorQuestionnaire
from vendors.models.review import ReviewControl, VendorReview
from vendors.models.vendor import AT_WORK, LINE, OVER, UNDECIDED, Vendor, VendorSystem, VendorWord

__all__ = [
    "AT_WORK",
    "LINE",
    "OVER",
    "QUARTER",
    "UNDECIDED",
    "DocumentDuty",
    "DocumentSubservice",
    "QuestionnaireAnswer",
    "ReviewControl",
    "Vendor",
    "VendorDocument",
    "VendorKey",
    "VendorQuestionnaire",
    "VendorReview",
    "VendorSystem",
    "VendorWord",
]
