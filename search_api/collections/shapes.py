"""Collections compared, from the domain to the API's JSON."""

from __future__ import annotations

from collections.abc import Callable

from search_api.collections.compared import Compared, Part, share
from search_api.collections.held import Line, Lines
from search_api.collections.themes import Spread
from search_api.labels import Labels
from search_api.result_json import edition_url
from search_api.schemas import collections as schemas

Names = Callable[[str], dict[str, str]]
"""What a library is called in each language."""


def compared_body(compared: Compared, names: Names, *, current: bool) -> schemas.ComparedBody:
    return schemas.ComparedBody(
        scope=compared.scope,
        made_at=compared.made_at,
        seconds=compared.seconds,
        current=current,
        whole=_part(compared.whole),
        held_by=dict(compared.held_by),
        members=tuple(
            schemas.MemberFiguresBody(
                library=one.library,
                name=names(one.library),
                held=_part(one.held),
                unique=_part(one.unique),
                unique_share=one.unique_share,
                last_of_work=one.last_of_work,
                shared=dict(one.shared),
            )
            for one in compared.members
        ),
    )


def _part(part: Part) -> schemas.PartBody:
    return schemas.PartBody(editions=part.editions, by={axis: dict(counts) for axis, counts in part.by.items()})


def lines_body(library: str, lines: Lines) -> schemas.HeldLinesBody:
    return schemas.HeldLinesBody(
        library=library, total=lines.total, lines=tuple(map(_line, lines.lines)), cursor=lines.cursor
    )


def _line(line: Line) -> schemas.HeldLineBody:
    edition = line.edition
    isbns = (i.value.value for i in edition.identifiers if i.value.kind == "isbn" and i.value.valid)
    return schemas.HeldLineBody(
        edition=edition.id,
        url=edition_url(edition.id),
        title=edition.title.proper if edition.title else "",
        responsibility=edition.responsibilities[0].value if edition.responsibilities else "",
        publisher=edition.imprints[0].value.publisher if edition.imprints else "",
        year=edition.year,
        format=edition.format,
        languages=edition.languages,
        isbns=tuple(dict.fromkeys(isbns)),
        libraries=line.libraries,
        others=line.others,
        shelves=tuple(schemas.ShelfBody.model_validate(shelf) for shelf in line.shelves),
        copies=line.copies,
        coming=line.coming,
    )


def spread_body(spread: Spread, sizes: dict[str, int], names: Names) -> schemas.SpreadBody:
    return schemas.SpreadBody(
        code=spread.theme.code,
        name=dict(spread.theme.name),
        scope=spread.scope.address,
        editions=spread.editions,
        members=tuple(
            schemas.SpreadMemberBody(
                library=code,
                name=names(code),
                editions=count,
                unique=spread.unique.get(code, 0),
                share=share(count, sizes.get(code, 0)),
                of_theme=share(count, spread.editions),
                focus=code in spread.theme.focus,
            )
            for code, count in spread.held.items()
        ),
    )


def names_in(labels: dict[str, Labels]) -> Names:
    """The names of libraries in the languages of these labels."""
    return lambda code: {language: one.library(code) for language, one in labels.items()}
