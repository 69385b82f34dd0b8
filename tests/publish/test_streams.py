"""Tables in one file, one behind the other, and some of them read."""

from __future__ import annotations

import pyarrow as pa

from foi_etl.publish import streams

_WORDS = pa.array(["blank", "number", "blank"]).dictionary_encode()
_FIRST = pa.table({"agency_id": ["a", "b", "c"], "state": _WORDS, "value": [1, None, 3]})
_SECOND = pa.table({"agency_id": ["d"], "state": _WORDS.slice(1, 1), "value": [4]})


def test_each_table_is_read_from_where_it_begins() -> None:
    body, starts = streams.written([_FIRST, _SECOND])
    buffer = pa.py_buffer(body)
    read = [streams.read(buffer.slice(start)) for start in starts]
    assert [one.to_pylist() for one in read] == [_FIRST.to_pylist(), _SECOND.to_pylist()]
    assert read[0].schema == _FIRST.schema


def test_only_the_columns_that_are_asked_for_are_read_and_one_it_has_not_is_none() -> None:
    body, (start, _) = streams.written([_FIRST, _SECOND])
    read = streams.read(pa.py_buffer(body).slice(start), ["value", "state", "unit"])
    assert read == _FIRST.select(["state", "value"])


def test_a_table_takes_along_no_words_but_its_own() -> None:
    body, (_, start) = streams.written([_FIRST, _SECOND])
    read = streams.read(pa.py_buffer(body).slice(start))
    assert read["state"].chunk(0).dictionary.to_pylist() == ["number"]


def test_no_table_is_no_stream() -> None:
    assert streams.written([]) == (b"", ())
