"""What is written round a name in characters and is not part of it: where its bearer is from, what he did, 等."""

from __future__ import annotations

import re

from indexer import surnames
from indexer.roles import EDGES, TERMS
from indexer.text import has_cjk, has_han

HAN = r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
"""The characters of Han script, for use inside a regular expression's brackets."""
OPENING, CLOSING = r"(\[（〔【［〈‹<＜{｛", r")\]）〕】］〉›>＞}｝"  # in any pairing: （美) is common
ORIGINS = (
    "先秦|[東西]?[漢汉周晉晋]|三[國国]|[魏隋唐宋遼辽金元明清]|五代|[南北]朝|[南北]宋|民[國国]|中[國国]|日本|[臺台][灣湾]|"
    "香港|[美英法德日俄韓韩義意奧西葡荷加澳印瑞][國国]?"
)
PERIODS = "夏|商|殷|秦|[後后][漢汉唐晉晋周梁]|[梁陳齊遼]|[北西東]魏|[北南]齊|北周|劉宋|十國|春秋|戰國|战国|[近現当當]代"
"""When someone lived, in brackets behind the name; before it and in other brackets they may be anything (《春秋》)."""
_TITLE_BRACKETS = "《》「」『』"  # round a country too, but round more than countries
_NATIONS = (
    "American?|Argentin(?:a|e|ian)|Australian?|Austrian?|Belgi(?:um|an)|Brazil(?:ian)?|Brit(?:ain|ish)|Canad(?:a|ian)|"
    "Chilean?|Chin(?:a|ese)|Colombian?|Cuban?|Czech|Danish|Denmark|Dutch|Netherlands|Egypt(?:ian)?|Engl(?:and|ish)|"
    "Fin(?:land|nish)|French|France|Germany?|Greek|Greece|Hungary|Hungarian|Indian?|Indonesian?|Iran(?:ian)?|Irish|"
    "Ireland|Israeli?|Italy|Italian|Japan(?:ese)?|Korean?|Malaysian?|Mexic(?:o|an)|New Zealand|Nigerian?|Norway|"
    "Norwegian|Peru(?:vian)?|Philippines?|Polish|Poland|Portug(?:al|uese)|Romanian?|Russian?|Scot(?:tish|land)|Singapore|"
    "South African?|Soviet|Spain|Spanish|Swed(?:en|ish)|Swiss|Switzerland|Thai(?:land)?|Turk(?:ey|ish)|Ukrain(?:e|ian)|"
    "United States|United Kingdom|Great Britain|Vietnam(?:ese)?"
)
_ORIGIN_IN_FRONT = re.compile(
    rf"^\s*(?:[{OPENING}]{{1,2}}(?:[{HAN}]{{1,4}}|(?:[A-Z]\.\s?){{1,3}}|USA?|UK|[A-Z][a-z]{{1,3}}\.|{_NATIONS})[{CLOSING}]"
    rf"|[{_TITLE_BRACKETS}](?:{ORIGINS})[{_TITLE_BRACKETS}])\s*(?=\S[^\s{CLOSING}])"
)
_SEVERAL_BEHIND = re.compile(rf"(?P<name>.+)[.·・‧•、．/ ](?P<last>[{HAN}]{{1,4}})")  # 幾米圖.文
_AND_OTHERS = re.compile(r"\s*[(（\[〔]?等(?:人|多人)?[)）\]〕]?$")
_BY_ORDER = re.compile(rf"(?<=[{HAN}]{{2}})(?:\s*等)?\s*(?:奉[敕勅敇旨詔诏命]|[敕勅敇])$")  # (清)張玉書等奉敕撰
IN_BRACKETS = re.compile(rf"\s*[(（\[〔［](?P<inside>[{HAN}]{{1,4}})[)）\]〕］]$")
_LONG_ROLES = tuple(sorted((term for term in TERMS if has_han(term) and len(term) >= 2), key=len, reverse=True))
SHORT_ROLES = frozenset("著撰編译譯繪绘輯辑校注註编圖图作訳續续")
BEFORE_ROLE = " ,，.;:|｜‖…‧·・•．/："
_NO_GIVEN_NAMES = frozenset("著撰譯译訳")
ROLES_IN_GIVEN_NAMES = frozenset("圖图作")
_BEGIN_ROLES = frozenset("編编譯译撰主等合共")  # 李編著 is 李's 編著, or 李編's: not guessed
_ROLE_IN_FRONT = re.compile(
    rf"(?P<role>(?:原著|原作|主編|編著|編譯)者?|[著作譯編繪撰]者)\s*[:：]?\s*(?=[{HAN}]{{2}})(?![不未無群])"
    rf"|(?P<sign>[{HAN}]{{1,6}})\s?[:：/／]|(?P<doer>[{HAN}]{{1,5}}者) (?=[{HAN}]{{2}})"
)
_POINTS = re.compile(r"\s?[.．·・‧•・、,，+&]\s?")
_SEVERAL_IN_FRONT = re.compile(
    rf"(?P<roles>[{HAN}]{{1,4}}(?:{_POINTS.pattern}[{HAN}]{{1,4}}){{1,3}})\s?[:：/／]\s*(?=\S)"
)
_TOGETHER = frozenset(
    re.findall(r"\S+", "文圖 文图 文繪 編繪 编绘 編撰 编撰 撰繪 著繪 著绘 譯繪 譯註 譯注 編註 編注 著譯 撰譯")
)
"""Two roles of one character each that stand together as one word."""
_LEADING = ("總", "总", "共同", "聯合", "联合", "協同", "特約", "副")
"""What a role may begin with: 總策劃, 共同主編."""
_KOREAN_ROLES = frozenset(term for term in TERMS if has_cjk(term) and not has_han(term))


