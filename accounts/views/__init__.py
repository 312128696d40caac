"""Pages of signing in, one's own account, invitations, and members."""

from accounts.views.session import locked_out

__all__ = ["locked_out"]
