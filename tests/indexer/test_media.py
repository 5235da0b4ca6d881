from __future__ import annotations

import pytest

from indexer.media import medium_coded, medium_named
from indexer.record import Format


@pytest.mark.parametrize(
    ("designation", "form", "why"),
    [
        ("[錄影資料]", Format.FILM, "as CMARC and AACR2 in Chinese have it"),
        ("videorecording", Format.FILM, "in English"),
        ("錄音資料", Format.SOUND, "a recording"),
        ("[sound recording]", Format.SOUND, "in English"),
        ("有聲書", Format.AUDIOBOOK, "a book read aloud, before recordings in general"),
        ("樂譜", Format.SCORE, "music to play"),
        ("地圖資料", Format.MAP, "maps"),
        ("[game]", Format.GAME, "a game"),
        ("桌遊", Format.GAME, "by its short name"),
        ("[kit]", Format.KIT, "things of several kinds"),
        ("投影片", Format.PICTURE, "slides"),
        ("[electronic resource]", None, "text on a screen is an e-book, by its carrier"),
        ("電子資源", None, "in Chinese"),
        ("[microfilm]", None, "no film"),
        ("[text (large print)]", None, "text"),
        ("", None, "nothing stated"),
    ],
)
def test_a_designation_names_a_medium(designation: str, form: Format | None, why: str) -> None:
    assert medium_named(designation) is form, why


@pytest.mark.parametrize(
    ("codes", "form", "why"),
    [
        (["spw"], Format.AUDIOBOOK, "spoken"),
        (["prm"], Format.SOUND, "performed music"),
        (["tdi"], Format.FILM, "moving pictures"),
        (["ntm"], Format.SCORE, "notated music"),
        (["cri"], Format.MAP, "a cartographic image"),
        (["txt", "spw"], None, "a book with its recording is a book"),
        (["sti"], None, "pictures alone may be a picture book"),
        ([], None, "nothing stated"),
    ],
)
def test_a_content_type_names_a_medium(codes: list[str], form: Format | None, why: str) -> None:
    assert medium_coded(codes) is form, why
