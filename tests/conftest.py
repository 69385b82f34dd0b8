"""What several rooms' tests need: a server that speaks S3, and buckets on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count

import pytest

_BUCKETS = count()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[dict[str, str]]:
    """An S3 server: what the environment has to say of it. FOI_TEST_S3 names another one, such as MinIO's."""
    pytest.importorskip("s3fs", reason="foi-etl[s3] is not installed")
    told = {"AWS_ACCESS_KEY_ID": "practice", "AWS_SECRET_ACCESS_KEY": "practice-practice"}
    told["AWS_DEFAULT_REGION"] = "us-east-1"
    if there := os.environ.get("FOI_TEST_S3"):
        yield told | {"AWS_ENDPOINT_URL": there}
        return
    moto_server = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    server = moto_server.ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield told | {"AWS_ENDPOINT_URL": f"http://{host}:{port}"}
    server.stop()


@pytest.fixture
def bucket(s3_server: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """A new bucket, as a URL; the environment says where its server is, also to child processes."""
    import fsspec  # noqa: PLC0415  # here only where S3 is tested

    for name, value in s3_server.items():
        monkeypatch.setenv(name, value)
    name = f"practice-{os.getpid()}-{next(_BUCKETS)}"
    fsspec.filesystem("s3").mkdir(name)
    return f"s3://{name}"
