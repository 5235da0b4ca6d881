"""Scenarios of what stands in the wrong place, and of windows whose ends are not what they should be."""

from __future__ import annotations

from tests.support.wild.stage import On, Scenario, Stage
from tests.support.wild.tokens import LIST, NO_SIZES, poisoned

FOLLOWS = "follows a token wherever it stands on the page, in small letters or large"
WITHIN = "takes what has an error within its list for no page: asks again, then for smaller windows"
COMPARES = "knows that it does not belong there: compares names, and fetches what is missing"
SIGN = "takes an end with signs of a breakdown for none: compares names, and fetches what is missing"
BORDERS = "compares the names of all after it has asked in windows, and fetches what no window gave"

UNFOLDS = "unfolds it, with the frame of zlib or without"
ONCE = "compares names once where a list without a size ends with a full page, and fetches what is missing"


async def nothing(stage: Stage) -> None:
    """There is no record at all; a day later there are some."""
    await stage.harvest()
    if stage.mark(stage.library()):
        stage.problems.append("the watermark moved over an empty list")


SCENARIOS = (
    Scenario(
        "T5",
        "a token lost",
        ONCE,
        "complete",
        (On("no token", page=2, verbs=LIST),),
        manner=NO_SIZES,
    ),
    Scenario(
        "T5",
        "the first token lost",
        ONCE,
        "complete",
        (On("no token", page=1, verbs=LIST),),
        manner=NO_SIZES,
    ),
    Scenario(
        "X13",
        "nothing from the beginning",
        "does not take it for a proven harvest: a list of everything that is empty may be a mistake",
        "unverified",
        play=nothing,
        records=0,
        server="answers the first harvest with noRecordsMatch",
    ),
    Scenario("B5", "deflate", UNFOLDS, "complete", (On("deflate"),)),
    Scenario("B5", "raw deflate", UNFOLDS, "complete", (On("raw deflate"),)),
    Scenario(
        "B12",
        "collection with holdings",
        "takes the bibliographic record and joins the fields of its holdings to it",
        "complete",
        (On("collection with holdings"),),
        is_version=lambda payload, entry: entry.title.encode() in payload and b">MAIN<" in payload,
    ),
    Scenario(
        "B17",
        "no record in MARC",
        "tries the other formats that it offers",
        "complete",
        (On("no record in MARC"),),
        harvest={"metadata_prefix": ""},
    ),
    Scenario("T5", "beside the list", FOLLOWS, "complete", (On("token beside the list"),)),
    Scenario("T5", "beside the list, no sizes", FOLLOWS, "complete", (On("token beside the list"),), manner=NO_SIZES),
    Scenario("T5", "in lower case", FOLLOWS, "complete", (On("token in lower case"),), manner=NO_SIZES),
    Scenario(
        "T5", "in an attribute", COMPARES, "complete", (On("token in an attribute", verbs=LIST),), manner=NO_SIZES
    ),
    Scenario(
        "T5",
        "in an attribute, always",
        "cannot prove that all came, and says so",
        "unverified",
        (On("token in an attribute"),),
        manner=NO_SIZES,
    ),
    Scenario("D3", "until excluded", BORDERS, "complete", (On("poison"), On("excludes until")), poisoned),
    Scenario(
        "D3",
        "until excluded, no sizes",
        BORDERS,
        "complete",
        (On("poison"), On("excludes until")),
        poisoned,
        manner=NO_SIZES,
    ),
    Scenario(
        "D3",
        "until at midnight",
        BORDERS,
        "complete",
        (On("poison"), On("until at midnight")),
        poisoned,
        manner=NO_SIZES,
    ),
    Scenario(
        "D3",
        "until excluded, no token lives",
        "compares names in windows that overlap where they cannot be had as a whole",
        "complete",
        (On("expired token"), On("poison"), On("excludes until")),
        poisoned,
        manner=NO_SIZES,
    ),
    Scenario(
        "B3", "within the list", COMPARES, "complete", (On("notice within the list", verbs=LIST),), manner=NO_SIZES
    ),
    Scenario(
        "B3",
        "within the list, sizes",
        "has as many records as were promised",
        "complete",
        (On("notice within the list"),),
    ),
    Scenario(
        "B3",
        "within every list",
        "cannot prove that all came, and says so",
        "unverified",
        (On("notice within the list"),),
        manner=NO_SIZES,
    ),
    Scenario("B4", "a list in two", "reads both", "complete", (On("list in two"),), manner=NO_SIZES),
    Scenario(
        "B4", "an error within the list", WITHIN, "complete", (On("error within the list", page=3),), manner=NO_SIZES
    ),
    Scenario(
        "B4",
        "an error within every list",
        WITHIN,
        "complete",
        (On("error within the list"),),
        manner=NO_SIZES,
    ),
    Scenario(
        "B4",
        "last words within the list",
        COMPARES,
        "complete",
        (On("last words within the list", page=3),),
        manner=NO_SIZES,
    ),
    Scenario(
        "B3",
        "last words behind the list",
        SIGN,
        "complete",
        (On("last words behind the list", page=3),),
        manner=NO_SIZES,
    ),
    Scenario(
        "B3",
        "last words behind the list, names end so too",
        "cannot prove that all came, and says so",
        "unverified",
        (On("last words behind the list", page=3), On("notice after", page=5)),
        manner=NO_SIZES,
    ),
    Scenario(
        "B3",
        "notice after, no sizes",
        "knows it for a habit where the list goes on behind it, and compares names",
        "complete",
        (On("notice after"),),
        manner=NO_SIZES,
    ),
    Scenario(
        "B4",
        "206",
        SIGN,
        "complete",
        (On("206", page=3),),
        manner=NO_SIZES,
    ),
    Scenario(
        "B5",
        "garbage behind gzip",
        SIGN,
        "complete",
        (On("garbage behind gzip", page=3),),
        manner=NO_SIZES,
    ),
    Scenario("B12", "harmless oddities", "reads on", "complete", (On("harmless oddities"),), manner=NO_SIZES),
)
