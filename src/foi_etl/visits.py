"""The corridor left of the archive: from agencies to archived reports. It needs the network.

Whatever a portal answers is archived before it is read, so a run that is killed goes on from what it has.

A known report is not asked for again on an ordinary night. It is, on condition that it changed, when
- its row changed: the list page is not as it was, and its row says other words or another date than the
  earlier version of the list did, which the archive holds (the earlier walk is simply walked again there);
- its list changed and names it no more: is it still there? Or the list names it again, where it was gone;
- it is due by its age: a month or two after the portal last said it is as before, each at its own time;
  a week where what the portal said was that it is not there;
- a person says `--force`.
A change that shows neither in the list nor in its validators is therefore seen within two months.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from foi_etl.crawl.refusals import REFUSAL
from foi_etl.crawl.walk import Family, Tally, ended_by, on_host, place, place_on_host, walk
from foi_etl.errands import Errand
from foi_etl.errors import BudgetSpent, FoiError, Refused
from foi_etl.model import Agency, Ask, Capture, Decoy, Found, Outcome, Page
from foi_etl.replays import row_of, rows_before
from foi_etl.text import year_in

_OK: Final = 200
_READ_WHOLE: Final = {"ok", "absent", "empty"}
_NEXT: Final = {
    "moved": "look whether the portal moved, and mend its line in the register",
    "empty": "look at the column by hand: a list that had reports may have been moved",
    "absent": "look at the column by hand: the reports may stand elsewhere, or be called otherwise",
    "partial": "what is there was taken; look at the pages that are missing, or raise FOI_BUDGET",
}


def visit(agency: Agency, family: Family, errand: Errand, years: Collection[int], budget: int) -> Outcome:
    """Find and archive an agency's reports. What goes wrong costs this agency, and says what to do next."""
    outcome = _Visit(agency, family, errand, years, budget).made()
    stopped = errand.stop.is_set() and outcome.outcome == "failed"  # no visit: the next run makes it
    if errand.journal is not None and not stopped:
        errand.journal.write(kind="visit", at=_now(), **asdict(outcome))
    return outcome


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class _Visit:
    """One visit and what it has met so far."""

    def __init__(
        self, agency: Agency, family: Family, errand: Errand, years: Collection[int], budget: int
    ) -> None:
        self._agency, self._family, self._errand = agency, family, errand
        self._years, self._budget = years, budget
        self._counts: Counter[str] = Counter()
        self._met: defaultdict[str, set[str]] = defaultdict(set)
        """What was listed and what is new, each document once, for one host often has two names."""
        self._tally = Tally()
        self._troubles: list[FoiError] = []
        self._listed: dict[int, str] = {}
        self._passed: set[int] = set()
        """The years of what was listed and not wanted; 0 for what names none."""
        self._sign = ""
        self._as_before = False
        """Whether the page being read is what it was when it was last read."""
        self._changed = False
        """Whether any page of the list is not."""
        self._vanished: set[str] = set()

    def made(self) -> Outcome:
        """The visit, made."""
        began = time.monotonic()
        ended: FoiError | None = None
        try:
            steps = walk(self._agency, self._family, self._page, budget=self._budget, tally=self._tally)
            for step in steps:
                if not isinstance(step, Found):
                    continue
                if self._is_wanted(step):
                    self._met["found"].add(place_on_host(step.ask))
                    self._take(step)
                else:
                    self._passed.add(step.year or year_in(step.text) or 0)
            if self._tally.ending()[0] in _READ_WHOLE and (self._changed or self._errand.force):
                self._look_for_vanished()
        except FoiError as error:
            ended = error
        return self._outcome(ended, time.monotonic() - began)

    def _page(self, ask: Ask) -> Page:
        known = self._errand.kept(ask)
        alone = known is not None and self._is_report_alone(ask, known)
        capture = known if known and alone else self._capture(ask, "listing")
        self._as_before = alone or bool(capture.revisit_of)
        self._changed |= not self._as_before
        return Page(ask, capture.url, self._errand.text(capture))

    def _is_report_alone(self, ask: Ask, known: Capture) -> bool:
        """Whether a page that a family asks for is nothing but a known report, which is not due."""
        if known.status != _OK or self._errand.force or self._errand.is_old(known):
            return False
        steps = self._family.read(self._agency, Page(ask, known.url, self._errand.text(known)))
        leads = {
            place(one.ask) if isinstance(one, Found) else "" for one in steps if not isinstance(one, Decoy)
        }
        return leads == {place(ask)}

    def _capture(self, ask: Ask, purpose: str, found: Found | None = None) -> Capture:
        capture, sent = self._errand.capture(ask, self._agency, purpose, found, self._spend)
        self._counts["unchanged"] += sent and bool(capture.revisit_of)
        if sent and not capture.revisit_of and capture.status == _OK and capture.purpose == purpose:
            self._met[purpose].add(place_on_host(ask))
        return capture

    def _spend(self) -> None:
        if self._counts["asked"] >= self._budget:
            raise BudgetSpent(f"the visit has sent the {self._budget} requests it may: raise FOI_BUDGET")
        self._counts["asked"] += 1

    def _is_wanted(self, found: Found) -> bool:
        fits = not self._years or found.year is None or found.year in self._years
        return fits and not (found.listed and found.listed < self._errand.not_before)

    def _take(self, found: Found) -> None:
        """Archive one report and what hangs on it. What goes wrong with it costs it alone, where it can."""
        try:
            capture = self._document(found, "report")
            if capture.purpose != REFUSAL and capture.status == _OK:
                self._note_report(capture, found)
                if year := found.year or year_in(found.text):
                    self._listed[year] = found.listed
                for attached in self._attached(capture):
                    self._document(attached, "attachment")
        except (BudgetSpent, Refused):
            raise
        except FoiError as error:
            if self._errand.stop.is_set():
                raise
            self._troubles.append(error)

    def _document(self, found: Found, purpose: str) -> Capture:
        known = self._errand.kept(found.ask)
        if known is not None and not self._is_due(found, known):
            return known
        capture = self._capture(found.ask, purpose, found)
        if capture.purpose == REFUSAL:
            self._counts["refused"] += 1
            self._sign = self._errand.sign(capture)
        self._counts["gone"] += capture.purpose != REFUSAL and capture.status != _OK
        return capture

    def _note_report(self, capture: Capture, found: Found) -> None:
        """A page that turned out to be the report itself is noted as one."""
        holder = self._errand.archive.origin(capture)
        if holder.purpose != "report":
            self._errand.archive.note(
                holder, agency=self._agency, purpose="report", via=found.via, link_text=found.text
            )
            self._met["report"].add(place_on_host(found.ask))

    def _attached(self, capture: Capture) -> list[Found]:
        archive, attached = self._errand.archive, self._errand.attached
        files = attached.files(archive.origin(capture).url, capture.sha256, lambda: archive.body(capture))
        return [one for one in files if place(one.ask) not in self._tally.found]

    def _is_due(self, found: Found, known: Capture) -> bool:
        """Whether a known document is asked for again: the rule at the head of this file."""
        where = place(found.ask)
        if self._errand.force or self._errand.is_old(known) or where in self._vanished:
            return True
        if self._as_before:
            return False
        before = self._before.get(where)
        return known.status != _OK if before is None else row_of(before) != row_of(found)

    @cached_property
    def _before(self) -> dict[str, Found]:
        errand = self._errand
        return rows_before(self._agency, self._family, errand.archive, errand.since, self._budget)

    def _look_for_vanished(self) -> None:
        """Ask for the reports that the list named before and names no more."""
        named = {on_host(where) for where in self._tally.found}
        for where, found in self._before.items():
            known = self._errand.kept(found.ask)
            if on_host(where) not in named and known and known.status == _OK and self._is_wanted(found):
                self._vanished.add(where)
                self._take(found)

    def _outcome(self, ended: FoiError | None, seconds: float) -> Outcome:
        name, sign, message = self._ending(ended)
        counts = self._counts
        return Outcome(
            agency_id=self._agency.id,
            outcome=name,
            message=message,
            asked=counts["asked"],
            found=len(self._met["found"]),
            new=len(self._met["report"]),
            decoys=self._tally.decoys,
            sign=sign,
            alarm=name in {"moved", "empty", "absent"} and self._has_reports(),
            unchanged=counts["unchanged"],
            attachments=len(self._met["attachment"]),
            seconds=round(seconds, 3),
            listed=tuple(sorted(self._listed.items())),
            spent=isinstance(ended, BudgetSpent),
            passed=tuple(sorted(self._passed)),
        )

    def _ending(self, ended: FoiError | None) -> tuple[str, str, str]:
        if ended is not None:
            return ended_by(ended), str(ended.where.get("sign", "")) or ended.message, str(ended)
        name, sign = self._tally.ending()
        if self._counts["refused"]:
            sign = f"{self._counts['refused']} documents were refused to us: {self._sign}"
            return "blocked", sign, f"{sign}; it is recorded and not fought, a person may write to them"
        gone = self._counts["gone"]
        troubles = [f"{gone} documents are not there"] if gone else []
        troubles += [f"{len(self._troubles)} documents failed: {error}" for error in self._troubles[:1]]
        if name == "ok" and troubles:
            return "partial", "; ".join(troubles), _NEXT["partial"]
        return name, sign, f"{sign}: {_NEXT[name]}" if name in _NEXT else sign

    def _has_reports(self) -> bool:
        held = self._errand.archive.captures(purpose="report", agency=self._agency.id)
        return any(one.status == _OK for one in held)
