"""Users, second factors, members, invitations."""

from accounts.models.company import CompanyOnly, IdentityProvider, ProviderIdentity
from accounts.models.factor import RecoveryCode, RecoveryDevice, TotpDevice
from accounts.models.invitation import Invitation
from accounts.models.member import Member
from accounts.models.passkey import Passkey
from accounts.models.role import CustomRole, DutyAcceptance
from accounts.models.session import IdleLimit, Session
from accounts.models.token import Token
from accounts.models.user import User

__all__ = [
    "CompanyOnly",
    "CustomRole",
    "DutyAcceptance",
    "IdentityProvider",
    "IdleLimit",
    "Invitation",
    "Member",
    "Passkey",
    "ProviderIdentity",
    "RecoveryCode",
    "RecoveryDevice",
    "Session",
    "Token",
    "TotpDevice",
    "User",
]
