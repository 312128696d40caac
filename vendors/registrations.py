"""What vendors put into the registries of the layers below."""

from ui.navigation import register_place
from ui.searching import register_search
from vendors.lifecycle.diligence import raise_findings
from vendors.outputs import populations, shelf
from vendors.register.listing import VendorList
from vendors.register.personal import erase_contacts
from vendors.reviewing.inbox import about, waiting
from vendors.reviewing.periodic import remind
from vendors.rights import KIND, READ, REQUEST
from workflow.delegations.kinds import register_kind
from workflow.inbox import register_inbox
from workflow.personal import register_eraser
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_search("vendors:list", VendorList, order=20)
    register_place("vendors", "Vendors", "vendors:list", READ, order=10)
    register_place("vendors", "Request a vendor", "vendors:create", REQUEST, order=12, more=True)
    register_place("vendors", "Documents of vendors", "vendors:document-list", READ, order=20, more=True)
    register_place("vendors", "API keys", "vendors:key-list", READ, order=30, more=True)
    register_inbox(waiting, about)
    register_kind(KIND)
    register_eraser(erase_contacts)
    populations.register()
    shelf.register()
    register_periodic("vendors.raise_findings", raise_findings)
    register_periodic("vendors.remind", remind)
