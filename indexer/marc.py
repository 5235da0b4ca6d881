"""A MARC record taken apart into decoded fields: what `marc21` and `unimarc` read from, whatever it was sent as."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from indexer.kana import is_kana, kana_in_letters
from indexer.text import clean, is_romanised

_LINK = re.compile(r"\s*(?P<tag>[0-9A-Za-z]{3})-(?P<occurrence>\d{1,3})")
_ONCE = ("100", "110", "111", "130", "240", "245", "250", "260", "264", "300")
"""Fields that a book has once: an 880 of theirs that nothing links can only be the other form of the one there is."""
_TITLES = ("130", "240", "245", "246", "247", "730", "740")
_NAMES = ("100", "110", "111", "700", "710", "711", "720")
_LOOKED_AT = 2_000  # characters of a field, to see in what script it is
_WITHOUT_FIELD = "880: does not say which field it is of; kept as a note"


class _Parts(NamedTuple):
    tag: str
    ind1: str
    ind2: str
    subfields: tuple[tuple[str, str], ...]


class Field(_Parts):
    """A data field. Indicators are single characters, a blank when not given; subfields keep their order."""

    _texts: tuple[tuple[str, str], ...] | None = None

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """The subfields that are not empty, cleaned: worked out when first asked for."""
        return self._texts or self._cleaned()

    def _cleaned(self) -> tuple[tuple[str, str], ...]:
        self._texts = texts = tuple([(code, text) for code, value in self.subfields if (text := clean(value))])
        return texts

    def first(self, code: str) -> str:
        """The first subfield of that code, cleaned; "" when the field has none."""
        for own, value in self.subfields:
            if own == code:
                return clean(value)
        return ""

    def all(self, codes: str) -> list[str]:
        """The subfields of these codes in field order, cleaned, empty ones left out."""
        return [text for own, text in self._texts or self._cleaned() if own in codes]

    def joined(self, codes: str, separator: str = " ") -> str:
        """The subfields of these codes in field order as one text."""
        joined = ""
        for own, text in self._texts or self._cleaned():
            if own in codes:
                joined = f"{joined}{separator}{text}" if joined else text
        return joined


class Marc:
    """A record's leader, control fields and data fields by tag.

    ``repairs`` says in words what was mended before it could be read; ``charset`` is what its bytes were found to be
    (``ascii``, ``utf-8``, …), "" for XML; ``replacements`` counts the characters lost (U+FFFD). ``control_fields`` and
    ``data_fields`` are everything it was made of, in its order; everywhere else, fields that a library's file tells to
    ignore are not there, nor their 880s. ``orphans`` are the 880s that name no field: whose they are is not known.
    """

    __slots__ = (
        "_control",
        "_data",
        "_linked",
        "_readings",
        "_unlinked",
        "charset",
        "control_fields",
        "data_fields",
        "leader",
        "orphans",
        "repairs",
        "replacements",
    )

    def __init__(
        self,
        leader: str,
        control: Iterable[tuple[str, str]],
        data: Iterable[Field],
        repairs: Iterable[str] = (),
        *,
        charset: str = "",
        ignore: Iterable[str] = (),
        replacements: int = 0,
    ) -> None:
        self.leader = leader.ljust(24)[:24]
        self.repairs = tuple(repairs)
        self.charset = charset
        self.replacements = replacements
        self.control_fields = tuple(control)
        self.data_fields = tuple(data)
        self._control: dict[str, list[str]] = {}
        self._data: dict[str, list[Field]] = {}
        for tag, value in self.control_fields:
            self._control.setdefault(tag, []).append(value)
        by_tag = self._data
        for field in self.data_fields:
            if field[0] in by_tag:
                by_tag[field[0]].append(field)
            else:
                by_tag[field[0]] = [field]
        ignored = tuple(ignore)
        for tag in ignored:
            self._control.pop(tag, None)
            by_tag.pop(tag, None)
        self.orphans: tuple[Field, ...] = ()
        self._linked: dict[tuple[str, str], Field] = {}
        self._readings: dict[tuple[str, str], Field] = {}
        self._unlinked: dict[str, list[Field]] = {}
        if "880" in by_tag:
            if ignored:
                by_tag["880"] = [field for field in by_tag["880"] if field.first("6").strip()[:3] not in ignored]
            self._link()

    def _link(self) -> None:
        regular = {
            (tag, occurrence): field
            for tag, fields in self._data.items()
            if tag != "880"
            for field in fields
            if (occurrence := _occurrence(field))
        }
        orphans: list[Field] = []
        scripts: dict[tuple[str, str], str] = {}
        for field in self._data["880"]:
            link = _LINK.match(field.first("6"))
            if link is None or link.group("tag") == "880":
                orphans.append(field)
                continue
            key = link.group("tag"), link.group("occurrence").zfill(2)
            if key in regular and key not in scripts:
                scripts[key] = _script(regular[key])
            if key in regular and _tells_reading(field, scripts[key]):
                self._link_reading(key, field)
            elif key in regular and key not in self._linked:
                self._linked[key] = field
            else:
                # Occurrence 00 is unlinked by rule; one that points nowhere is still a title, a name, a subject.
                self._unlinked.setdefault(key[0], []).append(field)
        self._link_by_number(orphans, regular)
        for tag in _ONCE if self._unlinked else ():
            self._link_the_only_one(tag)

    def _link_reading(self, key: tuple[str, str], field: Field) -> None:
        """Takes an 880 that says how a field in an original script reads: Latin letters are its other form, else kana.

        What is not in Latin letters is kept beside: of a title as a title of its own, which is found; of a name, which
        would stand in the record twice, for `reading`.
        """
        linked = self._linked.get(key)
        if linked is None or _likeness_to_letters(field) > _likeness_to_letters(linked):
            self._linked[key] = field
        if _in_latin(field):
            return
        if key[0] in _TITLES:
            self._unlinked.setdefault(key[0], []).append(field)
        else:
            self._readings.setdefault(key, field)

    def _link_by_number(self, orphans: list[Field], regular: Iterable[tuple[str, str]]) -> None:
        """Puts an 880 whose $6 repeats the field's own (``880-01``) with the one field that asks for that number."""
        without: list[Field] = []
        for field in orphans:
            link = _LINK.match(field.first("6"))
            number = link.group("occurrence").zfill(2) if link else ""
            asking = [key for key in regular if key[1] == number]
            if len(asking) == 1 and asking[0] not in self._linked:
                self._linked[asking[0]] = field
            else:
                without.append(field)
        if without:
            self.orphans = tuple(without)
            self.repairs = (*self.repairs, _WITHOUT_FIELD)

    def _link_the_only_one(self, tag: str) -> None:
        """Puts the first 880 that nothing links, in another script or in kana, with the only field of its tag."""
        fields = self._data.get(tag, ())
        if len(fields) != 1 or tag not in self._unlinked:
            return
        key = (tag, _occurrence(fields[0]))
        alone = self._unlinked[tag]
        other = next((field for field in alone if _in_latin(field) != _in_latin(fields[0])), None)
        if other is not None and key not in self._linked:
            self._linked[key] = other
            alone.remove(other)
        if not is_kana(_text(fields[0])) and (kana := next((field for field in alone if is_kana(_text(field))), None)):
            alone.remove(kana)
            self._link_reading(key, kana)
        if not alone:
            self._unlinked.pop(tag)

    def control(self, tag: str) -> str:
        """The first control field of that tag, "" when there is none."""
        values = self._control.get(tag)
        return values[0] if values else ""

    def controls(self, tag: str) -> list[str]:
        return self._control.get(tag, [])

    def field(self, *tags: str) -> Field | None:
        """The first field of the first of these tags that the record has."""
        for tag in tags:
            if fields := self._data.get(tag):
                return fields[0]
        return None

    def fields(self, *tags: str) -> list[Field]:
        """The fields of these tags, in the order of the tags given."""
        if len(tags) == 1:
            return self._data.get(tags[0], [])
        return [field for tag in tags if tag in self._data for field in self._data[tag]]

    def pairs(self, *tags: str) -> Iterable[tuple[Field, Field | None]]:
        """The fields of these tags, each with its other form: (vernacular, romanised or None).

        Where only one form is given it comes first, whatever its script. An 880 that no field points to is the other
        form of a field that a book has once, where that is in another script; else it comes as a field of its own
        after the others of its tag, under the tag it names.
        """
        if not self._linked and not self._unlinked:
            data = self._data
            if len(tags) == 1:
                return [(field, None) for field in data.get(tags[0], ())]
            return [(field, None) for tag in tags if tag in data for field in data[tag]]
        return self._pairs(tags)

    def _pairs(self, tags: Iterable[str]) -> Iterator[tuple[Field, Field | None]]:
        for tag in tags:
            for field in self._data.get(tag, ()):
                other = self._linked.get((tag, _occurrence(field)))
                if other is None:
                    yield field, None
                else:
                    other = other._replace(tag=tag)
                    if _in_latin(field):
                        yield other, field
                    elif _in_latin(other):
                        yield field, other
                    elif is_kana(_text(other)):
                        yield field, _spelt(other)
                    elif _tells_reading(other, _script(field)):
                        yield field, None if tag in _NAMES else other
                    else:
                        yield other, field
            for field in self._unlinked.get(tag, ()):
                yield field._replace(tag=tag), None

    def reading(self, field: Field) -> Field | None:
        """How a field in an original script reads, in kana or in another script than Latin; None where nothing says."""
        if not self._readings:
            return None
        return self._readings.get((field.tag, _occurrence(field)))

    def unlinked(self, tag: str) -> list[Field]:
        """The 880s of that tag which stand for a field the record does not have, under the tag they name."""
        return [field._replace(tag=tag) for field in self._unlinked.get(tag, ())]

    def tags(self) -> tuple[str, ...]:
        """The tags the record has, and those that its 880s stand for alone."""
        return (*self._control, *self._data, *self._unlinked)

    def has(self, tag: str) -> bool:
        return tag in self._data or tag in self._control

    @property
    def has_other_forms(self) -> bool:
        """Whether the record gives anything in a second script (880)."""
        return bool(self._linked or self._unlinked)

    def has_any(self, tags: frozenset[str]) -> bool:
        """Whether the record has a data field of any of these tags, be it an 880 alone."""
        return not tags.isdisjoint(self._data) or (bool(self._unlinked) and not tags.isdisjoint(self._unlinked))

    def value(self, path: str) -> str:
        """What stands at ``001`` or at ``090$a``; "" when there is nothing."""
        tag, _, code = path.partition("$")
        if not code:
            value = self.control(tag)
            return clean(value) if value else next((f.joined("a") for f in self.fields(tag)), "")
        return next((text for field in self.fields(tag) if (text := field.first(code))), "")


