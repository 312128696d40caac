"""E-mail addresses as logins."""

import unicodedata


def login_email(email: str) -> str:
    """The address as it is kept and compared: no surrounding space, composed Unicode (NFC), lower case."""
    return unicodedata.normalize("NFC", email.strip()).lower()
