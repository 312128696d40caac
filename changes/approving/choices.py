"""What an organization chose about its changes, or what holds until it does."""

from changes.models import ChangeSettings


def chosen() -> ChangeSettings:
    """The organization's row, or one with the defaults that is not saved."""
    return ChangeSettings.objects.first() or ChangeSettings()
