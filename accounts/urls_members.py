"""Who belongs to the organization."""

from django.urls import path

from accounts.company import listing
from accounts.company import views as company
from accounts.views import conflicts, members, rights, roles, sessions, tokens, viewing

app_name = "members"
urlpatterns = [
    path("", members.MemberList.as_view(), name="list"),
    path("invite/", members.MemberInvite.as_view(), name="invite"),
    path("invitations/<uuid:pk>/revoke/", members.revoke, name="revoke"),
    path("view-as-auditor/", viewing.view_as, name="view-as"),
    path("view-as-auditor/stop/", viewing.view_leave, name="view-leave"),
    path("roles/", roles.RoleList.as_view(), name="roles"),
    path("roles/matrix/", roles.RoleMatrix.as_view(), name="role-matrix"),
    path("roles/new/", roles.RoleCreate.as_view(), name="role-create"),
    path("roles/<uuid:pk>/", roles.RoleDetail.as_view(), name="role"),
    path("roles/<uuid:pk>/change/", roles.RoleChange.as_view(), name="role-change"),
    path("roles/<uuid:pk>/retire/", roles.RoleRetire.as_view(), name="role-retire"),
    path("roles/<uuid:pk>/accept/", roles.RoleAccept.as_view(), name="role-accept"),
    path("conflicts/", conflicts.ConflictList.as_view(), name="conflicts"),
    path("idle-limit/", sessions.IdleLimitEdit.as_view(), name="idle-limit"),
    path("tokens/", tokens.TokenList.as_view(), name="tokens"),
    path("tokens/new/", tokens.TokenCreate.as_view(), name="token-create"),
    path("tokens/<uuid:pk>/revoke/", tokens.TokenRevoke.as_view(), name="token-revoke"),
    path("services/new/", tokens.ServiceCreate.as_view(), name="service-create"),
    path("company/", listing.ProviderList.as_view(), name="provider-list"),
    path("company/add/", company.ProviderAdd.as_view(), name="provider-add"),
    path("company/require/", company.Require.as_view(), name="company-require"),
    path("company/allow-passwords/", company.AllowPasswords.as_view(), name="company-allow-passwords"),
    path("company/accounts/", listing.IdentityList.as_view(), name="identity-list"),
    path("company/accounts/<uuid:pk>/unlink/", company.IdentityUnlink.as_view(), name="identity-unlink"),
    path("company/<uuid:pk>/", company.ProviderDetail.as_view(), name="provider"),
    path("company/<uuid:pk>/change/", company.ProviderChange.as_view(), name="provider-change"),
    path("company/<uuid:pk>/factor/", company.ProviderFactor.as_view(), name="provider-factor"),
    path("company/<uuid:pk>/factor/withdraw/", company.ProviderFactorWithdraw.as_view(), name="provider-factor-withdraw"),
    path("company/<uuid:pk>/remove/", company.ProviderRemove.as_view(), name="provider-remove"),
    path("company/<uuid:pk>/try/", company.ProviderTry.as_view(), name="provider-try"),
    path("<uuid:pk>/", members.MemberEdit.as_view(), name="edit"),
    path("<uuid:pk>/rights/", rights.MemberRights.as_view(), name="rights"),
    path("<uuid:pk>/accept/", conflicts.ConflictAccept.as_view(), name="conflict-accept"),
    path("<uuid:pk>/view-as/", viewing.view_as_member, name="view-as-member"),
    path("<uuid:pk>/restore/", members.MemberRestore.as_view(), name="restore"),
    path("<uuid:pk>/remove/", members.MemberRemove.as_view(), name="remove"),
    path("<uuid:pk>/end-sessions/", members.SessionsEnd.as_view(), name="end_sessions"),
]
