"""Screens: every view of the product, and none without a permission."""

from ui.screens.base import Screen, ScreenRequest, screen
from ui.screens.bulk import Bulk, BulkResult
from ui.screens.listing import Column, DayFilter, Empty, Filter
from ui.screens.lists import ListScreen
from ui.screens.records import DetailScreen, FormScreen

__all__ = [
    "Bulk",
    "BulkResult",
    "Column",
    "DayFilter",
    "DetailScreen",
    "Empty",
    "Filter",
    "FormScreen",
    "ListScreen",
    "Screen",
    "ScreenRequest",
    "screen",
]
