"""Systems, people and what they may do there."""

from django.apps import AppConfig

from audit.values import register_words
from inventory.formats.registry import FORMATS
from ui.navigation import register_place
from workflow.inbox import register_inbox


class InventoryConfig(AppConfig):
    """Inventory."""

    name = "inventory"
    verbose_name = "Systems, people, populations"

    def ready(self) -> None:
        """Places in the rail, what waits for whom, and what runs by itself."""
        # These import models, which exist only now.
        from evidence.links import Linkable, register_linkable  # noqa: PLC0415
        from inventory import populations  # noqa: PLC0415
        from inventory.models import Person, Removal, System  # noqa: PLC0415
        from inventory.people import personal  # noqa: PLC0415
        from inventory.people.roster_actions import recover_rosters  # noqa: PLC0415
        from inventory.people.views.people import PersonList  # noqa: PLC0415
        from inventory.removals import inbox, periodic  # noqa: PLC0415
        from inventory.snapshots.returning import recover  # noqa: PLC0415
        from inventory.systems.views import SystemList  # noqa: PLC0415
        from ui.searching import register_search  # noqa: PLC0415
        from workflow.schedule import register_periodic  # noqa: PLC0415

        register_place("access", "People", "inventory:person-list", "people.read", order=20)
        register_place("access", "Systems", "inventory:system-list", "systems.read", order=30)
        register_place("access", "Populations", "inventory:snapshot-list", "snapshots.read", order=40)
        register_place("access", "Removals", "inventory:removal-list", "removals.read", order=50)
        register_search("inventory:person-list", PersonList, order=60)
        register_search("inventory:system-list", SystemList, order=65)
        formats = [(key, known.label) for key, known in FORMATS.items()]
        register_words("inventory.system", "source_format", formats)
        register_words("inventory.snapshot", "format", formats)
        register_linkable(Linkable("System", System, "systems.read", ("name",)))
        register_linkable(Linkable("Person", Person, "people.read", ("name", "email")))
        register_linkable(Linkable("Removal", Removal, "removals.read", ("reference",)))
        populations.register()
        personal.register()
        register_inbox(inbox.removals_waiting, inbox.removals_about)
        register_periodic("people.leavers", periodic.follow_leavers)
        register_periodic("removals.acceptances", periodic.end_acceptances)
        register_periodic("snapshots.recover", recover)
        register_periodic("rosters.recover", recover_rosters)
