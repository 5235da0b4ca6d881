"""Companions: books that go with another and bear its title, told from it by a word in theirs.

A study guide, the answers, a workbook or a teacher's book is never an edition of the book it serves. A word counts
only where a title has more than it: 問題集 alone is a book of problems.
"""

from __future__ import annotations

import re

_CHINESE = re.compile(
    "題解|题解|解答|詳解|详解|解析|問題集|问题集|習題|习题|習作|习作|作業[簿本]|作业[簿本]|活動本|活动本|練習[簿冊册本帳帐]|练习[簿册本]|練習問題|題庫|题库|題本|"
    "試題|试题|測驗卷|测验卷|評量|评量|講義|讲义|教師(?:用書|手冊)|教师(?:用书|手册)|教學指引|教学指引|指導手冊|學習單|學習手冊|自習書|自修|"
    "參考書|重點整理|文法解說|翻訳.文法|聽解|听解|導讀|导读|賞析|赏析|評析|评析|問題と解答|ワークブック|ドリル|練習帳|"
    "문제집|해설서|워크북|연습문제"
)
_LATIN = re.compile(
    r"\b(?:study guide|work ?book|exercise book|activity book|answer (?:key|book)|answers to|solutions? (?:manual|to)|"
    r"key to|teachers?(?: s)? (?:guide|manual|book|edition|handbook)|instructors?(?: s)? (?:guide|manual)|test bank|"
    r"lab(?:oratory)? manual|reading guide|companion to|cliffs ?notes|spark ?notes|york notes|"
    r"sach bai tap|sach giao vien|buku guru|buku kerja|kunci jawaban)\b"
)


def companion_words(vernacular: str, latin: str) -> frozenset[str]:
    """The words in a whole title, folded, that say it goes with another book; empty when it says nothing more."""
    found = _CHINESE.findall(vernacular) if vernacular else _LATIN.findall(latin)
    return frozenset(found) if found and sum(map(len, found)) < len(vernacular or latin) else frozenset()
