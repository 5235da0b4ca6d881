from __future__ import annotations

import pytest

from indexer.schemes import scheme_named, thesaurus_is_known, thesaurus_named


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("ncsclt", "ncsclt"),
        ("CCL", "ncsclt"),
        ("中文圖書分類法", "ncsclt"),
        ("中國圖書分類法", "ncsclt"),
        ("賴永祥", "ncsclt"),
        ("增訂七版", "ncsclt"),
        ("2007年版", "ncsclt"),
        ("何日章", "ho"),
        ("中國圖書十進分類法", "ho"),
        ("中國圖書館分類法", "clc"),
        ("中图法", "clc"),
        ("dcc22", "ddc"),
        ("杜威十進分類法", "ddc"),
        ("njb/09", "ndc"),
        ("日本十進分類法", "ndc"),
        ("kdcp5", "kdc"),
        ("國際十進分類法", "udc"),
        ("ndlc", ""),
        ("22", ""),
        ("", ""),
    ],
)
def test_a_scheme_is_known_by_code_and_by_name(text: str, scheme: str) -> None:
    assert scheme_named(text) == scheme


@pytest.mark.parametrize(
    ("text", "thesaurus", "why"),
    [
        ("csht", "csht", "MARC's code"),
        ("csht.", "csht", "with a full stop behind it"),
        ("csh", "csht", "CMARC's code of 中文圖書標題總目"),
        ("cst", "lcstt", "CMARC's code of 中文主題詞表"),
        ("中文主題詞表", "lcstt", "by its name"),
        ("lc", "lcsh", "as CMARC writes it"),
        ("Rameau", "ram", "UNIMARC's code"),
        ("Ours", "ours", "no table knows it"),
        ("", "", "not stated"),
    ],
)
def test_a_thesaurus_is_known_by_the_codes_of_either_dialect(text: str, thesaurus: str, why: str) -> None:
    assert thesaurus_named(text) == thesaurus, why


@pytest.mark.parametrize(
    ("text", "known", "why"),
    [
        ("lcsh", True, "of MARC's list"),
        ("YSO/swe", True, "with its language, in capitals"),
        ("中文主題詞表", True, "by its name"),
        ("qqsh", False, "of nobody's"),
        ("", False, "none"),
    ],
)
def test_a_thesaurus_is_known_by_its_code(text: str, known: bool, why: str) -> None:
    assert thesaurus_is_known(text) is known, why
