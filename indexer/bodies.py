"""Names of bodies as cataloguers write them, told apart from what is not part of them."""

from __future__ import annotations

import re

from indexer.names import BEFORE_ROLE, CLOSING, IN_BRACKETS, OPENING, ORIGINS, Name, statements
from indexer.remembered import remembered
from indexer.roles import READ, TERMS
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
    name = next(statements(name), "")
    undressed = _COUNTRY_IN_FRONT.sub("", name)
    least = 3 if undressed == name else 2
    name, role = trim_isbd(undressed), ""
    if (inside := IN_BRACKETS.search(name)) and inside["inside"] in _OF_BODIES:
        return Name(_without_other_bodies(name[: inside.start()]), role=_OF_BODIES[inside["inside"]])
    term = next((term for term in _OF_BODIES if name.endswith(term)), "")
    rest = name[: -len(term)].rstrip(BEFORE_ROLE) if term else name
    if term and len(rest) >= least and not name.endswith(_ENDS_OF_BODIES):
        name, role = rest, _OF_BODIES[term]
    return Name(_without_other_bodies(name), role=role)


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
"""What bodies are said to have done. 出版, 製作, 攝影 and the like end their own names."""
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
    "翻譯",
    "翻译",
    "口譯",
    "土著",
)
_OTHER_BODIES = re.compile(r"(?<![高平中初均同優上下\s])\s*[(（\[〔]?等[)）\]〕]?$")


def _without_other_bodies(name: str) -> str:
    others = _OTHER_BODIES.search(name)
    return trim_isbd(name[: others.start()] if others and others.start() >= 3 else name)
