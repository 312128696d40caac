"""Pages that belong to no organization."""

from django.urls import path

from accounts.company import choosing, linking, signing
from accounts.passkeys import signing as passkey_signing
from accounts.passkeys import views as passkeys
from accounts.views import account, factor, forgotten, invitation, session

app_name = "accounts"
urlpatterns = [
    path("", session.start, name="start"),
    path("sign-in/", session.sign_in, name="sign_in"),
    path("sign-in/code/", factor.verify, name="verify"),
    path("sign-in/authenticator/", factor.enrol, name="enrol"),
    path("sign-in/forgotten/", forgotten.forgotten, name="forgotten"),
    path("sign-in/forgotten/<uuid:pk>/<str:token>/", forgotten.new_password, name="new_password"),
    path("sign-in/passkey/", passkey_signing.sign_in, name="passkey_sign_in"),
    path("sign-in/passkey/ask/", passkey_signing.ask_to_sign_in, name="passkey_sign_in_ask"),
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
    path("account/authenticator/remove/", passkeys.remove_authenticator, name="authenticator_remove"),
    path("account/passkeys/", passkeys.passkeys, name="passkeys"),
    path("account/passkeys/ask/", passkeys.ask_to_show, name="passkey_ask"),
    path("account/passkeys/add/", passkeys.add, name="passkey_add"),
    path("account/passkeys/add/ask/", passkeys.ask_to_make, name="passkey_add_ask"),
    path("account/passkeys/<uuid:pk>/", passkeys.edit, name="passkey_edit"),
    path("account/passkeys/<uuid:pk>/remove/", passkeys.remove, name="passkey_remove"),
    path("account/sessions/", account.sessions, name="sessions"),
    path("account/confirm/", factor.confirm, name="confirm"),
    path("invitation/<slug:slug>/<str:token>/", invitation.invitation, name="accept_invitation"),
    path("invitation/<slug:slug>/<str:token>/<uuid:pk>/", linking.join, name="company_join"),
]
