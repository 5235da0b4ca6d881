"""The little that harvesting must know of a MARCXML record: its control number, whether it is deleted or empty.

Elements are matched by local name on the child axis only: the wrong namespace is common, and a search for descendants
would find a record within a record.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

XML_SPACE = " \t\r\n"
LEADER_STATUS = 5
DELETED = frozenset("dsx")


def local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return element.iterchildren(f"{{*}}{name}")


def child_text(element: etree._Element, name: str) -> str:
    """The text of the first child of that name, without white space at its ends; "" when there is none."""
    child = next(element.iterchildren(f"{{*}}{name}"), None)
    return "" if child is None else text_of(child)


def text_of(element: etree._Element) -> str:
    return ("".join(element.itertext()) if len(element) else element.text or "").strip(XML_SPACE)


def serialised(element: etree._Element) -> bytes:
    """The element in UTF-8 with the namespaces it inherits, so that it can be read alone."""
    return etree.tostring(element, encoding="utf-8", with_tail=False)


def control_number(record: etree._Element) -> str:
    """Field 001, "" when there is none."""
    return next((text_of(field) for field in children(record, "controlfield") if field.get("tag") == "001"), "")


def says_deleted(record: etree._Element) -> bool:
    """Whether leader position 05 says that the record is deleted: d; s and x where authorities are replaced."""
    leader = next(children(record, "leader"), None)
    return leader is not None and (leader.text or "")[LEADER_STATUS : LEADER_STATUS + 1] in DELETED


def is_empty(record: etree._Element) -> bool:
    """Whether it holds no field: some systems send a bare leader for a record they could not read themselves."""
    return not any(
        len(child) or (child.text or "").strip(XML_SPACE) for child in record if local_name(child) != "leader"
    )
