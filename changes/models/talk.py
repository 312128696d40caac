"""What is said about a change, and who follows it."""

from typing import ClassVar

from django.db import models

from accounts.models import Member
from changes.models.change import Change
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Through


class ChangeComment(TenantModel):
    """What somebody says about a change. Nothing said is changed."""

    change = TenantForeignKey(Change, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField(max_length=10_000)
    said_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    seen_within = Through("change")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["said_at", "id"]

    def __str__(self) -> str:
        return f"Comment on {self.change}"


class ChangeMention(TenantModel):
    """Somebody named in a comment."""

    comment = TenantForeignKey(ChangeComment, on_delete=models.PROTECT, related_name="mentions")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "comment", "member"], name="change_mention_unique")]

    def __str__(self) -> str:
        return f"{self.member} in {self.comment}"


class ChangeWatcher(TenantModel):
    """Somebody who is told of what happens to a change."""

    change = TenantForeignKey(Change, on_delete=models.CASCADE, related_name="watchers")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "change", "member"], name="change_watcher_unique")]

    def __str__(self) -> str:
        return f"{self.member} watches {self.change}"
