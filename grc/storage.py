"""Where stored files go, from the environment: a local folder, or a bucket of an S3-compatible store; and where AWS KMS is."""

from pathlib import Path
from typing import Any

import environ
from botocore.config import Config

IN_MEMORY = 1 << 20  # bytes of a file being read; the rest is on disk


def connection_of(env: environ.Env) -> dict[str, Any]:
    """How boto3 reaches an S3-compatible store. Without keys it finds them as elsewhere: the machine's role, a profile."""
    endpoint = env.str("PLUMBLINE_S3_ENDPOINT", default="") or None
    return {
        "endpoint_url": endpoint,
        "region_name": env.str("PLUMBLINE_S3_REGION", default="") or None,
        "aws_access_key_id": env.str("PLUMBLINE_S3_ACCESS_KEY", default="") or None,
        "aws_secret_access_key": env.str("PLUMBLINE_S3_SECRET_KEY", default="") or None,
        "config": Config(
            connect_timeout=10,
            read_timeout=60,
            retries={"max_attempts": 3, "mode": "standard"},
            s3={"addressing_style": "path" if endpoint else "auto"},
        ),
    }


def key_service_of(env: environ.Env) -> dict[str, Any]:
    """How boto3 reaches AWS KMS, with the machine's role or a profile."""
    return {
        "endpoint_url": env.str("PLUMBLINE_KMS_ENDPOINT", default="") or None,
        "region_name": env.str("PLUMBLINE_KMS_REGION", default="") or None,
        "config": Config(connect_timeout=5, read_timeout=10, retries={"max_attempts": 3, "mode": "standard"}),
    }


def stored_files(env: environ.Env, folder: Path) -> dict[str, Any]:
    """The entry of STORAGES. With PLUMBLINE_S3_BUCKET the bucket, else `folder`. docs/settings.md lists the variables."""
    bucket = env.str("PLUMBLINE_S3_BUCKET", default="")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    reached = connection_of(env)
    return {
        "BACKEND": "evidence.storage.ObjectStore",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": reached["endpoint_url"],
            "region_name": reached["region_name"],
            "access_key": reached["aws_access_key_id"],
            "secret_key": reached["aws_secret_access_key"],
            "location": env.str("PLUMBLINE_S3_PREFIX", default="").strip("/"),
            "default_acl": None,
            "file_overwrite": True,  # a path is a hash: nothing is ever written twice, so no second name is looked for
            "max_memory_size": IN_MEMORY,
            "client_config": reached["config"],
        },
    }
