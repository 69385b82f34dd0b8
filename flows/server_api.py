"""The few things that are asked of Prefect's server over HTTP. Importing Prefect would take seconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

_TIMEOUT = 10.0
_NOT_THERE = 404
_UNAVAILABLE = 503
_BUSY = Retry(
    connect=0,
    read=0,
    status=10,
    backoff_factor=0.2,
    backoff_max=5,
    status_forcelist=[_UNAVAILABLE],
    allowed_methods=None,
    raise_on_status=False,
)
"""On SQLite the server answers 503, and has done nothing, while another writer keeps it waiting."""


class Busy(OSError):
    """The server has said 503 for half a minute. One that does so in peace is locked out for good."""


@dataclass(frozen=True, slots=True)
class ServerApi:
    """A server, by the address of its API."""

    url: str

    def answers(self) -> bool:
        """Whether a server is there and well."""
        try:
            return self.get("/health") is True
        except (OSError, ValueError):
            return False

    def get(self, path: str) -> Any:
        """What stands at a path; None where nothing does."""
        return self._ask("GET", path)

    def post(self, path: str, body: object) -> Any:
        """The answer to what is sent to a path."""
        return self._ask("POST", path, body)

    def deployments(self) -> Iterator[str]:
        """Each deployment in one line, with when it runs by itself."""
        flows = {one["id"]: one["name"] for one in self.post("/flows/filter", {})}
        for one in self.post("/deployments/filter", {"sort": "NAME_ASC"}):
            when = [_when(each["schedule"]) for each in one["schedules"] if each["active"]]
            yield f"{flows[one['flow_id']]}/{one['name']}: {', '.join(when) or 'by hand'}"

    def reschedule(self, deployment: str, schedules: Sequence[dict[str, str]]) -> None:
        """Let a deployment run at these times and no others."""
        known = self.get(f"/deployments/name/{deployment}")
        for one in known["schedules"]:
            self._ask("DELETE", f"/deployments/{known['id']}/schedules/{one['id']}")
        for schedule in schedules:
            self.schedule(deployment, schedule)

    def schedule(self, deployment: str, schedule: dict[str, str]) -> None:
        """Let a deployment run at this time too."""
        known = self.get(f"/deployments/name/{deployment}")
        self.post(f"/deployments/{known['id']}/schedules", [{"active": True, "schedule": schedule}])
        # The scheduler looks at new schedules once a minute only; this makes it look now.
        self.post(f"/deployments/{known['id']}/schedule", {})

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        with requests.Session() as session:
            session.trust_env = False
            session.mount("http", HTTPAdapter(max_retries=_BUSY))
            answer = session.request(method, self.url + path, json=body, timeout=_TIMEOUT)
        if answer.status_code == _NOT_THERE and method == "GET":
            return None
        if not answer.ok:
            error = Busy if answer.status_code == _UNAVAILABLE else OSError
            raise error(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json() if answer.content else None


def _when(schedule: dict[str, Any]) -> str:
    if "cron" in schedule:
        return f"{schedule['cron']} {schedule['timezone']}"
    return "once, at " + str(schedule["rrule"]).split("\n", maxsplit=1)[0].removeprefix("DTSTART:")
