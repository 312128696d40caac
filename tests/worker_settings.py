"""The product's settings for a worker of one test: its own queue, and its own corner of the cache."""

import os

from grc.settings import *  # noqa: F403 - that is the point
from grc.settings import CACHES

CELERY_TASK_DEFAULT_QUEUE = os.environ["PLUMBLINE_TEST_QUEUE"]
CACHES = {"default": {**CACHES["default"], "KEY_PREFIX": os.environ["PLUMBLINE_TEST_QUEUE"]}}
