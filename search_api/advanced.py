"""The advanced form: its fields as one query, as patrons could have typed it, and back.

    title: 紅樓夢, creator: 曹雪芹, any: 校注 評論, without: 影  ⇄  題名:紅樓夢 作者:曹雪芹 校注 OR 評論 -影

What the form has no field for stays, as typed, among the words that must all occur.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace

from indexer.engine import SearchField
from indexer.query_fields import FIELD_NAMES
from search_api.search_params import SearchParams

FIELDS: tuple[SearchField, ...] = ("title", "creator", "subject", "series", "publisher", "isbn", "call_number")
"""The form's fields, in its order."""

MAX_WORDS_LENGTH = 200
"""Characters in one field of the form."""

_NAMES: Mapping[str, Mapping[SearchField, str]] = {
    "zh-Hant": {
        "title": "題名",
        "creator": "作者",
        "subject": "主題",
        "series": "叢書",
        "publisher": "出版者",
        "isbn": "isbn",
        "call_number": "索書號",
    },
    "en": {
        "title": "title",
        "creator": "author",
        "subject": "subject",
        "series": "series",
        "publisher": "publisher",
        "isbn": "isbn",
        "call_number": "call",
    },
}
"""What fields are called in a query, in each interface language."""

_WHOLE = ("isbn", "call_number")
"""Fields whose value is one thing, spaces and all."""

_PIECE = re.compile(r"(?P<minus>-?)(?:(?P<name>[^\W\d][\w-]{0,14}):)?(?:\"(?P<quoted>[^\"]*)\"|(?P<word>[^\s\"]+))")
_OR = re.compile(r"(?<!\S)(?:OR|\|)(?!\S)")
_QUOTES = str.maketrans("“”„「」『』", '"""""""')


@dataclass(frozen=True, slots=True)
class Advanced:
    """What the form's fields hold, each as typed."""

    all: str = ""
    phrase: str = ""
    any: str = ""
    without: str = ""
    title: str = ""
    creator: str = ""
    subject: str = ""
    series: str = ""
    publisher: str = ""
    isbn: str = ""
    call_number: str = ""

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]]) -> Advanced:
        """The form as a browser sends it; names that are none of its fields are left to others."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value.strip()[:MAX_WORDS_LENGTH] for name, value in pairs if name in known})

    def query(self, language: str) -> str:
        """The form as a query, with the names of fields as an interface language has them."""
        return " ".join(filter(None, self._parts(language)))

    def _parts(self, language: str) -> Iterator[str]:
        yield self.all
        yield f'"{phrase}"' if (phrase := _plain(self.phrase)) else ""
        # In small letters: a query in capitals alone is taken for shouting, its OR for a word.
        yield " OR ".join(piece.lower() for piece in _pieces(self.any))
        for field in FIELDS:
            name, value = _NAMES[language][field], getattr(self, field)
            if field in _WHOLE:
                whole = _plain(value)
                yield f"{name}:" + (f'"{whole}"' if " " in whole else whole) if whole else ""
            else:
                yield from _in_field(name, value)
        yield from (f"-{piece.lstrip('-')}" for piece in _pieces(self.without))


def _in_field(name: str, text: str) -> Iterator[str]:
    """The words of one field, each with its name; what stands beside an OR keeps it: ``title:a OR title:b``."""
    sides = [_pieces(side) for side in _OR.split(text)]
    sides = [side for side in sides if side]
    for at, side in enumerate(sides):
        if at:
            yield "OR"
        for place, piece in enumerate(side):
            beside = (at and not place) or (at + 1 < len(sides) and place + 1 == len(side))
            # In small letters beside an OR, as of any words above.
            yield f"{name}:{piece.lower() if beside else piece}"


def _plain(text: str) -> str:
    return " ".join(text.translate(_QUOTES).replace('"', " ").split())


def _pieces(text: str) -> list[str]:
    """The words of a text, and what it quotes, each as it would be typed; operators are no words here."""
    found = _PIECE.finditer(text.translate(_QUOTES))
    pieces = (f'"{_plain(one["quoted"])}"' if one["quoted"] is not None else one["word"].lstrip("-") for one in found)
    return [piece for piece in pieces if piece.strip('"') and piece not in {"OR", "AND", "NOT", "|"}]


def opened(params: SearchParams) -> Advanced:
    """The form filled with a search: its query taken apart, and the words of parameters that are fields."""
    form = _taken_apart(params.q)
    stated = {name: text for name in FIELDS if (text := getattr(params, name))}
    return replace(form, **{name: " ".join(filter(None, (getattr(form, name), text))) for name, text in stated.items()})


def _taken_apart(query: str) -> Advanced:
    """A query as the form's fields; as typed where the form could not say the same."""
    held: dict[str, list[str]] = {}
    tokens = list(_PIECE.finditer(query.translate(_QUOTES)))
    place = 0
    while place < len(tokens):
        side = tokens[place]
        choices = [side]
        while place + 2 < len(tokens) and _is_or(tokens[place + 1]):
            choices.append(tokens[place + 2])
            place += 2
        place += 1
        if len(choices) > 1:
            if "any" in held or any(one["minus"] or one["name"] for one in choices):
                return Advanced(all=query)
            held["any"] = [_written(one) for one in choices]
        elif _is_or(side) or side.group() in {"NOT", "AND"} or (side["minus"] and side["name"]):
            return Advanced(all=query)
        else:
            field, text = _where(side, held)
            held.setdefault(field, []).append(text)
    return Advanced(**{name: " ".join(texts) for name, texts in held.items()})


def _where(one: re.Match[str], held: Mapping[str, object]) -> tuple[str, str]:
    """The field of the form that a piece of a query belongs to, and what stands there."""
    if one["minus"]:
        return "without", _written(one)
    field = FIELD_NAMES.get((one["name"] or "").casefold())
    if field in FIELDS:
        return field, one["quoted"] if field in _WHOLE and one["quoted"] else _written(one)
    if one["quoted"] and not one["name"] and "phrase" not in held:
        return "phrase", one["quoted"]
    return "all", one.group()


def _written(one: re.Match[str]) -> str:
    return f'"{one["quoted"]}"' if one["quoted"] is not None else one["word"]


def _is_or(one: re.Match[str]) -> bool:
    return one.group() in {"OR", "|"}
