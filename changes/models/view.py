"""Searches of the list of changes that somebody comes back to."""

from typing import ClassVar

from django.db import models
from django.urls import reverse

from accounts.models import Member
from tenancy.models import TenantModel


class SavedView(TenantModel):
    """A search of the list of changes that a member keeps under a name; only they see it."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)  # the address of the list after its question mark

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "member", "name"],
                name="saved_view_name_unique",
                violation_error_message="You have a view of this name already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The list as it was kept."""
        return f"{reverse('changes:list')}?{self.query}"
