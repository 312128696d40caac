"""Vendors, what was concluded of them, and their API keys."""

from vendors.models.key import QUARTER, VendorKey
from vendors.models.review import ReviewControl, VendorReview
from vendors.models.vendor import AT_WORK, LINE, OVER, Vendor, VendorSystem, VendorWord

__all__ = [
    "AT_WORK",
    "LINE",
    "OVER",
    "QUARTER",
    "ReviewControl",
    "Vendor",
    "VendorKey",
    "VendorReview",
    "VendorSystem",
    "VendorWord",
]
