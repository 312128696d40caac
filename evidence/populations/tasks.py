"""What the worker does for populations."""

import datetime as dt

from celery import shared_task

from audit.actors import SCHEDULE, WORKER, Actor
from evidence.models import Population
from evidence.populations.actions import begin_freezing, freeze, give_up
from tenancy.models import Organization
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from workflow.jobs import start_job, working
from workflow.models import Job

LOST_AFTER = dt.timedelta(hours=1)


def start_freezing(kind: str, period_from: dt.date, period_to: dt.date, *, actor: Actor) -> tuple[Population, Job]:
    """Have a population frozen by a worker. Raises ActionRefused."""
    population = begin_freezing(kind, period_from, period_to, actor=actor)
    job = start_job("population.freeze", title=f"Freezing {population.title}", actor=actor, subject=population)
    freeze_population.delay_on_commit(str(job.pk), str(population.pk))
    return population, job


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def freeze_population(self: TenantTask, job_id: str, population_id: str) -> None:
    """Freeze one. A second run, after a worker was lost, finds nothing to do."""
    with working(self, job_id) as work:
        try:
            with self.scope():
                population = Population.objects.select_related("made_by__user").get(pk=population_id)
                if population.status == Population.Status.FREEZING:
                    freeze(population)
                rows = "1 row" if population.row_count == 1 else f"{population.row_count:,} rows"
                work.message = f"{population.reference} is frozen with {rows}."
                work.url = population.get_absolute_url()
        except ActionRefused as refusal:
            with self.scope():
                give_up(Population.objects.get(pk=population_id), actor=WORKER, reason=str(refusal))
            raise


def give_up_lost(_organization: Organization, at: dt.datetime) -> None:
    """Give up what has been freezing for an hour: its worker is gone. Idempotent."""
    for population in Population.objects.filter(status=Population.Status.FREEZING, made_at__lt=at - LOST_AFTER):
        give_up(population, actor=SCHEDULE, reason="It did not come to an end within an hour. Freeze it again.")
