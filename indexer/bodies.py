"""Names of bodies as cataloguers write them, told apart from what is not part of them."""

from __future__ import annotations

import re

from indexer.name_dress import BEFORE_ROLE, CLOSING, IN_BRACKETS, OPENING, ORIGINS
from indexer.names import Name
from indexer.remembered import remembered
from indexer.roles import READ, TERMS
from indexer.statements import bodies
from indexer.text import clean, has_han, trim_isbd

_COUNTRY_IN_FRONT = re.compile(rf"^[{OPENING}](?:{ORIGINS})[{CLOSING}]\s*(?=\S\S)")


@remembered
def body(text: str) -> Name:
    """A body's name from a heading: ``(日本)文部省編`` is 文部省.

    What its own name ends with stays: 國立編譯館, 時報出版.
    """
    name = clean(text[:READ])
    if not has_han(name):
        return Name(trim_isbd(name))
    name = next(bodies(name), "")
    undressed = _COUNTRY_IN_FRONT.sub("", name)
    least = 3 if undressed == name else 2
    name, role = trim_isbd(undressed), ""
    if (inside := IN_BRACKETS.search(name)) and (
        role := _OF_BODIES.get(inside["inside"]) or _HOUSES.get(inside["inside"], "")
    ):
        return Name(_without_other_bodies(name[: inside.start()]), role=role)
    terms = _HOUSES if name.endswith(tuple(_HOUSES)) else _OF_BODIES
    term = next((term for term in terms if name.endswith(term)), "")
    rest = name[: -len(term)].rstrip(BEFORE_ROLE) if term else name
    said = not name.endswith(_ENDS_OF_BODIES) if terms is _OF_BODIES else name != rest + term or _BODY.search(rest)
    if term and said and len(rest) >= least:
        return Name(_without_other_bodies(rest), role=terms[term])
    return Name(_without_other_bodies(name))


_OF_BODIES = {
    term: TERMS.get(term, "edt")
    for term in (
        *(
            "總編輯",
            "編譯",
            "編著",
            "主編",
            "編輯",
            "編印",
            "編撰",
            "編纂",
            "編製",
            "編繪",
            "合編",
            "彙編",
            "編選",
            "選編",
            "改編",
        ),
        *(
            "審訂",
            "修訂",
            "校訂",
            "監修",
            "編校",
            "編審",
            "監製",
            "承辦",
            "主辦",
            "協辦",
            "合辦",
            "監印",
            "印行",
            "刊行",
            "攝製",
            "錄製",
            "编校",
            "编审",
            "监制",
            "承办",
            "主办",
            "协办",
            "编译",
            "主编",
            "编著",
            "编辑",
            "編",
            "编",
            "著",
            "撰",
            "譯",
            "译",
            "輯",
            "繪",
        ),
    )
}
"""What bodies are said to have done, whichever their name."""
_HOUSES = {
    term: TERMS.get(term, "oth")
    for term in (
        *(
            "出版",
            "發行",
            "发行",
            "製作",
            "制作",
            "出品",
            "策劃",
            "策划",
            "企劃",
            "企划",
            "整理",
            "指導",
            "指导",
            "贊助",
            "赞助",
        ),
        *("設計", "设计", "攝影", "摄影", "印刷", "印製", "翻譯", "翻译"),
    )
}
_HOUSES |= {"指導": "oth", "指导": "oth"}  # no thesis
"""What bodies do and what houses are called by (時報出版, 大地企劃): a role behind a blank, or behind a body's name."""
_BODY = re.compile(
    r"(?:[部局館馆會会社處处院所校署廳厅室團团系司廠厂臺台組组隊队府縣县市鄉乡鎮镇寺宮宫廟庙]|(?<=[大中小])[學学]|中心|銀行|银行|聯盟|联盟|書店|"
    r"书店|書院|雜誌社|電視|电视|唱片|法人|集團|集团|工作坊|圖書室|股份|有限)$"
)
_ENDS_OF_BODIES = (
    "名著",
    "巨著",
    "論著",
    "專著",
    "專輯",
    "特輯",
    "合輯",
    "新編",
    "叢編",
    "漢譯",
    "新譯",
    "口譯",
    "土著",
)
_OTHER_BODIES = re.compile(r"(?<![高平中初均同優上下\s])\s*[(（\[〔]?等[)）\]〕]?$")


def is_body(name: str) -> bool:
    """Whether a name ends as those of bodies do: 國立編譯館, 臺灣大學."""
    return _BODY.search(name) is not None


def _without_other_bodies(name: str) -> str:
    others = _OTHER_BODIES.search(name)
    return trim_isbd(name[: others.start()] if others and others.start() >= 3 else name)
