"""What the lower apps should know of the reviews."""

from audit.values import register_words
from controls.occurrences.coverage import register_coverage
from controls.occurrences.events import NAMES, register_events
from controls.occurrences.feeds import ACCESS_REVIEWS
from evidence.links import Linkable, register_linkable
from inventory.models.system import Route
from inventory.snapshots.hooks import on_checked
from reviews import binder, populations, reminders
from reviews.inbox import about, waiting
from reviews.models import Campaign
from reviews.outputs.feeding import feed_missing, signed_reviews, systems_reviewed
from reviews.outputs.tasks import make_missing
from reviews.rights import KIND
from reviews.signoff.closing import close_checked, close_finished
from reviews.tasks import return_lost
from ui.navigation import register_place
from workflow.delegations.kinds import register_kind
from workflow.inbox import register_inbox
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("access", "Reviews", "reviews:list", "reviews.read", order=1, brief=True)
    register_place("access", "My decisions", "reviews:mine", "reviews.decide", order=2, covers="reviews:list")
    register_words("reviews.campaign", "reviewer_order", Route.choices)
    register_inbox(waiting, about)
    register_kind(KIND)
    register_periodic("reviews.close_finished", close_finished)
    register_periodic("reviews.return_lost", return_lost)
    register_periodic("reviews.make_missing", make_missing)
    register_periodic("reviews.feed_missing", feed_missing)
    register_events(ACCESS_REVIEWS, NAMES[ACCESS_REVIEWS], signed_reviews)
    register_coverage(ACCESS_REVIEWS, systems_reviewed)
    register_linkable(Linkable("Review", Campaign, "reviews.read", ("reference", "name")))
    on_checked(close_checked)
    binder.register()
    populations.register()
    reminders.register()
