"""Who asked for a request, where its change does not know: the login that the source names, and whose it is by now."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from audit.actions import action
from audit.actors import Actor
from changes.drafting.about import Act
from changes.drafting.actions import edit_change
from changes.lifecycle.moving import ITSELF
from changes.models import Change, SourceRequest
from changes.models.change import WAITING
from changes.sources.facts import Who
from changes.sources.forms import AskerForm
from changes.sources.people import People
from evidence.tables.text import email_key
from inventory.models import Account, Person
from inventory.people.actions import add_alias
from ui.refusals import ActionRefused

MATCH = "people.match"


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever opened a request, as its source calls them."""

    login: str
    person: Person | None  # known under that login by now
    is_machine: bool = False

    @property
    def is_unknown(self) -> bool:
        """Whether somebody has to say who it is."""
        return self.person is None and not self.is_machine


def asker_of(change: Change) -> Asker | None:
    """The login behind a request that nobody on the roster was known to ask for; None where somebody is, or none is told."""
    if change.requester_id is not None or change.number is None:
        return None
    row = SourceRequest.objects.filter(change=change).select_related("source__directory").first()
    if row is None or not row.author:
        return None
    person = People(row.source.directory).author(Who(login=row.author, email=row.author))
    service = Account.objects.filter(kind=Account.Kind.SERVICE, name__iexact=row.author)
    return Asker(row.author, person, person is None and service.exists())


def asked_by(login: str) -> QuerySet[Change]:
    """The changes that wait and are by this login, which nobody was known to have."""
    rows = SourceRequest.objects.filter(author__iexact=login).values("change")
    return Change.objects.filter(pk__in=rows, requester=None, status__in=WAITING)


@action
def match_asker(change: Change, *, actor: Actor, person: Person) -> int:
    """Confirm that the login behind a request is this person's: they asked for its changes that still wait. Returns how many.

    Who asks is part of what is approved, so what was approved already stays as it was. Raises ActionRefused.
    """
    asker = asker_of(change)
    if asker is None or not asker.is_unknown:
        raise ActionRefused("It is known by now who asked for it.")
    add_alias(person, actor=actor, key=email_key(asker.login))
    waiting = list(asked_by(asker.login).order_by("pk"))
    for one in waiting:
        edit_change(one, actor=ITSELF, requester=person)
    return len(waiting)


class ChangeAsker(Act):
    """Say whose login it is."""

    permission = MATCH
    form_class = AskerForm
    submit_label = "It is theirs"
    explain = (
        "The login is theirs from now on, here and in every population. They asked for its changes that still wait, whose "
        "approvals are asked for anew; what was approved already stays as it was."
    )
    success_message = "The login is matched."

    def load(self) -> None:
        """With the login. Raises ActionRefused where it is known."""
        super().load()
        self.asker = asker_of(self.object)
        if self.asker is None or not self.asker.is_unknown:
            raise ActionRefused("It is known by now who asked for it.")

    def get_title(self) -> str:
        """Whose."""
        return f"Who is {self.asker.login}?" if self.asker else ""

    def act(self, form: Any) -> Change:
        """Match it."""
        match_asker(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object
