"""Organization, and UUIDv7 in SQL for rows made in bulk."""

from typing import ClassVar

import django.db.models.functions.text
from django.db import migrations, models

import tenancy.ids
import tenancy.models

UUID_V7 = """
CREATE FUNCTION uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
              PLACING substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
              FROM 1 FOR 6),
      52, 1), 53, 1), 'hex')::uuid
$$
"""


class Migration(migrations.Migration):
    """First tables."""

    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.CreateModel(
            name="Organization",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("slug", models.SlugField(max_length=40, verbose_name="short name in addresses")),
                ("name", models.CharField(max_length=120)),
                (
                    "zone",
                    models.CharField(
                        default="UTC",
                        max_length=60,
                        validators=[tenancy.models.check_zone],
                        verbose_name="time zone",
                    ),
                ),
                ("is_example", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"ordering": ["name"]},
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower("slug"), name="organization_slug_unique"),
        ),
        migrations.RunSQL(UUID_V7, "DROP FUNCTION uuid_v7()"),
    ]
