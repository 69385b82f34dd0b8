"""What is worked out over all reports of a release; `publish/across.py` says how to write one.

Studies look in the order of `studies()`, and each sees what those before it have added.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from foi_etl.publish.across import Study


def studies() -> tuple[Study, ...]:
    """Every study, in order."""
    return ()


def code() -> str:
    """A digest of the studies themselves: where they think anew, a release is looked at anew."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
