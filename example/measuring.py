"""What PostgreSQL would have learned of the tables by itself, had the year of the example taken longer than a minute."""

from django.apps import apps

from tenancy.measuring import plan_anew
from tenancy.models import TenantModel

MANY = 2_000  # rows: what is larger was measured while it was loaded


def measure_all() -> None:
    """Measure every table that was small when it was measured last. All of the example is made in one transaction."""
    plan_anew(MANY, *(model for model in apps.get_models() if issubclass(model, TenantModel)))
