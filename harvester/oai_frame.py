"""What stands around the records of an OAI-PMH answer: the lists, the token, and what does not belong there.

Programs that break off in the middle of a list close its elements neatly: all that is left of what went wrong is an
error within the list, a line of text, a token in the wrong place. A page that shows such a thing proves no end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from harvester.errors import AnswerRefused
from harvester.marcxml import children, local_name, text_of

ENVELOPE = frozenset({"responseDate", "request"})
TOKEN = "resumptiontoken"  # noqa: S105 - the name of an element, however it is written
USUAL_PARTS = (["header", "metadata"], ["header"], ["header", "metadata", "about"])  # of one record, in full
ERROR = "error"
OF_A_TOKEN = frozenset({"expirationDate", "completeListSize", "cursor"})
MARKS = "\ufeff\u200b\u00a0"  # of no width or none that is seen: editors leave them behind
SHOWN = 60  # letters of a text that does not belong there


@dataclass(frozen=True, slots=True)
class Frame:
    """What the lists of a page hold."""

    elements: list[etree._Element]
    token: etree._Element | None
    odd: str  # what stands there and does not belong there, in words; "" when nothing does


def frame_of(root: etree._Element, verb: str, element: str, url: str) -> Frame:
    """The elements of all lists of a page, its token wherever it stands, and what is odd about it.

    Raises: AnswerRefused when an error stands where no error may, or when two tokens say where to go on.
    """
    lists = list(children(root, verb))
    tokens = [child for parent in (root, *lists) for child in parent if _folded(child) == TOKEN]
    odd = list(strange(root, ENVELOPE | {verb}, url))
    for one in lists:
        odd += strange(one, {element}, url)
    told = {text_of(token) for token in tokens} - {""}
    if len(told) > 1:
        raise AnswerRefused(f"{url}: two resumption tokens say where to go on")
    # The last page has an empty one; a server was seen to send an empty one beside the real one.
    token = min(tokens, key=lambda one: text_of(one) == "", default=None)
    if token is not None and not told:
        odd += [f"a token in {name}=" for name in map(str, token.attrib) if name[:1] != "{" and name not in OF_A_TOKEN]
    elements = [child for one in lists for child in children(one, element)]
    if any(map(_holds_two, elements)):
        odd.append("two records in one")
    return Frame(elements, token, ", ".join(dict.fromkeys(odd)))


def _holds_two(element: etree._Element) -> bool:
    names = [local_name(child) for child in element]
    return names not in USUAL_PARTS and any(names.count(part) > 1 for part in ("header", "metadata"))


def strange(parent: etree._Element, allowed: Iterable[str], url: str) -> Iterator[str]:
    """What a parent holds besides elements of these names and a token.

    Raises: AnswerRefused when that is an error.
    """
    if said := _text(parent.text):
        yield said
    for child in parent:
        if local_name(child) not in allowed and (name := _folded(child)) != TOKEN:
            if name == ERROR and not _is_root_error(parent, child):
                words = " ".join(filter(None, ((child.get("code") or "").strip(), text_of(child))))
                raise AnswerRefused(f"{url}: an error stands within the answer: {words or 'without a word'}")
            if name != ERROR:
                yield f"<{local_name(child)}>"
        if said := _text(child.tail):
            yield said


def _is_root_error(parent: etree._Element, child: etree._Element) -> bool:
    """Whether an error stands where the protocol wants it: those are read as what they say."""
    return parent.getparent() is None and local_name(child) == ERROR


def _folded(element: etree._Element) -> str:
    return local_name(element).casefold()


def _text(text: str | None) -> str:
    """A text that is more than white space, as it may be shown; else ""."""
    bare = "" if text is None else text.translate(dict.fromkeys(map(ord, MARKS))).strip()
    return f"the text {bare[:SHOWN]!r}" if bare else ""
