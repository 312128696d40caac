"""The words that changes are found by, and the order by title."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import TenantTable

# The words of what exists, as changes/drafting/words.py keeps them. Letters beyond ASCII stay as they are until a change is edited.
WORDS = r"""
ALTER TABLE changes_changeword NO FORCE ROW LEVEL SECURITY;
ALTER TABLE changes_change NO FORCE ROW LEVEL SECURITY;
INSERT INTO changes_changeword (id, tenant_id, change_id, word)
SELECT uuid_v7(), tenant_id, id, word FROM (
  SELECT DISTINCT c.tenant_id, c.id, left(substr(chunk, place.start), 64) AS word
  FROM changes_change c, regexp_split_to_table(lower(concat_ws(' ', c.reference, c.title, c.repository)), '\s+') AS chunk,
       generate_series(1, length(chunk)) AS place(start)
  WHERE substr(chunk, place.start, 1) ~ '[a-z0-9_]'
    AND (place.start = 1 OR substr(chunk, place.start - 1, 1) !~ '[a-z0-9_]')) AS found;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE changes_change FORCE ROW LEVEL SECURITY;
ALTER TABLE changes_changeword FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """Behind row-level security no other search can use an index."""

    dependencies: ClassVar = [("changes", "0009_saved_views"), ("tenancy", "0002_measure")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="ChangeWord",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("word", models.CharField(db_collation="C", max_length=64)),
                (
                    "change",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="changes.change",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "word", "change"], name="change_word_search")],
                "constraints": [models.UniqueConstraint(fields=("tenant", "change", "word"), name="change_word_unique")],
            },
        ),
        migrations.AddIndex(model_name="change", index=models.Index(fields=["tenant", "title", "id"], name="change_title")),
        TenantTable("ChangeWord"),
        # After the wall: a foreign key that is added to rows is judged by what the owner sees, which is nothing.
        migrations.RunSQL(WORDS, migrations.RunSQL.noop),
    ]
