"""Who belongs to the organization."""

from django.urls import path

from accounts.views import members, tokens

app_name = "members"
urlpatterns = [
    path("", members.MemberList.as_view(), name="list"),
    path("invite/", members.MemberInvite.as_view(), name="invite"),
    path("invitations/<uuid:pk>/revoke/", members.revoke, name="revoke"),
    path("tokens/", tokens.TokenList.as_view(), name="tokens"),
    path("tokens/new/", tokens.TokenCreate.as_view(), name="token-create"),
    path("tokens/<uuid:pk>/revoke/", tokens.TokenRevoke.as_view(), name="token-revoke"),
    path("services/new/", tokens.ServiceCreate.as_view(), name="service-create"),
    path("<uuid:pk>/", members.MemberEdit.as_view(), name="edit"),
    path("<uuid:pk>/restore/", members.MemberRestore.as_view(), name="restore"),
    path("<uuid:pk>/remove/", members.MemberRemove.as_view(), name="remove"),
    path("<uuid:pk>/reset-factor/", members.FactorReset.as_view(), name="reset_factor"),
]
