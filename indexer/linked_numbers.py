"""Numbers of other things that a record names: other forms (776), what it is in (773), what came before (780).

They are kept to be found by and never matched by: who has the number of the printed book in
hand finds the e-book too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from indexer.identifiers import isbns, issns
from indexer.marc import Field
from indexer.record import Identifier

MARC21_TAGS = ("765", "767", "770", "772", "773", "774", "775", "776", "777", "780", "785", "786", "787")
UNIMARC_TAGS = tuple(str(tag) for tag in (*range(410, 413), *range(421, 489)))
MOST = 100
"""Numbers of other things taken of one record: a bibliography in linking fields would make it found by everything."""


def linked_numbers(fields: Iterable[Field], isbn_code: str, own: Sequence[Identifier]) -> Iterator[Identifier]:
    """The ISBNs ($z, UNIMARC $y and embedded 010) and ISSNs ($x, embedded 011) of linking fields but the record's own.

    Their qualifier is what the field says of how the two belong together ($i), as cataloguers wrote it.
    """
    known = {number.value for number in own}
    found: dict[str, Identifier] = {}
    for field in fields:
        said = ""
        embedded = ""
        for code, text in field.texts:
            numbers: tuple[Identifier, ...] = ()
            if code == "1":
                embedded = text[:3]
            elif code == "i" and not embedded:
                said = text.rstrip(" :：")
            elif embedded and code == "a" and embedded in _EMBEDDED:
                numbers = isbns(text) if embedded == "010" else issns(text)
            elif not embedded and code == isbn_code:
                numbers = isbns(text)
            elif not embedded and code == "x":
                numbers = issns(text)
            for number in numbers:
                if number.valid and number.value not in known and len(found) < MOST:
                    qualifier = number.qualifier or said
                    found.setdefault(number.value, replace(number, qualifier=qualifier, valid=False, linked=True))
    yield from found.values()


_EMBEDDED = frozenset({"010", "011"})
