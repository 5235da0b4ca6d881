from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.bodies import body
from indexer.names import others_in


@pytest.mark.parametrize(
    ("written", "name", "role", "why"),
    [
        ("臺灣銀行編", "臺灣銀行", "edt", "a role behind it"),
        ("臺灣銀行", "臺灣銀行", "", "none"),
        ("臺灣銀行 編", "臺灣銀行", "edt", "behind a blank"),
        ("臺灣銀行(編)", "臺灣銀行", "edt", "in brackets"),
        ("國立編譯館編譯", "國立編譯館", "trl", "a role that its name holds too"),
        ("國立編譯館", "國立編譯館", "", "which stays"),
        ("編譯館", "編譯館", "", "however short"),
        ("國家圖書館主編", "國家圖書館", "edt", "two characters of role"),
        ("行政院新聞局編印", "行政院新聞局", "edt", "one that only bodies have"),
        ("教育部. 國立編譯館編", "教育部. 國立編譯館", "edt", "behind its part"),
        ("(日本)文部省編", "文部省", "edt", "its country"),
        ("（日本)文部省", "文部省", "", "in brackets of two widths"),
        ("(財)國家政策研究基金會", "(財)國家政策研究基金會", "", "what it is by law stays"),
        ("財團法人某基金會等編", "財團法人某基金會", "edt", "and others"),
        ("臺北市立圖書館等", "臺北市立圖書館", "", "who did nothing in particular"),
        ("臺北第一高等", "臺北第一高等", "", "a kind of school"),
        ("文建會", "文建會", "", "a short name"),
        ("文建會編", "文建會", "edt", "and its role"),
        ("臺灣書局", "臺灣書局", "", "a house"),
        ("時報出版", "時報出版", "", "houses call themselves so"),
        ("中央編譯", "中央編譯", "", "two characters remain"),
        ("國際翻譯", "國際翻譯", "", "what it does is its name"),
        ("世界名著", "世界名著", "", "a word that ends in a role"),
        ("漢聲雜誌社編輯部", "漢聲雜誌社編輯部", "", "a department"),
        ("教育部編;國立編譯館譯", "教育部", "edt", "the first of two"),
        ("國家圖書館策劃", "國家圖書館", "pdr", "behind the end of a body's name"),
        ("教育部出版", "教育部", "pbl", "what publishers do too"),
        ("公共電視臺製作", "公共電視臺", "pro", "what producers do"),
        ("教育部發行", "教育部", "pbl", "distribution"),
        ("文建會出品", "文建會", "prn", "a short name"),
        ("教育部指導", "教育部", "oth", "guidance is no thesis"),
        ("臺灣史蹟研究會整理", "臺灣史蹟研究會", "com", "what compilers do"),
        ("國立故宮博物院編審", "國立故宮博物院", "edt", "no house is called so"),
        ("國立編譯館編校", "國立編譯館", "edt", "nor so"),
        ("行政院新聞局監製", "行政院新聞局", "pro", "nor so"),
        ("臺北市政府承辦", "臺北市政府", "orm", "a host"),
        ("社會局 主辦", "社會局", "orm", "behind a blank"),
        ("遠流(出版)", "遠流", "pbl", "in brackets"),
        ("教育部翻譯", "教育部", "trl", "behind a department's name"),
        ("遠流出版", "遠流出版", "", "a house"),
        ("大地企劃", "大地企劃", "", "another"),
        ("智識出版社", "智識出版社", "", "a name that goes on"),
        ("臺北發行所", "臺北發行所", "", "so does this"),
        ("中影製作公司", "中影製作公司", "", "and this"),
        ("教育部指導委員會", "教育部指導委員會", "", "and this"),
        ("IFLA", "IFLA", "", "in Latin letters"),
        ("", "", "", "nothing"),
    ],
)
def test_a_body_is_told_from_what_stands_around_its_name(written: str, name: str, role: str, why: str) -> None:
    found = body(written)
    assert (found.name, found.role) == (name, role), why


def test_a_heading_may_name_other_bodies_too() -> None:
    found = list(others_in("教育部編, 國立編譯館譯", "corporate", body))
    assert [(one.name, one.kind, one.role) for one in found] == [("國立編譯館", "corporate", "trl")]
    assert list(others_in("教育部, 國立編譯館", "corporate", body)) == []
    together = [(one.name, one.role) for one in others_in("中央研究院、故宮博物院合編", "corporate", body)]
    assert together == [("故宮博物院", "edt")]
    assert list(others_in("文化、教育基金會編", "corporate", body)) == []


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="臺灣銀行(日本)（）[ ]編譯等著；;，,．A-z"))
def test_no_body_fails_and_none_grows(text: str) -> None:
    assert len(body(text).name) <= len(text)
