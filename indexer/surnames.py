"""Surnames of more than one character, by which a name in characters is told from one that stands surname last."""

from __future__ import annotations

import re

_KNOWN = """
    歐陽 欧阳 司馬 司马 諸葛 诸葛 上官 司徒 東方 东方 夏侯 皇甫 尉遲 尉迟 公孫 公孙 慕容 令狐 長孫 长孙 宇文
    范姜 張簡 端木 南宮 南宫 獨孤 独孤 司空 鍾離 申屠 百里 呼延 淳于 單于 赫連 澹臺 太史 濮陽 鮮于 西門 西门
    左丘 公羊 穀梁 拓跋 軒轅 愛新覺羅

    佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 渡部 山本 中村 小林 加藤 吉田 山田 佐々木 佐佐木 山口 松本 井上 木村 斎藤
    斉藤 齋藤 齊藤 清水 山崎 阿部 池田 橋本 山下 石川 中島 前田 藤田 後藤 小川 岡田 村上 長谷川 近藤 石井 坂本
    遠藤 青木 藤井 西村 福田 太田 三浦 岡本 松田 中野 中川 原田 小野 田村 竹内 金子 和田 中山 石田 上田 森田
    柴田 酒井 工藤 横山 宮崎 宮本 内田 高木 谷口 安藤 大野 今井 丸山 河野 武田 上野 杉山 村田 増田 小島 大塚
    平野 菅原 久保 久保田 松井 野口 松尾 菊地 野村 木下 大久保 夏目 芥川 川端 三島 太宰 谷崎 大江 安部 幸田
    与謝野 與謝野 志賀 武者小路 有島 国木田 島崎 尾崎 二葉亭 横光 梶井 宮沢 宮澤 永井 井伏 坂口 吉川 山岡 横溝
    江戸川 江戶川 東野 宮部 吉本 乙一 五十嵐 小笠原 宇都宮 日下部 手塚 鳥山 尾田 岸本 高畑 黒澤 黑澤 小津 安西
    丹羽 柳田 南方 西田 和辻 丸谷 伊坂 石黒 石黑 米澤 京極 桐野 恩田 角田 辻村
"""
_LONG = frozenset(re.findall(r"\S+", _KNOWN))
_JAPANESE_IN_LATIN = re.compile(
    r"(?:(?:[kgsztdnhbpmyrwjf]|[kgnhbpmr]y|sh|ch|ts|kk|pp|ss|tt|tch)?[aeiouāīūēōâîûêô]|n|['’ -])++"
)
_HIRAGANA = re.compile(r"[\u3041-\u309f]")


_COMMON = frozenset(
    "陳陈林黃黄張张李王吳吴劉刘蔡楊杨許许鄭郑謝谢郭洪曾邱丘廖賴赖徐周葉叶蘇苏莊庄呂吕江何蕭萧羅罗高潘簡简朱鍾锺鐘钟游彭詹胡施沈余盧卢"
    "梁趙赵顏颜柯翁魏孫孙戴范宋方鄧邓杜傅侯曹薛丁卓阮馬马溫温董藍蓝石蔣蒋古唐姚連连康袁涂馮冯田白程湯汤黎尤歐欧姜孔鄒邹牛嚴严塗史金"
    "夏巫倪錢钱龔龚姬陶韓韩秦孟龍龙龐庞賀贺郝崔任汪毛萬万武常賈贾段雷尹易喬乔駱骆巴管季宗穆談谈畢毕于俞章魯鲁費费岳齊齐申樊甘"
    "陸陆關关單单安成辛華华包裴翟闕阙塗凌饒饶殷邢祝童路項项鮑鲍焦閻阎盛鄺邝芮舒甄霍樓楼褚池冉仲向戚婁屈蒲佟應应靳卞鞠苗勞劳耿晏嵇查"
)
_OF_OTHER_TONGUES = frozenset("爾尔斯茲兹姆蒂拉薩萨瑪玛絲丝頓顿哈尼卡瓦塞埃普什奧奥戈格諾诺托弗夫布洛朵里克特伊芙")
"""Characters that spell names of other tongues and are rare in Chinese given names."""
_SPELT_LIKE_CHINESE = """
    喬治 乔治 查理 馬丁 马丁 馬克 马克 路易 安妮 安娜 馬修 马修 湯姆 汤姆 戴維 戴维 戴安娜 高登 羅伯 羅賓 羅傑 罗伯 罗宾
    雷蒙 韓森 溫蒂 白朗寧 葛雷 魯道夫 湯瑪士 賴瑞 費雪 唐納 唐娜 康德 賀伯 龐德 孟德 孟德爾 溫莎 柯林 柯南 方濟 方濟各
"""
_FOREIGN = frozenset(_SPELT_LIKE_CHINESE.split())
_TITLES = re.compile(
    r"(?:公|王|侯|帝|后|氏|丈|僧|博士|教授|法師|大師|老師|醫師|律師|牧師|主教|[校院部所局市縣]長|總統|主席|女士|先生)$"
)
_WHOLE = re.compile(r"[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\u3041-\u309f]{2,5}")


def is_whole_name(text: str) -> bool:
    """Whether a text can be nothing but a whole name of China or Japan: 李小華, 夏目漱石; not 雨果, 校長, 夏目."""
    if not _WHOLE.fullmatch(text) or is_long(text) or _TITLES.search(text):
        return False
    if begins_with_long(text):
        return len(text) <= 5
    foreign = text in _FOREIGN or not _OF_OTHER_TONGUES.isdisjoint(text)
    return text[0] in _COMMON and len(text) <= 3 and not foreign


def may_be_japanese(text: str) -> bool:
    """Whether four characters end as given names of Japan do and spell no name of another tongue: 岸見一郎."""
    return _OF_JAPAN.fullmatch(text) is not None and _OF_OTHER_TONGUES.isdisjoint(text) and not _TITLES.search(text)


_OF_JAPAN = re.compile("[\u3005\u4e00-\u9fff]{3}[郎子美夫男雄健介一二三之也彦彥樹輝治司史吉助紀香惠恵代江枝奈哉弘志幸]")


def is_long(text: str) -> bool:
    """Whether a text is a known surname of two characters or more: 歐陽, 夏目, 長谷川."""
    return text in _LONG


def begins_with_long(name: str) -> bool:
    """Whether a name begins with a known surname of two or three characters."""
    return name[:2] in _LONG or name[:3] in _LONG


def stands_first(surname: str, given: str) -> bool:
    """Whether two parts that a comma parts are surname and given name of East Asia (夏目, 漱石), not 奧斯汀, 珍."""
    return is_long(surname) or (len(surname) == 1 and len(given) <= 2) or _HIRAGANA.search(surname + given) is not None


def stands_last(surname: str, latin: str) -> bool:
    """Whether a name, by its form in Latin letters (``Austen, Jane``), is of those who have the surname last.

    One character is a Chinese or Korean surname; what can be read as Japanese is taken to be.
    """
    if len(surname) < 2 or is_long(surname) or "," not in latin:
        return False
    return _JAPANESE_IN_LATIN.fullmatch(latin.lower().replace(",", "")) is None
