"""Latin-1 that says it is MARC-8: whether letters with marks stand as the one or as the other has them.

In MARC-8 a diacritic is a byte before its letter, in Latin-1 a letter with its mark is one byte of the same range: read
as the other, François is Franȯis and São is Sô. Both are possible for many a byte, so what stands before and after each
is weighed by how often it does in either.
"""

from __future__ import annotations

import re
from typing import Literal

from indexer import vietnamese
from indexer.stated_language import languages

Verdict = Literal["latin-1", "doubtful", ""]

_HIGH = re.compile(rb"[\x80-\xff]")
ZERO = ord("m")
WEIGHTS: dict[int, tuple[str, str, str]] = {
    0xE0: ("knnpnpnnsnnnnplnnpnnknnnnn", "mnnpnpnnpnnnnpjnnpnnmnnnnn", "ljjmllmommlomllllnmplnllll"),
    0xE1: ("frtpfutnrpsstvkpntrsipnnnt", "eprpgrpnmprrrvkpnspohpnnnp", "npnmnnlljmpmpnjonmnmmnmnop"),
    0xE2: ("bnjpakpnbnnpslbknpcueknngh", "dngpampndnnppkcmnpgrgmnngj", "mnolmmlnlonlmlnlpkkknmppoo"),
    0xE3: ("ennnjnnnhnnnnnlnnnnnhnnnin", "gnnnjnnninnnnnonnnnninnnkn", "lmjlnnmmmnmklnnlokolmllplm"),
    0xE4: ("gtvvnvvvuprvvoonnvvvrunnqn", "hpuunttvqpputonnnvuvrrnnnn", "jpjojomojlnpopjpkpnpjopjlp"),
    0xE5: ("apnpfnnnbnpsnudpnupsdpnnnn", "apnpgnnnbnppntepntppepnnnn", "nmmkpoplpljmmkpmonmjpmppjn"),
    0xE6: ("gnjnkrlndnkpnpenntnnfknnnk", "gnlnkpknbnmpnpgnnsnqimnnnm", "kmmnjppnjpnppnjnplnmopnpjo"),
    0xE7: ("vnknfnknknnnndvnnnnnsnnnng", "unmnhnknmnnnneunnnnnsnnnnj", "lnpnonnnlnlonpknnplnlnnnln"),
    0xE8: ("atusgnvninntvuantvvuaunnnn", "bpsphntninnpuscnpvvscsnnnn", "jjpmlkmmpjjmkmpmpmjkpnjpmj"),
    0xE9: ("svouqvvurtpvvutvssoupvnrne", "stotstvrnrpvvsrvpsqununpnh", "jnppjoppjmkppnjmjpppjljljl"),
    0xEA: ("dnpnnnnnnnnpuumnrnpuhsnnnn", "fnpnnnnnnnnprtknpnrtjpnnnn", "nlnnloklpnkkmlnknnjnpoknon"),
    0xEB: ("nnnnnnnnbnnsnsmnnnpennnnnn", "nnnnnnnndnntnrknnnrinnnnnn", "kopnnoppkpmknlonpllpomppoo"),
    0xEC: ("cnnnhnnnmnnnnnmnnndnfnnnnn", "cnnninnnknnnnnknnnfngnnnnn", "ppppppppjppppppppppjpppppp"),
    0xED: ("tnntptrpnnnsputpppuvnpnnnn", "vnnrppppnnnppvqpppttnpnnnn", "mkonknoljkjonmjkjpnomljjjj"),
    0xEE: ("nnnnnnnnnnnpnpinnnnthnnnnn", "nnnnnnnnnnnpnphnnnnpjnnnnn", "pmmlmlmmmmmmkmmommlkmmmmlk"),
    0xEF: ("nnnpnpnnnnnpnrmnrnssnnnnnn", "nnnpnpnnnnnpnpknpnrpnnnnnn", "plllnlllnlllllnlllllnlllll"),
    0xF0: ("nndnnnnnpnkjnjknnnhnnnnnnn", "nnfnnnnnpnmlnlknnnjnnnnnnn", "jomokooolonnojmooloomooono"),
    0xF1: ("nnnnmnnnqsnnnnvnnnnnonnnnn", "pnnnnnnnnpnnnnvnnnnnlnnnnn", "pklkplnlkjljllnllkkknllllk"),
    0xF2: ("lnnennnckndmecjnnfecnfnnni", "onngnnndmnflfeknnhhenhnnnk", "jpppkppnkpmpomopppnnmppppp"),
    0xF3: ("nprrnsunnnpuuvmpnvsqnnrrnn", "npppnprnnnrssvkpnttnnnspnp", "jmmkljnkplknmmjmjomojkjjjl"),
    0xF4: ("nnnnnnnpnnnrtumnnjnunnnnnn", "nnnnnnnpnnnprsknnlnsnnnnnn", "mmomlllolljnmnlnlolnllllln"),
    0xF5: ("nnnntnnnnnnnnnmnnnnnnnnnnn", "nnnnrnnnnnnnnnknnnnnnnnnnn", "mmmmmmmmmmmmmmmmmmmmmmmnmm"),
    0xF6: ("pttppvqnkppvvsmqntttntnppp", "ppppptpnmppruqkpntrsnpnppp", "jmjljnmpjnmoookmjpmmjnojko"),
    0xF7: ("nnjnnnnnnnnnnnmnnnignnnnnn", "nnlnnnnnnnnnnnknnnkjnnnnnn", "knlnlnnnlnnnnlnnnlnnnnnnnn"),
    0xF8: ("npnsnnpnnrnpnrmnnsrnnknnnn", "npnpnnonnpnpnpknnppnnmnnnn", "mnmnmomlmnmmmmmmmomnmmmmmm"),
    0xF9: ("nnnnnnnnnnnnnnmnnnnnnnnnnn", "nnnnnnnnnnnnnnknnnnnnnnnnn", "mmmmmmmmnmmnmmommmmommmmmm"),
    0xFA: ("ospnnnnnpnntppmnnpsnnnnnnp", "qppnnnnnpnnsppknnprnnnnnnp", "nlmlllmjlllloololnnollllml"),
    0xFB: ("nnnnnnnnnnnnnnmnnnnsnnnnnn", "nnnnnnnnnnnnnnknnnntnnnnnn", "mmmmmmmmmmmommommmmmmmmmmm"),
    0xFC: ("tvvvttvvnnpvtvnpnvvvnnnnnn", "ptvuprsvnnptrvnpnvtunnnnnn", "jpjkkolnjmnooljjjpmnjjmjkl"),
    0xFD: ("nntnnnnnnnnnnnnnnnnnnpnnnn", "nnpnnnnnnnnnnnnnnnnnnpnnnn", "llllllllllonlolllllllollll"),
    0xFE: ("nnnnnnnnnpnnnnmnnnnnnnnnnn", "nnnnnnnnnpnnnnknnnnnnnnnnn", "mmmmmmmmmmmmmmmmmmmmmmmmmm"),
}
"""For each byte that is a diacritic in MARC-8 and a small letter in Latin-1 the weight of the letter after it, a to z;
of the letter after it when that ends the word; and of the letter before it. ``m`` is nothing, each letter beyond it
half a unit (natural logarithm) for Latin-1, each before it for MARC-8. Counted in some
8,000 distinct words of real records and frequent words of thirty languages, spelt in both sets, as
``benchmarks/latin1_weights.py`` counts them."""

