import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import TenantTable

# The words of what exists; evidence/words.py says what they are. Letters beyond ASCII stay as they are until an item is changed.
WORDS = r"""
ALTER TABLE evidence_evidenceword NO FORCE ROW LEVEL SECURITY;
ALTER TABLE evidence_evidence NO FORCE ROW LEVEL SECURITY;
ALTER TABLE evidence_storedfile NO FORCE ROW LEVEL SECURITY;
INSERT INTO evidence_evidenceword (id, tenant_id, evidence_id, word)
SELECT uuid_v7(), tenant_id, id, word FROM (
  SELECT DISTINCT e.tenant_id, e.id, left(substr(chunk, place.start), 64) AS word
  FROM evidence_evidence e JOIN evidence_storedfile f ON f.tenant_id = e.tenant_id AND f.id = e.file_id,
       regexp_split_to_table(lower(concat_ws(' ', e.reference, f.sha256, e.title, e.source, f.name)), '\s+') AS chunk,
       generate_series(1, length(chunk)) AS place(start)
  WHERE substr(chunk, place.start, 1) ~ '[a-z0-9_]'
    AND (place.start = 1 OR substr(chunk, place.start - 1, 1) !~ '[a-z0-9_]')) AS found;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE evidence_evidence FORCE ROW LEVEL SECURITY;
ALTER TABLE evidence_evidenceword FORCE ROW LEVEL SECURITY;
ALTER TABLE evidence_storedfile FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_revisions_populations"), ("tenancy", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="EvidenceWord",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("word", models.CharField(db_collation="C", max_length=64)),
                (
                    "evidence",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="evidence.evidence",
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
                "indexes": [models.Index(fields=["tenant", "word", "evidence"], name="evidence_word_search")],
                "constraints": [models.UniqueConstraint(fields=("tenant", "evidence", "word"), name="evidence_word_unique")],
            },
        ),
        migrations.AddIndex(
            model_name="filecheck",
            index=models.Index(
                condition=models.Q(("result", "intact"), _negated=True), fields=["tenant", "result"], name="file_check_damaged"
            ),
        ),
        migrations.AddIndex(model_name="evidence", index=models.Index(fields=["tenant", "title"], name="evidence_title")),
        migrations.AddIndex(model_name="evidence", index=models.Index(fields=["tenant", "expires_on"], name="evidence_expires")),
        TenantTable("EvidenceWord"),
        # After the wall: a foreign key that is added to rows is judged by what the owner sees, which is nothing.
        migrations.RunSQL(WORDS, migrations.RunSQL.noop),
    ]