def without_origin(name: str) -> str:
    """A name without the country or dynasty in brackets before it, of any pairing: （美)海明威, (British)狄更斯."""
    return _ORIGIN_IN_FRONT.sub("", name)


def has_origin(text: str) -> bool:
    """Whether a text begins with a country or dynasty in brackets, and a name behind it."""
    return _ORIGIN_IN_FRONT.match(text) is not None


def without_role_in_front(name: str) -> tuple[str, tuple[str, ...]]:
    """``原著金庸``, ``文:王大明`` and ``文.圖/幾米`` without what they did, and its codes."""
    if several := _SEVERAL_IN_FRONT.match(name):
        said = tuple(TERMS.get(one, "") for one in _POINTS.split(several["roles"]))
        if all(said):
            return name[several.end() :].strip(), tuple(dict.fromkeys(said))
    match = _ROLE_IN_FRONT.match(name)
    if match is None or match.end() == len(name):
        return name, ()
    word = match["role"] or match["sign"] or match["doer"]
    role = TERMS.get(word) or TERMS.get(word.removesuffix("者"), "")
    return (name[match.end() :].strip(), (role,)) if role else (name, ())


def without_roles(name: str, least: int = 3) -> tuple[str, tuple[str, ...]]:
    """A name and the roles written after it, in brackets or not, several with a sign between them: 幾米圖.文.

    ``least``: the characters that remain before one of role that given names end with too.
    """
    if inside := IN_BRACKETS.search(name):
        if role := TERMS.get(inside["inside"]):
            return _without_others(name[: inside.start()]), (role,)
        if inside["inside"] == "等":
            name = name[: inside.start()]
    last = _SEVERAL_BEHIND.fullmatch(name)
    if last and last["last"] in TERMS:
        # With a sign and a role behind it one character is a role too, whichever it is; behind a blank only as ever.
        before, role = without_role(last["name"], least) if name[-len(last["last"]) - 1] == " " else ("", "")
        if not role and name[-len(last["last"]) - 1] != " ":
            before, role = without_role(last["name"], 2, any_role=True)
        if role:
            return before, tuple(dict.fromkeys((role, TERMS[last["last"]])))
    rest, role = without_role(name, least)
    return _before_more(rest, name, role) if role else (rest, ())


def _before_more(rest: str, whole: str, role: str) -> tuple[str, tuple[str, ...]]:
    """What is left of a name when the roles written together with its last are taken off too: 某丙企劃撰文, 總策劃."""
    said = [role]
    if whole.rstrip(EDGES)[-2:] in _TOGETHER and len(rest) >= 3 and rest[-1] in TERMS:
        name = rest[:-1].rstrip(BEFORE_ROLE)
        return (name, tuple(dict.fromkeys((TERMS[rest[-1]], role)))) if not surnames.is_long(name) else (rest, (role,))
    if not whole.rstrip(EDGES).endswith(_LONG_ROLES):
        return rest, (role,)
    while word := next((one for one in (*_LEADING, *_LONG_ROLES) if rest.endswith(one)), ""):
        shorter = _without_others(rest[: -len(word)])
        if len(shorter) < 2:
            break
        rest = shorter
        if word in TERMS:
            said.insert(0, TERMS[word])
    return rest, tuple(dict.fromkeys(said))


def without_role(name: str, least: int, *, any_role: bool = False) -> tuple[str, str]:
    """A name and the one role written after it, "" where it has none; ``any_role``: behind it stands another role."""
    stripped = name.rstrip(EDGES) if name.endswith(("著", "編", "譯", "等", " ")) else name
    for term in _LONG_ROLES if stripped.endswith(_LONG_ROLES) else ():
        if stripped.endswith(term) and len(stripped) >= len(term) + 2:
            return _without_others(stripped[: -len(term)]), TERMS[term]
    character = stripped[-1:]
    if character in TERMS and _is_role(stripped[:-1], character, least, any_role):
        return _without_others(stripped[:-1]), TERMS[character]
    if (korean := stripped.rpartition(" "))[0] and korean[2] in _KOREAN_ROLES:
        return _without_others(korean[0]), TERMS[korean[2]]
    return _without_others(stripped), ""


def _is_role(name: str, character: str, least: int, any_role: bool) -> bool:
    """Whether the character behind a name says what he did, or is the last of the name."""
    whole = name.rstrip(BEFORE_ROLE)
    if character not in SHORT_ROLES:
        # 王大明 文 wrote the text; 幸田 文 and 長谷川 文 are called so.
        return (any_role and len(name) >= 2 and not surnames.is_long(name)) or (
            whole != name and len(whole) >= 3 and not surnames.is_long(whole)
        )
    if whole != name or name[-1:] in ")）]等":
        return True
    if character in _NO_GIVEN_NAMES:
        return len(name) >= 2 and not (len(name) == 2 and name[-1] in _BEGIN_ROLES)
    if character in ROLES_IN_GIVEN_NAMES and not any_role and surnames.begins_with_long(name):
        return len(name) >= 4
    return len(name) >= least


def _without_others(name: str) -> str:
    name = name.rstrip(BEFORE_ROLE.replace(".", ""))
    if name.endswith(".") and not name[-2:-1].isupper():  # no initial: 奥斯丁, J.
        name = name.rstrip(BEFORE_ROLE)
    name = _BY_ORDER.sub("", name)
    others = _AND_OTHERS.search(name)
    return name[: others.start()].rstrip(" .…") if others and others.start() >= 2 else name
