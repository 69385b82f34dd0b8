"""Everything by itself on this machine, with one command: Prefect's server, the schedules, and a worker."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

from machine import ROOT, Child, Machine, NotServed, sweep
from server_api import Busy, ServerApi

POOL = "foi"
NO_FASTAPI_FROM = (0, 151)
NIGHTLY = "nightly/every-night"
_HELP = """
examples:
  python flows/serve.py --practice 24 --in-a-minute   try it: portals on this machine, a first night within
                                                      a minute, a release in practice-home/releases/
  FOI_CONTACT=me@example.org python flows/serve.py --home /srv/foi
                                                      the real thing: every night at 01:17 in Shanghai
  python flows/serve.py --cron "30 23 * * *"          at another time (always Shanghai's)
  python flows/serve.py --database postgresql+asyncpg://user:secret@127.0.0.1/prefect
                                                      Prefect's records in PostgreSQL instead of SQLite

In another shell, with the two lines that it prints exported:
  prefect deployment run agency/by-hand --param 'agencies=["practice-shanghai-bgt"]'
  prefect deployment run rebuild/by-hand

It answers on 127.0.0.1 only. Whatever it started it ends, on Ctrl-C or SIGTERM; what dies meanwhile is
started again. A night that was cut short is gone on with by the next. If a server answers at PREFECT_API_URL
already, that one is used. Prefect's own state is kept in HOME/prefect, with the logs; nobody is told of it.
How this runs for years: docs/deployment.md.
"""


def main(arguments: list[str]) -> int:
    """Serve until told to stop; the exit code."""
    asked = _asked(arguments)
    home = Path(asked.home or os.environ.get("FOI_HOME") or ("practice-home" if asked.practice else "data"))
    # Prefect's runner keeps what it runs in a folder that it shares with other users of the machine.
    own = TemporaryDirectory(prefix="foi-serve-", ignore_cleanup_errors=True)
    environment = _environment(home.resolve(), asked) | {"TMPDIR": own.name}
    machine = Machine(environment, home.resolve() / "prefect" / "logs")
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, _stop)
    try:
        _check_environment()
        _start(machine, asked)
        machine.watch()
    except NotServed as error:
        print(f"serve: {error}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("serve: stopping", flush=True)
    finally:
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, signal.SIG_IGN)
        machine.end()
        sweep(machine.mark)
        own.cleanup()
    return 0


def _check_environment() -> None:
    """Refuse a fastapi with which the server says no to `prefect deploy`; see pyproject.toml."""
    there = version("fastapi")
    if tuple(map(int, there.split(".")[:2])) >= NO_FASTAPI_FROM:
        raise NotServed(f"fastapi {there} is installed, which Prefect cannot use: run `uv sync --frozen`")


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python flows/serve.py",
        description=__doc__,
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--home", help="where everything is kept [FOI_HOME, or data; with --practice: practice-home]")
    add("--port", type=int, default=4200, help="the port of the UI and the API, on 127.0.0.1 [%(default)s]")
    add("--practice", type=int, metavar="N", help="also serve a practice country of N agencies, to try it on")
    add("--cron", help="when the nightly starts, in Shanghai [as in prefect.yaml: 17 1 * * *]")
    add("--in-a-minute", action="store_true", help="let the schedule start one nightly soon, too")
    add("--database", metavar="URL", help="Prefect's database [SQLite in HOME/prefect]")
    add("--limit", type=int, default=4, help="flow runs at the same time [%(default)s]")
    return parser.parse_args(arguments)


def _environment(home: Path, asked: argparse.Namespace) -> dict[str, str]:
    """What the children are told: where all is kept, where the API is, and to tell nobody."""
    told = os.environ.get("PREFECT_API_URL", "")
    api = told if told and ServerApi(told).answers() else f"http://127.0.0.1:{asked.port}/api"
    ours = {
        "FOI_HOME": str(home),
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_API_URL": api,
        "PREFECT_UI_URL": api.removesuffix("/api"),
        # Without it the page in the browser asks port 4200, whatever port the server has.
        "PREFECT_SERVER_UI_API_URL": api,
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_CLI_PROMPT": "false",
        # A server that is being started again is waited for: 2 + 4 + ... + 128 seconds.
        "PREFECT_CLIENT_MAX_RETRIES": "7",
    }
    if asked.database:
        ours["PREFECT_API_DATABASE_CONNECTION_URL"] = asked.database
    pause = {"FOI_PAUSE": os.environ.get("FOI_PAUSE", "0.02")} if asked.practice else {}
    return os.environ | ours | pause


def _start(machine: Machine, asked: argparse.Namespace) -> None:
    """Server, practice country, worker, deployments: in the order in which each needs the one before."""
    began = time.monotonic()
    env = machine.env
    api = ServerApi(env["PREFECT_API_URL"])
    if asked.practice:
        serve = ["-m", "foi_etl", "practice", "serve", "--agencies", str(asked.practice)]
        port = Path(env["FOI_HOME"]) / "practice" / "port"
        port.unlink(missing_ok=True)
        practice = machine.start(Child("practice", [*serve, "--home", env["FOI_HOME"]]))
    server = None
    if api.answers():
        print(f"serve: a server answers at {api.url} already: using it", flush=True)
    else:
        where = ["--host", "127.0.0.1", "--port", str(asked.port)]
        server = machine.start(Child("server", ["-m", "prefect", "server", "start", *where]))
        machine.until(api.answers, server)
    if asked.practice:
        machine.until(port.is_file, practice)
    work = ["worker", "start", "--pool", POOL, "--type", "process", "--limit", str(asked.limit)]
    worker = machine.start(Child("worker", ["-m", "prefect", *work, "--name", "serve"]))
    machine.until(lambda: api.get(f"/work_pools/{POOL}") is not None, worker)
    machine.run(["-m", "prefect", "--no-prompt", "deploy", "--all"])
    schedule(machine, api, server, asked)
    _tell(api, env, time.monotonic() - began)


def schedule(machine: Machine, api: ServerApi, server: Child | None, asked: argparse.Namespace) -> None:
    """Tell the server when the nightly runs.

    Of some twenty servers that had just begun one could not write to its SQLite, until it was started anew.
    """
    try:
        _set_times(api, asked)
    except Busy:
        if server is None:
            raise
        print("serve: the server cannot get at its records; starting it again", flush=True)
        machine.restart(server)
        machine.until(api.answers, server)
        _set_times(api, asked)


def _set_times(api: ServerApi, asked: argparse.Namespace) -> None:
    if asked.cron:
        api.reschedule(NIGHTLY, [{"cron": asked.cron, "timezone": "Asia/Shanghai"}])
    if asked.in_a_minute:
        first = datetime.now(UTC)
        while first <= datetime.now(UTC):  # a busy server may take longer to hear of it than it is ahead
            # Far enough ahead for the worker, which looks every ten seconds.
            first = datetime.now(UTC) + timedelta(seconds=30)
            once = f"DTSTART:{first:%Y%m%dT%H%M%SZ}\nRRULE:FREQ=MINUTELY;COUNT=1"
            api.schedule(NIGHTLY, {"rrule": once, "timezone": "UTC"})


def _tell(api: ServerApi, env: Mapping[str, str], seconds: float) -> None:
    lines = [f"serve: ready after {seconds:.0f} s. The UI: {env['PREFECT_UI_URL']}"]
    lines += [f"serve:   {one}" for one in api.deployments()]
    if not env.get("FOI_CONTACT") and not (Path(env["FOI_HOME"]) / "practice").is_dir():
        lines += ["serve: FOI_CONTACT is not set: no real portal will be asked until it says who asks"]
    lines += ["serve: for `prefect` in another shell:"]
    lines += [f"export {name}={env[name]}" for name in ("PREFECT_API_URL", "PREFECT_HOME")]
    lines += [f"serve: logs in {env['PREFECT_HOME']}/logs; Ctrl-C ends it", ""]
    print("\n".join(lines), end="", flush=True)


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
