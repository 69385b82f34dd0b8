"""Unified social credit codes: the check character proves them."""

from __future__ import annotations

import pytest

from foi_etl.sources.credit import code_in, holds


@pytest.mark.parametrize(
    "code", ["11341702486344515H", "11341703003249434A", "113325000026455663", "91350100M000100Y43"]
)
def test_codes_met_in_reports_hold(code: str) -> None:
    assert holds(code)


@pytest.mark.parametrize(
    "code",
    ["113708120043222000", "11341702486344515J", "1134170248634451", "1134170248634451OH"],
    ids=["an area number alike", "another check character", "too short", "a letter that is never used"],
)
def test_what_only_looks_like_one_does_not(code: str) -> None:
    assert not holds(code)


def test_every_single_slip_is_seen() -> None:
    code = "113325000026455663"
    slips = {
        code[:at] + sign + code[at + 1 :] for at in range(18) for sign in "0123456789" if code[at] != sign
    }
    assert not any(map(holds, slips))


def test_a_code_is_found_in_an_address_where_there_is_one() -> None:
    assert code_in("http://a.gov.cn/x.jsp?area=113325000026455663&n=1") == "113325000026455663"
    assert code_in("113325000026455663 11341702486344515H") == ""
