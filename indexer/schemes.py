"""Which classification scheme a code or a cataloguer's words mean."""

from __future__ import annotations

import re

_CODES = {
    "ncsclt": "ncsclt",
    "ccl": "ncsclt",
    "csclt": "ncsclt",
    "ddc": "ddc",
    "dcc": "ddc",
    "lcc": "lcc",
    "ndc": "ndc",
    "njb": "ndc",
    "kdc": "kdc",
    "kdcp": "kdc",
    "udc": "udc",
    "clc": "clc",
    "cclc": "clc",
}
"""By the letters a code begins with: editions follow them (``ddc22``, ``njb/09``, ``dcc22`` as some type it)."""

_WORDS = (
    # Told apart by one character: of Taiwan (圖書分類法), of the mainland (圖書館分類法), 何日章's (十進分類法).
    (re.compile(r"何日章|中[國国][圖图][書书]十[進进]"), "ho"),
    (re.compile(r"中[國国][圖图][書书][館馆]分[類类]法|中[圖图]法"), "clc"),
    (re.compile(r"中[文國国][圖图][書书]分[類类]法|[賴赖]永祥|增[訂订][七八]版|新[訂订].版|2007\s?年版"), "ncsclt"),
    (re.compile(r"杜威|dewey", re.IGNORECASE), "ddc"),
    (re.compile(r"[國国][會会][圖图][書书][館馆]分[類类]"), "lcc"),
    (re.compile(r"日本十[進进]"), "ndc"),
    (re.compile(r"[國国][際际]十[進进]"), "udc"),
)
_CODE = re.compile(r"[a-z]+")
# fmt: off
_NUMBER_SOURCES = frozenset((
    "ansi", "ark", "danacode", "dissertationid", "doi", "ean", "eidr", "fiaf", "gnd", "gpn", "gtin-14", "hdl", "iana",
    "iec", "isan", "isbn", "isbn-a", "isbnre", "isil", "ismn", "isni", "iso", "isrc", "issn", "issn-l", "issue-number",
    "istc", "iswc", "itar", "lccn", "libaus", "local", "matrix-number", "music-plate", "music-publisher", "nipo",
    "oclc", "orcid", "porthu", "pmid", "rism", "sici", "stock-number", "strn", "svfilm", "upc", "uri", "urn", "uuid",
    "videorecording-identifier", "vd16", "vd17", "vd18", "viaf", "wikidata", "zdb",
))
# fmt: on
"""Kinds of standard numbers, by MARC's source codes."""
_THESAURI = {
    "rameau": "ram",  # as the Bibliothèque nationale writes it
    "rvmlaval": "rvm",
    "lc": "lcsh",
    "csh": "csht",  # CMARC's code of 中文圖書標題總目
    "中文圖書標題總目": "csht",
    "中文圖書標題表": "csht",
    "cst": "lcstt",  # CMARC's code of 中文主題詞表
    "中文主題詞表": "lcstt",
}
"""Thesauri by what cataloguers write → MARC's code."""
# fmt: off
_KNOWN_THESAURI = frozenset((
    "aass", "aat", "afset", "agrifors", "agrovoc", "agrovocf", "aiatsisl", "albt", "allars", "amg", "ascl", "atg",
    "barn", "bella", "bet", "bib1814", "bibalex", "bicssc", "bisacmt", "bisacrt", "bisacsh", "bjornson", "blmlsh",
    "bt", "cash", "ccsa", "cct", "cdcng", "ceeus", "chirosh", "cht", "ciesiniv", "cilla", "collett", "conorsi",
    "csahssa", "csapa", "csh", "csht", "cstud", "czenas", "czmesh", "dacs", "dcs", "ddcrit", "dit", "dltlt", "dltt",
    "drama", "dtict", "dugfr", "ebfem", "eclas", "eet", "eflch", "eks", "embiaecid", "embne", "emnmus", "ept",
    "erfemn", "ericd", "est", "eum", "eurovocde", "eurovocen", "eurovocfr", "eurovocsl", "fast", "fes", "finmesh",
    "fire", "fmesh", "fnhl", "francis", "fssh", "galestne", "gccst", "gcipmedia", "gcipplatform", "gem", "gemet",
    "geonet", "georeft", "gmgpc", "gmd", "gnd", "gnd-carrier", "gnd-content", "gnd-music", "gnis", "gsafd", "gsso",
    "gst", "gtt", "hamsun", "hapi", "hkcan", "helecon", "henn", "hlasstg", "homoit", "hrvmesh", "huc", "humord",
    "iaat", "iatm", "ica", "icpsr", "idas", "idsbb", "idszbz", "ilot", "ilpt", "inist", "inspect", "ipat", "ipsp",
    "isis", "itglit", "itrt", "jhpb", "jhpk", "jlabsh", "juho", "jupo", "jurivoc", "kaa", "kaba", "kao", "kassu",
    "kauno", "kaunokki", "kdm", "khib", "kito", "kitu", "kkts", "kssbar", "kta", "kto", "kubikat", "kula", "kulo",
    "kupu", "lacnaf", "larpcal", "lcac", "lcdgt", "lcgft", "lcgftt", "lcmpt", "lcmptm", "lcsh", "lcshac", "lcstt",
    "lctgm", "lemac", "lemb", "liv", "lnmmbr", "local", "ltcsh", "lua", "maaq", "mar", "marccategory", "marcgt",
    "marcmuscomp", "marctarget", "mech", "mero", "mesh", "migfg", "mim", "mipfesd", "mmm", "mpirdes", "msc", "msh",
    "mtirdes",
    "musa", "muso", "muzeukc", "muzeukn", "muzvukci", "naf", "nal", "nalnaf", "nasat", "nasg", "nbdbgf", "nbdbt",
    "nbiemnfag", "ncjt", "ndllsh", "ndlsh", "netc", "ngl", "nicem", "nimacsc", "nlgaf", "nlgkk", "nlgsh", "nlksh",
    "nlmnaf", "nmc", "no-ubo-mr", "noraf", "noram", "norbok", "normesh", "noubojur", "noubomn", "nsbncf", "nta",
    "ntcpsc", "ntcsd", "ntids", "ntissc", "nzggn", "nznb", "odlt", "olacvggt", "onet", "opms", "ordnok", "pascal",
    "peri", "pha", "pkk", "pleiades", "pmbok", "pmcsg", "pmt", "poliscit", "popinte", "precis", "prvt", "psychit",
    "puho", "quiding", "qlsp", "qrma", "qrmak", "qtglit", "raam", "ram", "rasuqam", "rbbin", "rbgenr", "rbmscv",
    "rbpap", "rbpri", "rbprov", "rbpub", "rbtyp", "renib", "reo", "rero", "rerovoc", "reveal", "rma", "rpe", "rswk",
    "rswkaf", "rugeo", "rurkp", "rvm", "rvmfast", "rvmgd", "rvmgf", "sanb", "sao", "saogf", "sbiao", "sbt", "scbi",
    "scgdst", "scisshl", "scot", "sears", "sfit", "sgc", "sgce", "shbe", "she", "shsples", "sigle", "sipri", "sk",
    "skbb", "skon", "slem", "slm", "smda", "snt", "socio", "solstad", "sosa", "spines", "ssg", "sthus", "stw",
    "swd", "swemesh", "taika", "tasmas", "taxhs", "tbit", "tekord", "tematres", "tesa", "tesbhaecid", "test", "tgn",
    "thema", "thesoz", "thia", "thub", "tips", "tisa", "tlka", "tlsh", "toit", "trfarn", "trfbmb", "trfdh", "trfgr",
    "trfoba", "trfzb", "trt", "trtsa", "tsht", "tsr", "ttka", "ttll", "tucua", "udc", "ukslc", "ulan", "umitrist",
    "unbisn", "unbist", "unescot", "usaidt", "valo", "vcaadu", "vffyl", "vmj", "waqaf", "watrest", "wgst", "wot",
    "wpicsh", "ysa", "yso", "zst",
))
# fmt: on
"""Subject and genre source codes of MARC's list."""


def scheme_named(text: str) -> str:
    """The scheme a source code or a name means (``ncsclt``, ``njb/09``, 中國圖書分類法, 增訂七版); else ""."""
    plain = text.strip().lower()
    if code := _CODE.match(plain):
        return _CODES.get(code.group(), "")
    return next((scheme for pattern, scheme in _WORDS if pattern.search(plain)), "")


def thesaurus_named(text: str) -> str:
    """MARC's code of the thesaurus that a $2 names, in lower case; one that no table knows as it is written."""
    plain = text.strip(" .,;").lower()
    return _THESAURI.get(plain, plain)


def thesaurus_is_known(text: str) -> bool:
    """Whether a $2 names a thesaurus or a list of genres that MARC's list has, or one of Taiwan's."""
    code = thesaurus_named(text)
    return code.partition("/")[0] in _KNOWN_THESAURI or code in _THESAURI.values()


def is_number_source(text: str) -> bool:
    """Whether a $2 names a kind of number that MARC's list of standard identifiers has."""
    return text.strip(" .,;").lower() in _NUMBER_SOURCES
