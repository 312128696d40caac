"""Pages that belong to no organization."""

from django.urls import path

from accounts.company import choosing, linking, signing
from accounts.views import account, factor, invitation, session

app_name = "accounts"
urlpatterns = [
    path("", session.start, name="start"),
    path("sign-in/", session.sign_in, name="sign_in"),
    path("sign-in/code/", factor.verify, name="verify"),
    path("sign-in/authenticator/", factor.enrol, name="enrol"),
    path("sign-in/company/", choosing.choose, name="company_choose"),
    path("sign-in/company/<slug:slug>/", choosing.company, name="company"),
    path("sign-in/company/<slug:slug>/link/", linking.link, name="company_link"),
    path("sign-in/company/<slug:slug>/without/", choosing.without, name="company_without"),
    path("sign-in/company/<slug:slug>/<uuid:pk>/", signing.begin, name="company_begin"),
    path("sign-in/company/<slug:slug>/<uuid:pk>/return/", signing.come_back, name="company_return"),
    path("sign-out/", session.sign_out, name="sign_out"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/recovery-codes/", account.recovery_codes, name="recovery_codes"),
    path("account/sessions/", account.sessions, name="sessions"),
    path("account/confirm/", factor.confirm, name="confirm"),
    path("invitation/<slug:slug>/<str:token>/", invitation.invitation, name="accept_invitation"),
    path("invitation/<slug:slug>/<str:token>/<uuid:pk>/", linking.join, name="company_join"),
]
