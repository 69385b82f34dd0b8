"""Gate and publish: what the archive holds is read where it is not yet, judged, and released.

    prefect deployment run release/by-hand
    prefect deployment run release/by-hand --param accept='the portal of X closed, its reports are archived'

Nobody is asked: it is for when a night's release was refused, and what it was refused for is mended.
"""

from __future__ import annotations

from steps import end, flow, publish


@flow(name="release")
def release(accept: str = "") -> str:
    """Make a release of what there is; its version, or empty where nothing is new.

    `accept` says why what the gate objects to is published all the same; the reason is published with it.
    """
    return end([], publish(accept=accept))


if __name__ == "__main__":
    release()
