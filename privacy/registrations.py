"""What privacy put into the registries of the layers below."""

import datetime as dt

from django.db.models import QuerySet

from api.models import KeptAnswer
from privacy.customers.views import CustomerList
from privacy.inbox import REMINDING, about, due, waiting
from privacy.models import Consent, CustomerStep, EndedCustomer, LegalHold, RequestTask, SubjectRequest
from privacy.retention.deleting import run_schedules
from privacy.retention.holding import is_scheduled, unheld
from privacy.retention.tasks import make_missing
from privacy.rights import READ, SUBJECTS_READ
from privacy.subjects.erasing import erase_privacy
from privacy.subjects.listing import RequestList
from privacy.subjects.naming import catch_up
from privacy.subjects.tasks import make_missing_letters
from tenancy.models import Organization
from ui.navigation import register_place
from ui.searching import register_search
from workflow.inbox import register_inbox
from workflow.personal import register_about, register_eraser, register_naming
from workflow.retention import Disposable, register_disposable, register_rules
from workflow.schedule import register_periodic


def _withdrawn() -> QuerySet[Consent]:
    return Consent.objects.filter(status=Consent.Status.WITHDRAWN)


def _remind(organization: Organization, at: dt.datetime) -> None:
    REMINDING.run(organization, at, due)


def register() -> None:
    """Fill the registries."""
    register_search("privacy:request-list", RequestList, lambda one: f"{one.reference} {one.name}", order=30)
    register_search("privacy:customer-list", CustomerList, lambda one: f"{one.reference} {one.name}", order=35)
    register_place("vendors", "Data inventory", "privacy:dataset-list", READ, order=80)
    register_place("vendors", "Retention", "privacy:schedule-list", READ, order=82)
    register_place("vendors", "Requests of people", "privacy:request-list", SUBJECTS_READ, order=84)
    register_place("vendors", "Data classes", "privacy:class-list", READ, order=86, more=True)
    register_place("vendors", "Legal holds", "privacy:hold-list", READ, order=88, more=True)
    register_place("vendors", "Deletions", "privacy:certificate-list", READ, order=90, more=True)
    register_place("vendors", "Customers who left", "privacy:customer-list", READ, order=92, more=True)
    register_place("vendors", "Privacy notices", "privacy:notice-list", READ, order=94, more=True)
    register_place("vendors", "Consents", "privacy:consent-list", SUBJECTS_READ, order=96, more=True)
    register_rules(scheduled=is_scheduled, unheld=unheld)
    register_disposable(
        Disposable(
            key="consents",
            label="Consents that were withdrawn",
            words="Who had agreed to what. It proves that what was done until the withdrawal was lawful: keep it for so long.",
            rows=_withdrawn,
            moment="withdrawn_at",
            about="email",
            minimum=365,
            traced=True,
        )
    )
    register_about(Consent, "email", title="Consents")
    register_about(SubjectRequest, "email", "person", title="Requests about their data")
    register_eraser(erase_privacy)
    register_naming(KeptAnswer, "body")  # the API has no registry of its own
    for model in (LegalHold, EndedCustomer, CustomerStep, SubjectRequest, RequestTask):
        register_naming(model, "told")
    register_inbox(waiting, about)
    register_periodic("privacy.delete", run_schedules)
    register_periodic("privacy.certificates", make_missing)
    register_periodic("privacy.letters", make_missing_letters)
    register_periodic("privacy.remind", _remind)
    register_periodic("privacy.take_names_out", catch_up)
