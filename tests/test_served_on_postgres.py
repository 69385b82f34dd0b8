"""One setting puts Prefect's records into PostgreSQL; everything else is as before."""

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

from serving import finished, served, until

BINARIES = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), Path("/usr/local/bin"))
USER = "postgres"


def test_a_night_by_schedule_with_its_records_in_postgresql(tmp_path: Path, database: str) -> None:
    home = tmp_path / "home"
    with served(home, "--practice", "2", "--in-a-minute", "--database", database) as (api, _):
        night = until(lambda: finished(api, "nightly"))

    assert (night["state_name"], night["auto_scheduled"]) == ("Completed", True), night
    assert (home / "releases" / "latest" / "reports.parquet").exists()
    assert not (home / "prefect" / "prefect.db").exists()
    assert night["name"] in asyncio.run(names_of_runs(database))


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