_TONED = frozenset({0xE0, 0xE1, 0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE8, 0xF2})
"""Diacritics of which two stand on one letter: Vietnamese, long vowels with an accent."""
_UNASSIGNED = frozenset({*range(0x80, 0x88), *range(0x8A, 0x8D), *range(0x8F, 0xA1), 0xBB, 0xBF, *range(0xC9, 0xE0)})
_CAPITALS = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC4})  # in MARC-8 signs, which no word begins with
_GRAVE, _SHARP_S = 0xE1, 0xC7
_AFTER_APOSTROPHE = re.compile(rb"(?:s|t|d|m|i|ll|re|ve)(?![A-Za-z])")  # can\xe1t: a grave for the apostrophe
_ENDING = frozenset(b"\xe0\xe4\xe5\xe8\xe9\xea\xeb\xec\xed\xf2\xf3\xf6\xf8\xf9\xfa\xfc")
_JOINERS = frozenset({0x8D, 0x8E})  # they join letters of other scripts: before a word they are Ž of Windows
_PUNCTUATION = frozenset({0x82, 0x84, 0x85, *range(0x91, 0x9A), 0x8B, 0x9B})  # of Windows-1252
_ENDS, _ALONE, _OF_MARC8, _UNDEFINED, _CAPITAL = 5.0, 2.0, -3.0, 2.5, 2.0
_OF_LATIN1 = "fre spa por ger ita dut swe dan nor fin ice cat glg fry baq bre gle afr gsw fao lat nob nno fra deu"
_IN_LATIN1 = frozenset(_OF_LATIN1.split())
_IN_ANY = frozenset({"eng", "mul", "und", "zxx"})

