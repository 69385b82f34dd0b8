"""What a practice agency is, and where: invented places have the codes of real ones, so that codes work."""

from __future__ import annotations

from typing import Final, NamedTuple

_TOWNSHIPS: Final = [
    "110101001",
    "120101001",
    "130102001",
    "140105001",
    "150102001",
    "210102001",
    "220102001",
    "230102001",
    "310101002",
    "320102002",
    "330102001",
    "340102001",
    "350102001",
    "360102002",
    "370102001",
    "410102001",
    "420102400",
    "430102001",
    "440103001",
    "450102001",
    "460105001",
    "500101001",
    "510104022",
    "520102200",
    "530102001",
    "540102002",
    "610102001",
    "620102001",
    "630103001",
    "640104001",
    "650102002",
]
"""One of each province that no list since 2016 has otherwise."""
_KNOWN: Final = {
    "pinghu": ("county", "330482"),
    "shanghai-bgt": ("province", "310000"),
    "shanghai-kewei": ("province", "310000"),
    "huaian": ("prefecture", "320800"),
    "huaian-hongze": ("county", "320813"),
    "suqian": ("prefecture", "321300"),
}
"""Those with real figures; Pingtan's experimental zone is no division."""
_KINDS: Final = (
    ("街道办事处", "street_office"),
    ("镇人民政府", "township_gov"),
    ("乡人民政府", "township_gov"),
    ("办公室", "gov_office"),
    ("办公厅", "gov_office"),
    ("管理委员会", "dev_zone"),
    ("人民政府", "gov"),
)


class Standing(NamedTuple):
    """As the register has it."""

    level: str
    kind: str
    division_code: str


def known(slug: str, name: str) -> Standing:
    """Of an agency with real figures."""
    level, code = _KNOWN.get(slug, ("prefecture", ""))
    return Standing(level, kind_of(name), code)


def invented(name: str, host: int) -> Standing:
    """Of an invented agency; those of one host are of one county."""
    township, kind = _TOWNSHIPS[host % len(_TOWNSHIPS)], kind_of(name)
    if kind in {"street_office", "township_gov"}:
        return Standing("township", kind, township)
    return Standing("county", kind, township[:6])


def kind_of(name: str) -> str:
    """The kind of body that a name ends in."""
    return next((kind for ending, kind in _KINDS if name.endswith(ending)), "department")
