"""Small truths about text: `str` or `bytes` in, `str` out."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from foi_etl.characters import simplified

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_-]+)""", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202d\u2060-\u2064\ufeff]")
_NUMBERING = re.compile(
    r"^(?:[(（][一二三四五六七八九十\d]{1,2}[)）]|[一二三四五六七八九十]{1,2}[、.．,，]|\d{1,2}[、.．,，)）])"
)
_PARENTHESIS = re.compile(r"[(（\[【〔][^()（）\[\]【】〔〕]*[)）\]】〕]")
_WORD = re.compile(r"[\u3400-\u9fff]")
_WORDS = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]+")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=\s*年|(?:政府|政务)?信息公开|[)）\]〕】](?!第?\d+号))")
_CHINESE_YEAR = re.compile(r"([一二][〇○零Oo一二三四五六七八九]{3})年")
_CHINESE_DIGITS = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2212: 0x2D, 0xFE63: 0x2D}


def decode(body: bytes) -> tuple[str, str]:
    """Text from bytes, and the name of the charset that read them.

    A byte order mark decides; then strict UTF-8, because a wrong guess there cannot pass; then
    gb18030, which reads all that gb2312 and GBK pages send. What a page says of itself is believed
    only where it names another charset (big5) and that charset reads every byte.
    """
    if body.startswith(b"\xef\xbb\xbf"):
        return body[3:].decode("utf-8", errors="replace"), "utf-8-sig"
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace"), "utf-16"
    declared = _META_CHARSET.search(body[:4096])
    other = declared[1].decode("ascii").lower() if declared else ""
    candidates = ["utf-8", *([other] if other in {"big5", "big5-hkscs"} else []), "gb18030"]
    for charset in candidates:
        try:
            return body.decode(charset), charset
        except UnicodeDecodeError:
            continue
    # A page cut by a power failure ends in half a character: keep the rest, in the charset that loses least.
    readings = [(body.decode(charset, errors="replace"), charset) for charset in ("utf-8", "gb18030")]
    text, charset = min(readings, key=lambda reading: reading[0].count("\ufffd"))
    return text, f"{charset}-replace"


def fold_width(text: str) -> str:
    """Full-width forms as their ASCII twins, and nothing else.

    Not NFKC: in a count that would turn the footnote mark of "12²" into a digit.
    """
    return text.translate(_FOLD)


def squash(text: str) -> str:
    """One line, single spaces, no invisible characters; otherwise as printed."""
    stripped = text.strip()
    if not stripped or stripped.isalnum():
        return stripped
    return _SPACE.sub(" ", _INVISIBLE.sub("", stripped)).strip()


@lru_cache(maxsize=65536)
def has_word(text: str) -> bool:
    """Whether there is a Chinese character in it, as in every label and in no figure."""
    return bool(_WORD.search(text))


def label_key(text: str) -> str:
    """What remains of a label when spaces, numbering, notes in parentheses and punctuation are taken away.

    Traditional characters become simplified ones.

    >>> label_key("（二）部分公开（区分处理的，只计这一情形，不计其他情形）")
    '部分公开'
    >>> label_key("3.危及“三安全一稳定”")
    '危及三安全一稳定'
    """
    folded = simplified(unicodedata.normalize("NFKC", _SPACE.sub("", _INVISIBLE.sub("", text))))
    unnumbered = _NUMBERING.sub("", _NUMBERING.sub("", folded))
    bare = _WORDS.sub("", _PARENTHESIS.sub("", unnumbered))
    return bare or _WORDS.sub("", folded)


def year_in(text: str) -> int | None:
    """The first year a title names, in digits or in Chinese; None where it names none.

    >>> year_in("平潭县2011年政府信息公开年度报告"), year_in("二〇二三年度报告"), year_in("年度报告")
    (2011, 2023, None)
    """
    folded = fold_width(text)
    plain, chinese = _YEAR.search(folded), _CHINESE_YEAR.search(folded)
    if plain and not (chinese and chinese.start() < plain.start()):
        return int(plain[1])
    return int(chinese[1].translate(_CHINESE_DIGITS)) if chinese else None


def stamp_of(moment: str) -> str:
    """A moment as the names of files have it: `20261123T205500Z`."""
    return moment.replace("-", "").replace(":", "")


def moment_of(stamp: str) -> str:
    """A moment from the name of a file."""
    return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:11]}:{stamp[11:13]}:{stamp[13:]}"
