"""What of the roster is about a person, and how somebody who left is erased: by a pseudonym in their place."""

from collections.abc import Iterator

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from inventory.models import Account, Entitlement, Person, PersonAlias, Removal
from ui.refusals import ActionRefused
from workflow.personal import Subject, register_about, register_eraser, register_naming


def erase_people(subject: Subject, pseudonym: str, actor: Actor) -> Iterator[str]:
    """Put the pseudonym in the place of name, address and number. Raises ActionRefused for somebody who works here."""
    for person in Person.objects.select_for_update(of=("self",)).filter(pk__in=subject.people).order_by("pk"):
        if person.status != Person.Status.LEFT:
            raise ActionRefused("They are on the roster and have not left: what work needs stays.")
        _erase(person, pseudonym, actor)
        yield "The roster has a pseudonym in the place of name, e-mail, number, title and other addresses."
    if count := Account.objects.filter(person__in=subject.people).count():
        accounts = "1 account in a system stays" if count == 1 else f"{count:,} accounts in systems stay"
        yield f"{accounts} here as that was exported: erase it there, and later exports show it no more."


@action
def _erase(person: Person, pseudonym: str, actor: Actor) -> None:
    person.name, person.email = pseudonym, ""
    person.employee_number, person.title = "", ""
    person.save()
    PersonAlias.objects.filter(person=person).delete()
    record("person.erase", person, actor=actor)


def register() -> None:
    """Fill the registries."""
    register_about(Person, "id", title="The roster")
    register_about(PersonAlias, "person", title="Other addresses")
    register_about(Account, "person", title="Accounts in systems")
    register_about(Entitlement, "account__person", title="Access, as populations showed it")
    register_about(Removal, "person", title="Removals of access")
    register_naming(Removal, "reason", "finding")
    register_eraser(erase_people)
