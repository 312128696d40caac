"""A view that says nothing of who may use it is for nobody."""

from typing import Any

from rest_framework.permissions import BasePermission


class Closed(BasePermission):
    """No default: a resource asks for the permission that its operation names."""

    def has_permission(self, request: Any, view: Any) -> bool:
        """Never."""
        return False
