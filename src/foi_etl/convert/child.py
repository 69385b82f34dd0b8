"""The other side of `confined`: a process that reads what it is given, and can be ended at any time.

It has bounds on memory and may write no file; a library that runs away takes only this process with it.
"""

from __future__ import annotations

import os
import pickle
import re
import resource
import struct
import sys
from collections.abc import Callable
from typing import Any, BinaryIO, Final

from foi_etl.errors import NotAReport

LENGTH: Final = struct.Struct("!Q")


def main() -> None:
    """Take a function and what it shares, then arguments until there are no more."""
    answers = os.fdopen(os.dup(1), "wb")
    # What a library prints must not end up among the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    questions = sys.stdin.buffer
    function, shared, memory = pickle.loads(_taken(questions) or b"")  # noqa: S301 - from our own parent
    for limit, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (most, most))
    _say(answers, b"")
    while (asked := _taken(questions)) is not None:
        _say(answers, pickle.dumps(_answer(function, shared, asked)))


def _taken(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def _say(stream: BinaryIO, said: bytes) -> None:
    stream.write(LENGTH.pack(len(said)) + said)
    stream.flush()


def _answer(function: Callable[..., Any], shared: object, asked: bytes) -> tuple[bool, bool, object]:
    """Whether there is an answer, whether this process is spent, and the answer or why there is none."""
    try:
        return True, False, function(*pickle.loads(asked), shared)  # noqa: S301 - as above
    except NotAReport as error:
        return False, False, error
    except MemoryError:
        return False, True, NotAReport("the document needs more memory than one may take: look at it by hand")
    except RecursionError:
        return False, True, NotAReport("the document nests deeper than any report: look at it by hand")
    except Exception as error:  # whatever a library raises over a broken file is about the file
        # The same bytes have to give the same words: no addresses of this process among them.
        said = re.sub(r"0x[0-9a-f]+", "0x", f"{type(error).__name__}: {error}")
        return False, True, NotAReport(f"the document is broken: fetch it again ({said})")


if __name__ == "__main__":
    main()
