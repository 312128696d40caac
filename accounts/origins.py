"""Where a request comes from."""

from django.conf import settings
from django.http import HttpRequest

from audit.actors import Origin


def client_ip(request: HttpRequest) -> str:
    """The client's address. Behind PLUMBLINE_PROXIES trusted proxies, the entry the outermost of them added.

    X-Forwarded-For is believed only as far as our own proxies wrote it: entries further left are the client's word.
    """
    proxies: int = getattr(settings, "PLUMBLINE_PROXIES", 0)
    hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    if proxies and len(hops) >= proxies:
        return str(hops[-proxies])
    address: str = request.META.get("REMOTE_ADDR", "")
    return address


def origin_of(request: HttpRequest) -> Origin:
    """What the audit trail keeps of a request."""
    return Origin(ip=client_ip(request), user_agent=request.headers.get("User-Agent", ""))
