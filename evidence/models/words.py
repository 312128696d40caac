"""What evidence is found by."""

from typing import ClassVar

from django.db import models

from evidence.models.evidence import Evidence
from tenancy.models import TenantForeignKey, TenantModel


class EvidenceWord(TenantModel):
    """A word of an item. Made from the item, see evidence/words.py; in the order of its bytes, so that beginnings are found."""

    evidence = TenantForeignKey(Evidence, db_index=False, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=64, db_collation="C")

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "word", "evidence"], name="evidence_word_search")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "evidence", "word"], name="evidence_word_unique")]

    def __str__(self) -> str:
        return self.word
