"""Why a library's system did not answer, in the words of a page."""

from __future__ import annotations

import pytest

from search_api.members.failure import failure_in_words
from search_api.texts import texts

SAID = [
    ("no answer within 1.5 s", "1.5秒內未回應"),
    ("alpha: no connection within 2 s", "2秒內未回應"),
    ("could not be reached (ConnectionRefusedError)", "連不上"),
    ("answered HTTP 503", "回覆HTTP錯誤503"),
    ("cannot be entered: HAIFENG_KEY is not set in the environment", "未設定環境變數HAIFENG_KEY"),
    ("does not know record b123", "查無紀錄b123"),
    ("answered something that is not JSON", "回覆內容無法解讀（something that is not JSON）"),
    ("says that it is off-line", "says that it is off-line"),
]


@pytest.mark.parametrize(("failure", "shown"), SAID, ids=[failure for failure, _ in SAID])
def test_a_failure_is_said_in_chinese_or_as_it_stands(failure: str, shown: str) -> None:
    assert failure_in_words(failure, texts("zh-Hant")) == shown


def test_a_failure_is_said_in_english_too() -> None:
    assert failure_in_words("alpha: no answer within 2 s", texts("en")) == "no answer within 2 s"
