"""Set foi-etl up in .venv and run it, with nothing but Python 3.11, 3.12 or 3.13.

    python3 bootstrap.py demo [ARGUMENT...]    the main job, on a practice country on this machine
    python3 bootstrap.py test [ARGUMENT...]    the tests; arguments go to pytest
    python3 bootstrap.py setup                 only the set-up

Whatever stands behind `demo` or `test` is handed on: `python3 bootstrap.py demo --help`.
The system's own Python is left as it is: everything is installed into .venv, from uv.lock, with
uv (the one on PATH, or else one of its own) or, where there is no uv to be had, with pip.
"""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
SUPPORTED = ((3, 11), (3, 14))
"""The first version that works, and the first that is not supported yet; as in pyproject.toml."""
COMMANDS = {"demo": ["-m", "foi_etl", "demo"], "test": ["-m", "pytest", "-n", "auto"], "setup": ["--version"]}
NO_VENV = f"""
This Python cannot make a virtual environment: it comes without ensurepip. Any one of these helps:

    apt install python3-venv        (Debian, Ubuntu; as root)
    pipx install uv                 (or uv in any other way, as long as it is on PATH)

Then run this command again. Nothing was changed outside {HERE}.
"""


class SetUpFailed(Exception):
    """A step did not work; the message says what a person does next."""


def main(arguments: list[str]) -> int:
    """Set up, run, and return the exit code of what was run."""
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 0 if arguments[:1] in (["-h"], ["--help"], ["help"]) else 2
    try:
        check_version(sys.version_info[:2])
        set_up()
    except SetUpFailed as failure:
        print(f"bootstrap: {failure}", file=sys.stderr)
        return 1
    return run([str(PYTHON), *COMMANDS[arguments[0]], *arguments[1:]])


def check_version(version: tuple[int, int]) -> None:
    """Refuse a Python that is too old or too new, and name one that would do."""
    first, beyond = SUPPORTED
    if first <= version < beyond:
        return
    names = [f"python3.{minor}" for minor in range(beyond[1] - 1, first[1] - 1, -1)]
    there = next(filter(shutil.which, names), "")
    remedy = "install Python 3.11 (Debian: apt install python3.11-venv)"
    if there:
        remedy = f"run: {there} {' '.join(sys.argv)}"
    supported = f"3.{first[1]} to 3.{beyond[1] - 1} are supported"
    raise SetUpFailed(f"this is Python {version[0]}.{version[1]}, and {supported}; {remedy}")


def set_up() -> None:
    """Install what uv.lock names into .venv. A second time this takes a second."""
    began = time.monotonic()
    uv = uv_on_path() or uv_of_our_own()
    if uv:
        say(f"installing what uv.lock names into {VENV.name} with {uv}")
        step([uv, "sync", "--frozen", "--quiet"])
    else:
        say(f"no uv to be had: installing the same versions into {VENV.name} with pip, which takes longer")
        with_pip()
    say(f"ready after {time.monotonic() - began:.0f} s")


def with_pip() -> None:
    """What `uv sync` does, as far as pip can: the same requirements, held to the versions of uv.lock."""
    # Below 3.11, where this script still has to tell people so, there is no tomllib.
    import tomllib  # noqa: PLC0415

    locked = tomllib.loads((HERE / "uv.lock").read_text(encoding="utf-8"))["package"]
    names = [package["name"] for package in locked]
    pinned = [f"{one['name']}=={one['version']}\n" for one in locked if names.count(one["name"]) == 1]
    pins = VENV / "constraints.txt"
    pins.write_text("".join(pin for pin in pinned if not pin.startswith("foi-etl==")), encoding="utf-8")
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = ["-e", ".", *project["dependency-groups"]["dev"]]
    step([str(PYTHON), "-m", "pip", "install", "--quiet", "-c", str(pins), *wanted])


def uv_on_path() -> str:
    """The uv that a person has installed, if it runs; empty otherwise."""
    uv = shutil.which("uv")
    return uv if uv and run([uv, "--version"], quiet=True) == 0 else ""


def uv_of_our_own() -> str:
    """A uv inside .venv, which is made where it is missing; empty where pip finds no uv."""
    uv = PROGRAMS / ("uv.exe" if os.name == "nt" else "uv")
    if run([str(uv), "--version"], quiet=True) == 0:
        return str(uv)
    make_venv()
    say("installing uv into it")
    return str(uv) if run([str(PYTHON), "-m", "pip", "install", "--quiet", "uv"]) == 0 else ""


def make_venv() -> None:
    """Make .venv, with pip in it; where it is there, give it the pip it may lack."""
    say(f"making {VENV.name} with Python {sys.version.split()[0]}")
    tries = [[sys.executable, "-m", "venv", str(VENV)], [sys.executable, "-m", "venv", "--clear", str(VENV)]]
    virtualenv = shutil.which("virtualenv")
    if virtualenv:
        tries.append([virtualenv, "--quiet", "--clear", "--python", sys.executable, str(VENV)])
    if not any(run(command, quiet=True) == 0 for command in tries):
        raise SetUpFailed(NO_VENV)


def step(command: list[str]) -> None:
    """Run a command that has to work."""
    code = run(command)
    if code:
        raise SetUpFailed(
            f"this failed with exit code {code}:\n\n    {' '.join(command)}\n\n"
            "Its message stands above. If it could not reach the package index, look at the network or\n"
            f"the proxy; if {VENV.name} looks broken, delete that folder. Then run the same command again."
        )


def run(command: list[str], *, quiet: bool = False) -> int:
    """The exit code of a command, run in the project's folder; 127 where there is no such program."""
    silence = subprocess.DEVNULL if quiet else None
    try:
        done = subprocess.run(
            command, cwd=HERE, env=environment(), stdout=silence, stderr=silence, check=False
        )
    except FileNotFoundError:
        return 127
    except KeyboardInterrupt:
        return 130
    return done.returncode


def environment() -> dict[str, str]:
    """Our own environment, with uv told to use this Python and this folder's .venv, and to fetch no Python.

    Where the system keeps certificates, uv trusts those, as pip does: a company's proxy is among them.
    """
    ours = {"UV_PYTHON_DOWNLOADS": "never", "UV_PROJECT_ENVIRONMENT": str(VENV)}
    if ssl.get_default_verify_paths().cafile:
        ours["UV_SYSTEM_CERTS"] = "true"
    if not PYTHON.exists():
        ours["UV_PYTHON"] = sys.executable
    return {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"} | ours


def say(what: str) -> None:
    """A line about what is happening."""
    print(f"bootstrap: {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
