"""All writes of this app."""

from accounts.actions.invitations import accept_as_new_user, accept_invitation, invite_member, revoke_invitation
from accounts.actions.limits import set_limits
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
from accounts.actions.operator import reset_factor_as_operator
from accounts.actions.passkeys import add_passkey, remove_factor, rename_passkey
from accounts.actions.people import (
    change_name,
    change_password,
    confirm_authenticator,
    end_own_sessions,
    note_sign_in,
    note_sign_out,
    renew_recovery_codes,
)
from accounts.actions.roles import accept_conflict, change_role, create_role, retire_role
from accounts.actions.sessions import end_member_sessions, set_idle_limit
from accounts.actions.tokens import create_service, create_token, revoke_token

__all__ = [
    "accept_as_new_user",
    "accept_conflict",
    "accept_invitation",
    "add_member",
    "add_passkey",
    "change_name",
    "change_password",
    "change_role",
    "change_roles",
    "confirm_authenticator",
    "create_organization",
    "create_role",
    "create_service",
    "create_token",
    "end_member_sessions",
    "end_own_sessions",
    "invite_member",
    "look_as_auditor",
    "look_no_more",
    "note_sign_in",
    "note_sign_out",
    "remove_factor",
    "remove_member",
    "rename_passkey",
    "renew_recovery_codes",
    "reset_factor",
    "reset_factor_as_operator",
    "retire_role",
    "revoke_invitation",
    "revoke_token",
    "set_access_end",
    "set_idle_limit",
    "set_limits",
]
