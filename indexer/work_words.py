"""Words in titles that tell works apart: titles that many books bear, books about another text, texts made of one.

In folded text, Chinese in the one form of `variants.fold_variants`; but `ADAPTED` in text as it stands.
"""

from __future__ import annotations

import re

_KINDS_OF_TEXT = (
    "小?说|散文|诗歌?|诗词|戏[剧曲]|文学|书[信简]|日记|学术|作品|著作|论文|随笔|杂文|短篇|中篇|长篇"
    "|佳作|代表作|名作|精选|自选|选|合|全|文|新|续|遗|诗文"
)
_GATHERED = (
    "全集|文集|选集|诗集|作品[选集]?|作品精选|小说选?集?|小说全集|散文选?集?|诗选|诗[词文]?集|论[文著]?集"
    "|文存|文选|文钞|遗[稿著集]|集|选|讲义|讲话|演讲录?|书[信简]集?|日记|自传|回忆录"
    "|年[报鉴刊]|年度报告|会议论文集?|研讨会论文集|展览?目录|画集|作品展"
)
GENERIC = re.compile(f"(?:{_KINDS_OF_TEXT})*(?:{_GATHERED})")
"""A title in characters that says no more than what is gathered: 全集, 短篇小說選."""

_ENGLISH_GATHERED = (
    "complete collected selected select selection selections anthology reader omnibus collection"
    " miscellaneous miscellany"
    " works work writings poems poem poetry poetical verse plays play drama dramas dramatic stories story short novels"
    " novel novellas tales tale fiction prose essays essay letters correspondence diaries diary speeches lectures"
    " sermons"
    " papers autobiography memoir memoirs reminiscences biography annual report reports proceedings transactions"
    " yearbook"
    " conference symposium workshop other best great early late later major minor new volume volumes"
    " two three four five six seven eight nine ten"
)
_OTHERS_GATHERED = (
    "oeuvres uvres completes choisies romans poesies contes obras opera operum omnia completas escogidas opere"
    " tutte samtliche gesammelte"
    " werke schriften gedichte erzahlungen tho tuyen tap toan truyen ngan kumpulan cerpen puisi"
)
_SMALL = (
    "the a an of and in to for from with by on s his her their le les la el los las il i gli der die das und et y e"
    " de du des di del della"
)
GENERIC_WORDS = frozenset(f"{_ENGLISH_GATHERED} {_OTHERS_GATHERED} {_SMALL}".split())
"""A title of these words alone, and its maker's name, says no more than what is gathered."""

_CHINESE = (
    "导读|赏析|解析|评析|解读|研究|指[南引导]|辅导|题库|试题|考试|学习|习题|解答|教师手册|教学|笔记|鉴赏|评[论传介]"
    "|资料汇编|索引|词典|辞典|选[译本]|漫画|图解|绘本|少[年儿]版|儿童版|青少年|简易|剧本"
    "|注音|电影|影[集视]|画[传册]|连环画|有声剧|广播剧|今[注译]|译注|注[译释]|新译|校?笺|集解|白话|语译|对照|双语|读本"
)
_ENGLISH = (
    "study guide|guide|companion|workbook|work book|exercises?|solutions?|answers?|teachers?|instructors?"
    "|students? (?:book|edition|guide|companion|workbook|handbook|manual)"
    "|notes|lesson|activity|test bank|quiz|handbook to|introduction to|reader s|readers guide|teaching|learning"
    "|criticism|critical|casebook|case book|essays on|approaches to|studies|study of|analysis|commentary"
    "|interpretations?|index to|concordance|annotated|annotations|parallel text|bilingual|encyclop\\w+|dictionary"
    "|levels?|stages?|graded|excerpts?|selections?|extracts?|graphic|comics?|manga|pop up|colou?ring|sticker"
    "|screenplay|script|libretto|musical|soundtrack|film|movie"
    "|motion picture|dramati[sz]ed|dramati[sz]ation|play in|stage|parody|sequel|making of|world of"
)
ADAPTED = re.compile(
    "改[寫写編编]|[節节][譯译錄录本]|[縮缩][寫写譯译編编]|精[簡简]|[簡简][寫写]"
    "|\\b(?:adapt(?:ed|ation|iert)|abridge(?:d|ment)|retold|retelling|rewritten|condensed|simplified|shortened)\\b",
    re.IGNORECASE,
)
"""What is said, be it in a statement of responsibility or a note, of a text that somebody made of another: two of one
title are two texts, because two people made them."""

ABOUT_OR_OF = re.compile(f"{_CHINESE}|\\b(?:{_ENGLISH})\\b")
"""What is said beside a title of a book about that text, or of a text made of it."""

EDITED_TEXT = re.compile("(?<=..)(?:\\d+回)?(?:新?校注本?|新?校本|校订本?|注释本?|评注本?)$")
"""What a title says at its end of an author's text that somebody edited and annotated: it is that text."""

TRANSLATED_ANEW = frozenset({"新译"})
"""What a new translation is called, of a foreign text; of a classic it is a rendering in the language of today."""

COMES_OUT_ANEW = re.compile("年[报鉴刊]|年度|汇编|法规|法令|六法|统计|要览|名录|白皮书|概况|题库|考试|手册")
"""Titles of what is brought up to date and keeps its size."""

ONE_OF_SEVERAL = re.compile(r"\w{1,12}[篇编辑](?= |$)|\w+ (?:pian|bian)$|\b[a-z]+ (?:edition|version)$")
"""What a subtitle calls one of several books of one title: 基礎學習篇, JavaScript edition."""

ADAPTED_BY = frozenset({"adp", "abr", "aus", "lbt", "arr", "mus", "cmp"})
"""What those did who made a text of another: relator codes."""

NO_LANGUAGE = frozenset({"mul", "und", "zxx", "mis"})
"""Codes that are of no one language."""
