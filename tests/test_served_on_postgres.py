"""Prefect's records in PostgreSQL, archive and releases on S3: a few settings, and all else as before."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from serving import by_flow_and_by_command, finished, served, tool, until

AGENCY = "practice-shanghai-bgt"
BINARIES = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), Path("/usr/local/bin"))
USER = "postgres"


def test_a_night_by_schedule_and_reruns_by_hand_with_nothing_kept_here(
    tmp_path: Path, database: str, bucket: str, s3_server: dict[str, str]
) -> None:
    home, *others = (tmp_path / name for name in ("home", "flow", "command"))
    there = {
        name: {"FOI_ARCHIVE": f"{bucket}/{name}/archive", "FOI_RELEASES": f"{bucket}/{name}/releases"}
        for name in ("home", "flow", "command")
    }
    arguments = ["--practice", "2", "--in-a-minute", "--database", database]
    with served(home, *arguments, **s3_server, **there["home"]) as (api, _):
        flow, command = ((other, s3_server | there[other.name]) for other in others)
        by_flow_and_by_command(home, api, AGENCY, flow, command)
        assert objects(f"{bucket}/flow") == objects(f"{bucket}/command")
        assert {Path(name).name for name in objects(f"{bucket}/flow")} > {"latest", "_manifest.json"}

        night = until(lambda: finished(api, "nightly"))
        assert (night["state_name"], night["auto_scheduled"]) == ("Completed", True), night
        verified = tool("foi_etl", "releases", "verify", home=home, api=api, **s3_server, **there["home"])
        assert verified.split(": ")[1].strip() == "whole"
    assert [path for other in (home, *others) for path in other.rglob("*.warc.gz")] == []
    assert not any((other / "releases").exists() for other in (home, *others))
    assert not (home / "prefect" / "prefect.db").exists()
    assert night["name"] in asyncio.run(names_of_runs(database))


def objects(url: str) -> dict[str, bytes]:
    """What a store holds below a prefix."""
    fsspec = pytest.importorskip("fsspec")
    store, root = fsspec.url_to_fs(url)
    store.invalidate_cache()
    return {path.removeprefix(root): store.cat_file(path) for path in store.find(root)}


async def names_of_runs(database: str) -> list[str]:
    asyncpg = pytest.importorskip("asyncpg")
    connection = await asyncpg.connect(database.replace("+asyncpg", ""))
    try:
        return [row["name"] for row in await connection.fetch("select name from flow_run")]
    finally:
        await connection.close()


@pytest.fixture
def database() -> Iterator[str]:
    """A PostgreSQL of its own on a free port of 127.0.0.1, with a password."""
    pytest.importorskip("asyncpg", reason="the extra foi-etl[postgres] is not installed")
    if not (BINARIES / "initdb").exists():
        pytest.skip("PostgreSQL is not installed: there is no initdb")
    # Not below pytest's own folder, which is closed to other users; and PostgreSQL does not run as root.
    folder = Path(tempfile.mkdtemp(prefix="foi-postgres-"))
    data, password = folder / "data", folder / "password"
    password.write_text("a:b", encoding="utf-8")
    as_user = USER if os.geteuid() == 0 else None
    if as_user:
        for path in (folder, password):
            shutil.chown(path, USER)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    control = [str(BINARIES / "pg_ctl"), "-D", str(data), "-l", str(folder / "log"), "-w"]
    init = ["-D", str(data), "-U", USER, "--auth=scram-sha-256", f"--pwfile={password}", "-E", "UTF8"]
    try:
        ran([str(BINARIES / "initdb"), *init, "--no-sync"], as_user)
        ran([*control, "-o", options, "start"], as_user)
        yield f"postgresql+asyncpg://{USER}:a%3Ab@127.0.0.1:{port}/postgres"
        ran([*control, "-m", "immediate", "stop"], as_user)
    finally:
        shutil.rmtree(folder)


def ran(command: list[str], user: str | None) -> None:
    done = subprocess.run(
        command,
        cwd="/",
        user=user,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
