"""What changes are found by."""

from typing import ClassVar

from django.db import models

from changes.models.change import Change
from tenancy.models import TenantForeignKey, TenantModel


class ChangeWord(TenantModel):
    """A word of a change, made by changes/drafting/words.py. In the order of its bytes, so that beginnings are found."""

    change = TenantForeignKey(Change, db_index=False, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=64, db_collation="C")

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "word", "change"], name="change_word_search")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "change", "word"], name="change_word_unique")]

    def __str__(self) -> str:
        return self.word
