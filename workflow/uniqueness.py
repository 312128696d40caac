"""Two people who take the same name at the same moment: the second is told, as a form that looked in time would."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, models, transaction

from ui.refusals import ActionRefused


@contextmanager
def refusing_taken(model: type[models.Model]) -> Iterator[None]:
    """Save within a savepoint; a violated unique constraint of `model` is refused in the constraint's own words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        cause: Any = error.__cause__  # psycopg's own, which names the constraint
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and constraint.name == cause.diag.constraint_name:
                field = constraint.fields[-1].removesuffix("_key")
                raise ActionRefused(str(constraint.get_violation_error_message()), field=field) from error
        raise
