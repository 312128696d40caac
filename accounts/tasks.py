"""What accounts leave to a worker."""

from celery import shared_task

from accounts import forgotten


@shared_task(ignore_result=True)
def send_link(email: str) -> None:
    """Write about a forgotten password, out of the sight of who asked: the page answers as fast whoever it is about."""
    forgotten.send_link(email)
