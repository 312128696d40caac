"""Changes and deployments to begin with: made by the product's own actions, the moments of an approval set afterwards."""

import datetime as dt
import hashlib
from typing import Any

from django.db import connection

from accounts.models import Member
from changes.deployments.actions import Outcome, report
from changes.drafting.actions import create_change
from changes.lifecycle import actions
from changes.models import Change, Deployment
from inventory.models import System
from tenancy.scope import now
from tests.cast import Cast
from tests.reviews.world import system as make_system

MINUTE = dt.timedelta(minutes=1)


def sha(word: str) -> str:
    """A whole commit."""
    return hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest()


def a_system(name: str = "Billing") -> System:
    """One, made once."""
    return System.objects.filter(name=name).first() or make_system(name)


def raised(word: str, *, by: Member | None = None, **facts: Any) -> Change:
    """A change of code from a pull request whose last commit is `word`."""
    given = {
        "source": "github",
        "repository": "acme/app",
        "head_sha": sha(word),
        "number": _number(),
        "description": word,
        "kind": "code",
    }
    return create_change(actor=by or Cast().manager, title=word, systems=[a_system()], **{**given, **facts})


def _number() -> int:
    return Change.objects.count() + 1


def approved(word: str, **facts: Any) -> Change:
    """Submitted by the manager, approved by the approver."""
    change = raised(word, **facts)
    actions.submit(change, actor=Cast().manager)
    change.refresh_from_db()
    actions.approve(change, actor=Cast().approver, content_hash=change.content_hash)
    change.refresh_from_db()
    return change


def deployed(word: str, *, at: dt.datetime | None = None, actor: Member | None = None, **facts: Any) -> Deployment:
    """One deployment of the commit `word` to production, reported by the administrator's pipeline."""
    given = {"id": f"run-{word}", "environment": "production", "commit": sha(word), "repository": "acme/app"}
    (found,) = reported([{**given, "deployed_at": (at or now()).isoformat(), **facts}], actor=actor)
    assert found.status == "accepted", found.errors
    return Deployment.objects.select_related("change").get(external_id=found.external_id)


def reported(items: list[Any], *, actor: Member | None = None, source: str = "ci") -> list[Outcome]:
    """What becomes of a report."""
    return report(items, source=source, actor=actor or Cast().administrator)


def sql(statement: str, *params: Any) -> None:
    """Straight to the database."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
