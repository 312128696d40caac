"""What PostgreSQL's planner believes of a table, mended in the transaction that made it wrong."""

from django.db import connection
from django.db.models import Model


def plan_anew(rows: int, *models: type[Model]) -> None:
    """Call it once `rows` rows came into the tables of `models`, before what is checked at the end of the transaction.

    The checks of foreign keys and triggers run a query for each row. Its plan is kept for the session, and made from the
    table's last measure: from one taken when the table was small, or held nothing but what was rolled back, it reads the
    whole table each time, and 100,000 rows never end. Tables are measured only where the last measure says fewer rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT take_measure(%s, %s)", [[model._meta.db_table for model in models], rows])
        cursor.execute("DISCARD PLANS")
