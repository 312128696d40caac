"""What the browser is told to keep to, from the product's own address: cookies, transport, headers."""

from typing import Any

A_YEAR = 31_536_000


def browser_settings(base_url: str) -> dict[str, Any]:
    """The settings that depend on whether people come by https.

    By https each cookie is Secure and bears the prefix __Host-: a browser takes such a one from this very host alone, with no
    Domain and for all paths, so that no neighbouring host can plant it. By http, on one's own machine, neither would work.
    """
    by_https = base_url.startswith("https://")
    prefix = "__Host-" if by_https else ""
    return {
        "SESSION_COOKIE_NAME": f"{prefix}plumbline_session",
        "SESSION_COOKIE_SECURE": by_https,
        "CSRF_COOKIE_NAME": f"{prefix}plumbline_csrf",
        "CSRF_COOKIE_SECURE": by_https,
        "KNOWN_COOKIE_NAME": f"{prefix}plumbline_known",
        "THEME_COOKIE_NAME": f"{prefix}theme",
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if by_https else None,
        "SECURE_SSL_REDIRECT": by_https,
        "SECURE_HSTS_SECONDS": A_YEAR if by_https else 0,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": by_https,
        "SECURE_HSTS_PRELOAD": by_https,
    }
