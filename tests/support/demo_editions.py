"""An edition of the demo consortium with every fact given, to be varied by tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fixtures.consortium.editions import Creator, Edition

_EDITION = Edition(
    key="honglou",
    work="honglou",
    title="紅樓夢校注: 臺灣版",
    other="附圖",
    romanised="Honglou meng jiao zhu",
    part_number="",
    part_name="",
    uniform="",
    variants=("石頭記",),
    responsibility="曹雪芹原著 ; 馮其庸等校注",
    creators=(
        Creator("曹雪芹", "Cao, Xueqin", "aut", "approximately 1717-1763"),
        Creator("馮其庸", "Feng, Qiyong", "edt", "1924-2017"),
    ),
    edition="初版",
    place="臺北市",
    place_romanised="Taibei Shi",
    publisher="里仁書局",
    publisher_romanised="Liren shu ju",
    year=1984,
    end_year=None,
    extent="1285面",
    series="古典小說",
    series_number="3",
    language="chi",
    script="Hant",
    original_language="",
    country="ch",
    format="book",
    isbns=("9789570835878",),
    issn="",
    subjects_zh=("中國小說 -- 清代",),
    subjects_en=("Chinese fiction -- Qing dynasty, 1644-1912",),
    classes={"ncsclt": "857.49", "ddc": "895.1348", "lcc": "PL2727.S2"},
    summary="大觀園的故事。",
    holders=(),
)


def an_edition(**facts: Any) -> Edition:
    """A Chinese novel with every fact given, but for those named."""
    return replace(_EDITION, **facts)
