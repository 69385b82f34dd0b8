"""The other side of `confined`: a process that reads what it is given, and can be ended at any time.

It has bounds on memory and may write no file; a library that runs away takes only this process with it.
"""

from __future__ import annotations

import math
import os
import pickle
import re
import resource
import struct
import sys
import time
from collections.abc import Callable, Generator
from typing import Any, BinaryIO, Final, TypeVar

from foi_etl.errors import NotAReport

LENGTH: Final = struct.Struct("!Q")
T = TypeVar("T")


def main() -> None:
    """Take a function and what it shares, then arguments until there are no more."""
    answers = os.fdopen(os.dup(1), "wb")
    # What a library prints must not end up among the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    questions = sys.stdin.buffer
    function, shared, seconds, memory = pickle.loads(_taken(questions) or b"")  # noqa: S301 - from our own parent
    for limit, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (most, most))

    def begin() -> None:
        """Say that a part is done, and begin the time of the next."""
        _say(answers, b"")
        spent = time.process_time()
        # Where it is used up, the system ends this process.
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(spent + seconds), resource.RLIM_INFINITY))

    begin()
    while (asked := _taken(questions)) is not None:
        begin()
        _say(answers, pickle.dumps(_answer(function, shared, asked, begin)))


def _taken(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def _say(stream: BinaryIO, said: bytes) -> None:
    stream.write(LENGTH.pack(len(said)) + said)
    stream.flush()


def _answer(
    function: Callable[..., Any], shared: object, asked: bytes, begin: Callable[[], None]
) -> tuple[bool, bool, object]:
    """Whether there is an answer, whether this process is spent, and the answer or why there is none."""
    try:
        said = function(*pickle.loads(asked), shared)  # noqa: S301 - as above
        return True, False, ended(said, begin) if isinstance(said, Generator) else said
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


def ended(parts: Generator[None, None, T], begin: Callable[[], None]) -> T:
    """What a reader returns who yields between the parts of a document."""
    while True:
        try:
            next(parts)
        except StopIteration as end:
            answer: T = end.value
            return answer
        begin()


if __name__ == "__main__":
    main()