_SURE, _DOUBTFUL = 5.0, 2.0
"""What weighs together so much is Latin-1, or may be: of 1,700 real records in MARC-8 with diacritics none reaches
the second."""
_SURE_IN_ITS_LANGUAGES, _SURE_IN_OTHERS = 2.0, 12.0


def latin1_verdict(data: bytes, *, says_utf8: bool) -> Verdict:
    """Whether bytes that could be MARC-8 are letters of Latin-1: for sure, perhaps, or not ("").

    A language that Latin-1 is made for speaks for it, one that it cannot write against it. Where the record says it is
    UTF-8 either would be wrong, and the likelier one is taken.
    """
    weight = _weight(data)
    if weight < _DOUBTFUL or vietnamese.has_two_marks(data):
        return ""
    stated = languages(data)
    if says_utf8 or stated & _IN_LATIN1:
        return "latin-1" if weight >= _SURE_IN_ITS_LANGUAGES else ""
    if stated - _IN_ANY:
        return "latin-1" if weight >= _SURE_IN_OTHERS else ""
    if vietnamese.is_all_syllables(data):
        return ""
    return "latin-1" if weight >= _SURE else "doubtful"


def _weight(data: bytes) -> float:
    """How much speaks for Latin-1, each place that looks alike once."""
    weight = 0.0
    seen: set[bytes] = set()
    for match in _HIGH.finditer(data):
        at = match.start()
        around = data[at - 1 : at + 3]
        if around in seen:
            continue
        seen.add(around)
        before = 0 if data[at - 2 : at - 1] == b"\x1f" or not at else data[at - 1]  # a subfield's code is no text
        weight += _weight_at(data, at, before, data[at + 1] if at + 1 < len(data) else 0)
    return weight


def _weight_at(data: bytes, at: int, before: int, after: int) -> float:
    byte = data[at]
    if byte in _UNASSIGNED or (byte in _JOINERS and not _is_letter(before) and _is_letter(after)):
        return _ENDS if byte in _PUNCTUATION else _UNDEFINED
    if byte in _CAPITALS:
        return _CAPITAL if _is_small(after) and not _is_letter(before) else 0.0
    if byte < 0xE0:
        return _OF_MARC8 if byte <= 0xBA or (byte == _SHARP_S and _is_letter(before)) else 0.0
    if before >= 0x80:
        return 0.0 if before >= 0xC0 and after < 0x80 else _OF_MARC8
    if after >= 0x80:
        both = _is_letter(before) and _is_small(data[at + 2] if at + 2 < len(data) else 0)
        return _CAPITAL if both and after >= 0xC0 and not (byte in _TONED and after in _TONED) else _OF_MARC8
    if not _is_letter(after):
        return 0.0 if byte == _GRAVE else _ENDS if byte in _ENDING and _is_letter(before) else _ALONE
    if not _is_small(after):
        return _OF_MARC8  # a small letter of Latin-1 stands before no capital
    if byte not in WEIGHTS:
        return _ALONE
    if byte == _GRAVE and _AFTER_APOSTROPHE.match(data, at + 1):
        return 0.0
    within, last, preceded = WEIGHTS[byte]
    ends = not _is_letter(data[at + 2] if at + 2 < len(data) else 0)
    weight = ord((last if ends else within)[after - 0x61]) - ZERO
    if _is_letter(before):
        weight += ord(preceded[(before | 0x20) - 0x61]) - ZERO
    return weight / 2


def _is_letter(byte: int) -> bool:
    return _is_small(byte | 0x20)


def _is_small(byte: int) -> bool:
    return 0x61 <= byte <= 0x7A