def _occurrence(field: Field) -> str:
    for code, value in field.subfields:
        if code == "6":
            link = _LINK.match(value)
            return link.group("occurrence").zfill(2) if link and link.group("tag") == "880" else ""
    return ""


def _in_latin(field: Field) -> bool:
    return is_romanised(_text(field)[:_LOOKED_AT])


def _text(field: Field) -> str:
    return " ".join(value for code, value in field.subfields if code != "6")


def _tells_reading(field: Field, own: str) -> bool:
    """Whether an 880 tells how the field it belongs to, of the script ``own``, reads: that one is the original."""
    if own == _LATIN:
        return False
    return own == _ORIGINAL or _likeness_to_letters(field) > 0


_LATIN, _MIXED, _KANA, _ORIGINAL = "latin", "mixed", "kana", "original"


def _script(field: Field) -> str:
    """What a field is written in; one in letters with some ideographs among them is a romanised one, and mixed."""
    text = _text(field)[:_LOOKED_AT]
    if is_romanised(text):
        return _LATIN
    if is_kana(text):
        return _KANA
    letters = [is_romanised(char) for char in text if char.isalpha()]
    return _ORIGINAL if sum(letters) * 2 < len(letters) else _MIXED


def _likeness_to_letters(field: Field) -> int:
    return 2 if _in_latin(field) else int(is_kana(_text(field)[:_LOOKED_AT]))


def _spelt(field: Field) -> Field:
    """A reading in kana as one in Latin letters."""
    capital = str.title if field.tag[0] in "17" or field.tag == "600" else _with_capital
    spelt = ((code, capital(kana_in_letters(value)) if is_kana(value) else value) for code, value in field.subfields)
    return field._replace(subfields=tuple(spelt))


def _with_capital(text: str) -> str:
    return text[:1].upper() + text[1:]
