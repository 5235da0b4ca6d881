"""Which records share a work key, and which must not: over-merging a work is worse than missing one."""

from __future__ import annotations

from typing import Any

import pytest

from indexer.profile import profile
from indexer.record import Agent, Format, Record, Title
from indexer.work_keys import WorkKeys, work_keys
from tests.support.records import make_record


def _keys(record: Record) -> WorkKeys:
    return work_keys(record, profile(record))


def _emma(title: str | Title = "Emma", **fields: Any) -> Record:
    return make_record(title, **{"author": "Austen, Jane", "language": "eng", **fields})


def _dream(title: str | Title = "紅樓夢", **fields: Any) -> Record:
    return make_record(title, **{"author": Agent("曹雪芹", role="aut"), "language": "chi", **fields})


PSYCHOLOGISTS = Agent("American Psychological Association", kind="corporate", role="aut")


def _prince(title: str, original: str = "Le petit prince", **fields: Any) -> Record:
    titles = (Title(title), Title(original, kind="uniform"))
    return make_record(title, **{"titles": titles, "language": "chi", **fields})


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (_emma(year=1816), _emma(year=2003, publisher="Penguin"), "another year and house"),
        (_emma(), _emma(format=Format.EBOOK), "other formats of one text"),
        (_emma(), _emma(format=Format.AUDIOBOOK), "read aloud it is the same text"),
        (_emma("The Emma"), _emma("Emma"), "the article is no word of the title"),
        (_emma("Emma : a novel"), _emma(), "a subtitle typed behind the title"),
        (_emma(other="a novel"), _emma(), "a subtitle says what kind of text it is"),
        (_emma(author="Austen, J."), _emma(), "given names are cut short"),
        (_emma(author="Jane Austen"), _emma(), "or stand in front"),
        (_dream(), _dream("红楼梦"), "Traditional and Simplified"),
        (_dream(), _dream("Hong lou meng", author=Agent("Cao, Xueqin", role="aut")), "romanised and vernacular"),
        (_dream(), _dream("Hung lou meng", author=Agent("Ts'ao, Hsüeh-ch'in", role="aut")), "Wade–Giles"),
        (
            _prince("小王子", author=Agent("聖修伯里", role="aut", original="Saint-Exupéry, Antoine de")),
            _prince("小小王子", author=Agent("聖埃克絮佩里", role="aut", original="Saint-Exupéry, Antoine de")),
            "translations into one language, by the original title",
        ),
        (
            _emma("Introduction to algorithms", edition="2nd ed."),
            _emma("Introduction to algorithms", edition="4th ed."),
            "what stands in the title itself is its title",
        ),
        (_emma(languages=("eng", "chi")), _emma(languages=("chi", "eng")), "two books in the same two languages"),
        (_dream("紅樓夢校注"), _dream(), "an author's text that somebody annotated"),
        (_dream("紅樓夢八十回校本"), _dream(), "or established"),
        (_dream(other="上冊"), _dream(part="上"), "a volume told where a subtitle stands"),
        (
            _emma("Publication manual", author=PSYCHOLOGISTS, edition="6th ed."),
            _emma("Publication manual", author=PSYCHOLOGISTS, edition="Seventh edition"),
            "a body's book in its later editions",
        ),
        (
            _dream("好餓的毛毛蟲", author=Agent("艾瑞卡爾", role="art")),
            _dream("好餓的毛毛蟲", author=Agent("艾瑞卡爾", role="art"), year=2019),
            "who alone is named for a picture book",
        ),
        (
            _emma("English grammar", other="for students of English"),
            _emma("English grammar", other="for learners of English"),
            "whom a book is for",
        ),
    ],
)
def test_editions_of_one_text_share_a_key(one: Record, other: Record, why: str) -> None:
    first, second = _keys(one), _keys(other)
    assert {*first.own, *first.originals} & {*second.own, *second.originals}, why


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (_emma(), _emma(language="fre"), "a translation is another text"),
        (_emma(), _emma(author="Tennant, Emma"), "another writer's book of that name"),
        (_emma(), _emma("Emma and Knightley"), "another title"),
        (_emma(), _emma(languages=("eng", "chi")), "a text beside its translation"),
        (_dream(), _dream(other="上冊"), "a volume and the whole"),
        (_emma(), _emma(other="student's book"), "a book for pupils that bears the title"),
        (_emma(), _emma(other="York notes"), "a guide that bears the title"),
        (_emma(), _emma(other="a graphic novel"), "a graphic novel of it"),
        (_emma(), _emma(edition="Abridged ed."), "an abridgement"),
        (_emma(edition="Abridged ed."), _emma(edition="Abridged ed."), "two abridgements are two people's"),
        (_emma(), _emma(responsibility="Jane Austen ; retold by Margaret Tarner"), "told by another"),
        (_emma(), _emma(notes=("Abridged from the original.",)), "an abridgement that only a note tells of"),
        (_emma(), _emma("Emma ; Persuasion"), "several novels in one book"),
        (
            _emma(),
            _emma(titles=(Title("Emma"), Title("Emma", kind="uniform"), Title("Persuasion", kind="uniform"))),
            "several novels in one book, told by their original titles",
        ),
        (_emma(other="level 5"), _emma(), "a graded reader"),
        (_emma(), _emma(format=Format.FILM), "a film of it"),
        (_emma(), _emma(format=Format.COMIC), "a comic of it"),
        (_emma(part="Volume 1"), _emma(), "a volume against the whole"),
        (_emma(part="Volume 1"), _emma(part="Volume 2"), "two volumes"),
        (_emma(Title("Emma", part_name="The first book")), _emma(Title("Emma", part_name="The last")), "named parts"),
        (_dream(), _dream(other="導讀"), "導讀 is a guide"),
        (_dream(other="基礎篇"), _dream(other="進階篇"), "two books of one title"),
        (
            _emma(),
            make_record("Emma", language="eng", agents=(Agent("Austen, Jane", role="aut"), Agent("X", role="adp"))),
            "adapted by somebody",
        ),
    ],
)
def test_other_texts_share_none(one: Record, other: Record, why: str) -> None:
    first, second = _keys(one), _keys(other)
    assert first.own, "else the test says nothing"
    assert not {*first.own, *first.originals} & {*second.own, *second.originals}, why


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (_emma("Poems"), "many books bear this title"),
        (_emma("The complete novels of Jane Austen"), "with its maker's name too"),
        (_emma("Works"), "generic"),
        (_emma("Letters, volume two"), "generic"),
        (_dream("全集"), "generic"),
        (_dream("曹雪芹全集"), "with its maker's name before it"),
        (_dream("短篇小說選"), "generic"),
        (_emma("Annual report"), "generic"),
        (_emma("Jane Austeni opera"), "in the genitive"),
        (_emma(author=""), "nobody wrote it"),
        (_emma("Acts", author=Agent("Hampshire", "corporate", "aut")), "a body publishes another every year"),
        (_emma(language=""), "no language"),
        (_emma(languages=("eng", "fre", "ger")), "in three languages"),
        (_emma(author=Agent("Brown, E.", role="edt")), "an editor gathers, and gathers others the next year"),
        (_emma(format=Format.SERIAL), "a serial is one for itself"),
        (_emma(format=Format.SOUND), "of music every recording is another"),
        (_emma(format=Format.SCORE), "titles of scores are forms and numbers"),
    ],
)
def test_what_is_not_safe_to_group_has_no_key(record: Record, why: str) -> None:
    assert _keys(record).own == (), why


def test_a_title_of_numbers_is_a_title() -> None:
    assert _keys(_emma("1984")).own


def test_a_volume_knows_the_keys_of_its_set_and_links_by_its_own() -> None:
    volume, whole = _keys(_emma(part="Volume 1")), _keys(_emma())
    assert set(volume.whole) == set(whole.own)
    assert whole.whole == ()
    assert set(volume.own) == set(_keys(_emma(part="v. 1", year=1999)).own)


def test_a_record_tells_that_it_is_a_part_or_of_another_text() -> None:
    assert not _keys(_emma()).told
    assert _keys(_emma(part="Volume 1")).told
    assert _keys(_emma(other="a graphic novel")).told
