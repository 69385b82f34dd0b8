"""What TRS pages and their look-alikes say of their pages: one pager for each dialect."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Final

Pager = Callable[[int, int, int], str]
"""From the number of pages, the page shown (from 0) and the number of lines to what stands in the page."""


def _script(form: str) -> Pager:
    return lambda pages, now, count: (
        f"<script>{form.format(p=pages, n=now, n1=now + 1, count=count)}</script>"
    )


def _counted(pages: int, now: int, _count: int) -> str:
    """The real number stands in a variable; a call that is commented out says another."""
    return (
        "<script>\nfunction createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){\n"
        '  if(_nCurrIndex > 0){ document.write("<a href=" + _sPageName + "_" + _nCurrIndex +'
        ' "." + _sPageExt + ">"); }\n'
        f'}}\n//createPageHTML(9, {now}, "index", "html");\n</script>\n<script>\n'
        f"var currentPage = {now};//所在页从0开始\nvar prevPage = currentPage-1//上一页\n"
        f"var nextPage = currentPage+1//下一页\nvar countPage = {pages}//共多少页\n"
        'if(countPage>1){document.write("<a href=index_" + nextPage + ".html>下一页</a>");}\n</script>'
    )


def _hidden(pages: int, now: int, _count: int) -> str:
    """A pager in base64."""
    after = f'<a href="index_{now + 1}.html">下一页</a>' if now + 1 < pages else ""
    before = f'<a href="index{f"_{now - 1}" if now > 1 else ""}.html">上一页</a>' if now else ""
    packed = b64encode(f"{before}{after}<span>共{pages}页</span>".encode()).decode()
    return f'<script>document.write(decodeURIComponent(escape(window.atob("{packed}"))));</script>'


def _sliced(_pages: int, _now: int, count: int) -> str:
    return (
        f"<script>var totalCount = {count}, perSize = 8, endPage = Math.ceil(totalCount / perSize);\n"
        "function show(n){ $('.pagedContent li').hide().slice((n-1)*perSize, n*perSize).show(); }"
        " show(1);</script>"
    )


_ZERO = _script('createPageHTML({p}, {n}, "index", "html");')
PAGERS: Final[Mapping[str, Pager]] = {
    "zero": _ZERO,
    "years": _ZERO,
    "stub": _ZERO,
    "paging": _script("createPageHTML('paging', {p}, {n1}, 'index', 'html', {count});"),
    "create": _script('createPage({p}, {n}, "index", "html");'),
    "count": _counted,
    "setpage": _script('$("#pages").pagination("setPage", {n1}, {p});'),
    "promises": _script('$("#pages").pagination("setPage", {n1}, {p});'),
    "totalpage": _script(
        '$(".pagination").pagination({{ currentPage: {n1}, totalPage: {p}, isShow: true }});'
    ),
    "base64": _hidden,
    "slices": _sliced,
    "extra": _script('createPageHTML({p}, {n}, "index", "shtml", "black2", {count});'),
    "records": _script('createPageHTML({count}, {p}, {n}, "index", "html");'),
}
FROM_ONE: Final = frozenset({"paging", "setpage", "totalpage", "promises"})
"""The dialects whose second page is index_2."""
PROMISED: Final = 2
"""How many pages too many the pager of one dialect promises."""
