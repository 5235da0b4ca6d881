"""The OpenSearch 1.1 description by which browsers add the catalogue to their search box, and its suggestions."""

from __future__ import annotations

from lxml import etree

from search_api.suggest import Suggestions

NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
KIND = "application/opensearchdescription+xml"
SUGGESTIONS_KIND = "application/x-suggestions+json"

_LONGEST_SHORT_NAME = 16
_LONGEST_LONG_NAME = 48


def description(site: str, home: str, *, name: str, about: str, language: str, icon: str) -> bytes:
    """The description in one interface language; ``home`` is the path that its addresses begin with."""
    root = etree.Element(f"{{{NAMESPACE}}}OpenSearchDescription", nsmap={None: NAMESPACE})

    def add(tag: str, text: str = "", **attributes: str) -> None:
        element = etree.SubElement(root, f"{{{NAMESPACE}}}{tag}", attributes)
        element.text = text or None

    add("ShortName", name[:_LONGEST_SHORT_NAME].strip())
    add("LongName", name[:_LONGEST_LONG_NAME].strip())
    add("Description", about[:1024])
    add("Url", type="text/html", method="get", template=f"{site}{home}search?q={{searchTerms}}")
    add("Url", type="application/atom+xml", template=f"{site}{home}feed.atom?q={{searchTerms}}")
    add("Url", type=SUGGESTIONS_KIND, rel="suggestions", template=f"{site}/opensearch/suggest?q={{searchTerms}}")
    add("Url", type=KIND, rel="self", template=f"{site}{home}opensearch.xml")
    add("Image", icon, width="16", height="16", type="image/x-icon")
    add("Language", language)
    add("OutputEncoding", "UTF-8")
    add("InputEncoding", "UTF-8")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def completions(typed: str, found: Suggestions, most: int) -> list[object]:
    """Suggestions as browsers read them: what was typed, and what it may become, each once."""
    words = [one.title for one in found.titles] + [one.name for one in (*found.creators, *found.subjects)]
    return [typed, list(dict.fromkeys(words))[:most]]
