"""What is worked out over all reports of a release; `publish/across.py` says how to write one.

Studies look in the order of `studies()`, and each sees what those before it have added.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path

from foi_etl.model import Capture
from foi_etl.owed import NOBODY, Owing
from foi_etl.publish.across import Study
from foi_etl.schemas import statute
from foi_etl.studies.bodies import peers
from foi_etl.studies.coverage import covered
from foi_etl.studies.doubts import doubted
from foi_etl.studies.long import lengthened
from foi_etl.studies.panel import paneled
from foi_etl.studies.revisions import revised


def studies(owing: Owing = NOBODY, spoken: Iterable[Capture] = ()) -> tuple[Study, ...]:
    """Every study, in order, for those who owe reports.

    `spoken` are all answers of addresses that once said a report is gone.
    """
    groups, answers = peers(owing.agencies), tuple(spoken)
    return (
        Study("doubts", partial(doubted, rules=statute().rules, peers=groups), _told(groups)),
        Study("revisions", partial(revised, spoken=answers), _told([one.id for one in answers])),
        Study("coverage", partial(covered, owing=owing), _told(owing.inputs)),
        Study("panel", partial(paneled, owing=owing, statute=statute()), _told(owing.inputs)),
        Study("long", partial(lengthened, statute=statute()), _told()),
    )


def _told(*known: object) -> str:
    """A digest of what a study knows beside the reports, and of the studies themselves."""
    return hashlib.sha256(f"{_code()}{known!r}".encode()).hexdigest()[:16]


@cache
def _code() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
