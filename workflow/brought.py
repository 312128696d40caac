"""Records that come from elsewhere by a file: who brought them here, and who did what there, in words.

What was done elsewhere was not done here. So the members of a record stay empty, or are whoever brought it, and the names that
the file has are told beside it.
"""

from typing import Any

from django.db import models

from accounts.models import Member


class Brought(models.Model):
    """Mixin of a record that a file may bring as history."""

    brought_by = models.ForeignKey(Member, null=True, editable=False, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField("recorded from elsewhere", null=True, editable=False)
    told = models.TextField("who did what elsewhere", blank=True, default="", editable=False)  # a line for each field and name

    class Meta:
        abstract = True

    def told_of(self, field: str) -> str:
        """Whom the file names as having done this, such as "placed_by"."""
        lines = (line.partition(": ") for line in self.told.splitlines())
        return next((who for name, _, who in lines if name == field), "")

    def who(self, field: str) -> str:
        """The name of whoever did this, elsewhere or here; empty where nobody is known."""
        if self.brought_at and (elsewhere := self.told_of(field)):
            return elsewhere
        member = getattr(self, field)
        return str(member.name) if member else ""

    @property
    def origin(self) -> str:
        """That it was not done here, in a sentence; empty for what was. Load `brought_by` with its user."""
        if not self.brought_at:
            return ""
        who = self.brought_by.name if self.brought_by else "Plumbline"
        return f"Recorded from elsewhere by {who} on {self.brought_at:%-d %B %Y}. What it says was not done here."


def words_of(row: Any, field: str) -> str:
    """Who did this as a file has it: with the address where it was done here."""
    if row.brought_at and (elsewhere := row.told_of(field)):
        return str(elsewhere)
    member = getattr(row, field, None)
    return f"{member.name} <{member.email}>" if member and not row.brought_at else ""


def telling(said: dict[str, str]) -> str:
    """The names of a file, as a record keeps them."""
    return "\n".join(f"{field}: {who}" for field, who in said.items() if who)
