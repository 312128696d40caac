"""`manage.py role_table`: write docs/permissions.md, or check that it is what the table of roles says."""

from accounts.rolebook import PLACE, as_markdown
from tenancy.derived import DerivedFile


class Command(DerivedFile):
    """Keep the page of roles and the table together."""

    help = "Write docs/permissions.md from accounts/roles.py."
    place = PLACE
    source = "accounts/roles.py"
    changed = "The roles have"

    def text(self) -> str:
        """The page."""
        return as_markdown()
