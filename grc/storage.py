"""Where stored files go, from the environment: a local folder, or a bucket of an S3-compatible store."""

from pathlib import Path
from typing import Any

import environ
from botocore.config import Config

IN_MEMORY = 1 << 20  # bytes of a file being read; the rest is on disk


def stored_files(env: environ.Env, folder: Path) -> dict[str, Any]:
    """The entry of STORAGES. With PLUMBLINE_S3_BUCKET the bucket, else `folder`. docs/settings.md lists the variables."""
    bucket = env.str("PLUMBLINE_S3_BUCKET", default="")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    endpoint = env.str("PLUMBLINE_S3_ENDPOINT", default="") or None
    return {
        "BACKEND": "evidence.storage.ObjectStore",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": endpoint,
            "region_name": env.str("PLUMBLINE_S3_REGION", default="") or None,
            # Without keys boto3 finds them as it does elsewhere: the machine's role, a profile, a web identity.
            "access_key": env.str("PLUMBLINE_S3_ACCESS_KEY", default="") or None,
            "secret_key": env.str("PLUMBLINE_S3_SECRET_KEY", default="") or None,
            "location": env.str("PLUMBLINE_S3_PREFIX", default="").strip("/"),
            "default_acl": None,
            "file_overwrite": True,  # a path is a hash: nothing is ever written twice, so no second name is looked for
            "max_memory_size": IN_MEMORY,
            "client_config": Config(
                connect_timeout=10,
                read_timeout=60,
                retries={"max_attempts": 3, "mode": "standard"},
                s3={"addressing_style": "path" if endpoint else "auto"},
            ),
        },
    }
