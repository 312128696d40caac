"""All writes of this app."""

from accounts.actions.invitations import accept_as_new_user, accept_invitation, invite_member, revoke_invitation
from accounts.actions.members import (
    add_member,
    change_roles,
    create_organization,
    look_as_auditor,
    look_no_more,
    remove_member,
    reset_factor,
    set_access_end,
)
from accounts.actions.people import (
    change_name,
    change_password,
    confirm_authenticator,
    end_own_sessions,
    note_sign_in,
    note_sign_out,
    renew_recovery_codes,
)
from accounts.actions.sessions import end_member_sessions, set_idle_limit
from accounts.actions.tokens import create_service, create_token, revoke_token

__all__ = [
    "accept_as_new_user",
    "accept_invitation",
    "add_member",
    "change_name",
    "change_password",
    "change_roles",
    "confirm_authenticator",
    "create_organization",
    "create_service",
    "create_token",
    "end_member_sessions",
    "end_own_sessions",
    "invite_member",
    "look_as_auditor",
    "look_no_more",
    "note_sign_in",
    "note_sign_out",
    "remove_member",
    "renew_recovery_codes",
    "reset_factor",
    "revoke_invitation",
    "revoke_token",
    "set_access_end",
    "set_idle_limit",
]
