"""Every kind of line against a real catalogue: in exactly one bucket, with who holds it and how sure that is."""

from __future__ import annotations

import pytest

from indexer.record import Holding, Item
from search_api.selecting.found import Bucket, Checked, HeldBy, Place, Remark
from search_api.selecting.given import Given, Why
from search_api.selecting.holders import stage_of
from search_api.selecting.listing import opened
from search_api.selecting.matching import Shelves, checked
from tests.search_api.selecting.conftest import OLD, ORDERED, PRINT_OF_EBOOK, SET, VOLUME
from tests.support.catalogue import RED, SAPIENS, UNHELD

SAME, OTHER, POSSIBLE, NONE, UNREADABLE = Bucket


async def one(shelves: Shelves, line: str) -> Checked:
    """The first line of a table with the usual headings."""
    data = f"書名,作者,出版社,出版年,ISBN\n{line}\n"
    (found,) = await checked([next(iter(opened(data.encode()).lines()))], shelves)
    return found


LINES = [
    (f",,,,{RED}", SAME, "alpha beta gamma", "alpha beta gamma", "by its number"),
    (f",,,,{UNHELD}", NONE, "", "", "a number that nobody has"),
    (",,,,957-08-3587-X", UNREADABLE, "", "", "a wrong check digit and nothing else"),
    (",,,,9.78957E+12", UNREADABLE, "", "", "a number that a spreadsheet ruined"),
    (",,,,4711234567890", UNREADABLE, "", "", "the bar code of a ware"),
    ("文具禮盒,,,,4711234567890", UNREADABLE, "", "", "and with the ware's name"),
    (f",,,,{OLD}", SAME, "alpha", "alpha gamma", "another library has another edition of the work"),
    ("半生緣,張愛玲,皇冠,1969,", SAME, "alpha", "alpha gamma", "by what the line says"),
    ("半生緣,張愛玲,,,", POSSIBLE, "alpha gamma", "alpha gamma", "it does not say which of the two"),
    ("半生緣,張愛玲,新經典,1999,", OTHER, "", "alpha gamma", "an edition that nobody has"),
    (f"半生緣,張愛玲,新經典,1999,{UNHELD}", OTHER, "", "alpha gamma", "and that has a number"),
    ("紅樓夢校注,曹雪芹,里仁,1984,957-08-3587-X", SAME, "alpha beta gamma", "alpha beta gamma", "a wrong number"),
    (f"完全不同的書名,別人,,,{RED}", POSSIBLE, "alpha beta gamma", "alpha beta gamma", "right number, wrong title"),
    ("沒有人有的書,無名氏,,2020,", NONE, "", "", "a book that nobody has"),
    (f",,,,{SAPIENS} {RED}", POSSIBLE, "alpha beta gamma", "alpha beta gamma", "the numbers of two books"),
    (f",,,,{PRINT_OF_EBOOK}", OTHER, "", "gamma", "the number of the print, where the e-book is held"),
    (f"臺灣的山,王二,晨星,2020,{PRINT_OF_EBOOK}", OTHER, "", "gamma", "whatever else it says"),
    ("【精裝】半生緣(平裝),張愛玲,皇冠,1969,", SAME, "alpha", "alpha gamma", "what its supplier adds"),
    ("1.半生緣[平裝],張愛玲,皇冠,1969,", SAME, "alpha", "alpha gamma", "the number in a list"),
    ("明日的書 3 秋天的事,林三,新社,2012,", SAME, "gamma", "gamma", "number and name of a part behind the title"),
    ("明日的書 3,林三,新社,2012,", SAME, "gamma", "gamma", "its number alone"),
    ("明日的書 2,林三,新社,2012,", NONE, "", "", "another volume is no other edition"),
    (",,,,", UNREADABLE, "", "", "nothing that could be looked up"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "bucket", "same", "every", "why"), LINES)
async def test_a_line_ends_in_one_bucket(
    *, shelves: Shelves, line: str, bucket: Bucket, same: str, every: str, why: str
) -> None:
    if line == ",,,,":
        line = "。,,,,"
    found = await one(shelves, line)
    assert (found.bucket, " ".join(found.same), " ".join(found.any)) == (bucket, same, every), why
    assert set(found.same) <= set(found.any)
    assert (found.bucket is UNREADABLE) == (found.given.why is not None)


REMARKS = [
    (f",,,,{SET}", {Remark.SET_ISBN}, "the number of the whole set"),
    (f",,,,{VOLUME}", {Remark.VOLUME_ISBN}, "the number of one volume"),
    (f"完全不同的書名,別人,,,{RED}", {Remark.TITLE_DIFFERS}, "a number on the wrong book"),
    ("紅樓夢校注,曹雪芹,里仁,1984,9789570835887", {Remark.ISBN_MENDED}, "two digits that changed places"),
    ("紅樓夢校注,曹雪芹,里仁,1984,978957083587", {Remark.ISBN_WRONG}, "a digit is missing"),
    ("沒有人有的書,無名氏,,2020,9789570835879", {Remark.ISBN_WRONG}, "not found, and wrong"),
    (f",,,,{PRINT_OF_EBOOK}", {Remark.OTHER_FORM}, "print and e-book"),
    (f",,,,{ORDERED}", {Remark.ON_ORDER}, "a copy is on order"),
    ("明日的書 2,林三,新社,2012,", {Remark.OTHER_VOLUMES}, "another volume is held"),
    (f",,,,{RED}", set(), "nothing to remark"),
]


@pytest.mark.parametrize(("line", "remarks", "why"), REMARKS)
async def test_what_is_odd_is_remarked(*, shelves: Shelves, line: str, remarks: set[Remark], why: str) -> None:
    assert set((await one(shelves, line)).remarks) == remarks, why


async def test_a_wrong_number_alone_is_no_guess_but_a_suggestion(shelves: Shelves) -> None:
    found = await one(shelves, ",,,,9789570835879")
    assert (found.bucket, found.given.why) == (UNREADABLE, Why.WRONG_CHECK_DIGIT)
    assert [(meant.isbn, meant.title) for meant in found.suggestions] == [(RED, "紅樓夢校注")]


async def test_how_sure_a_line_is_stands_beside_it(shelves: Shelves) -> None:
    by_number = await one(shelves, f",,,,{OLD}")
    described = await one(shelves, "半生緣,張愛玲,皇冠,1969,")
    vague = await one(shelves, "半生緣,張愛玲,,,")
    assert (by_number.how, by_number.sure) == ("isbn", None)
    assert described.how == vague.how == "description"
    assert described.sure is not None
    assert vague.sure is not None
    assert described.sure > 0.8
    assert vague.sure < 0.5


async def test_copies_are_told_with_their_places_and_those_on_order_apart(shelves: Shelves) -> None:
    red = await one(shelves, f",,,,{RED}")
    alpha, beta, _ = red.editions[0].held_by
    assert (alpha.library, alpha.copies) == ("alpha", 2)
    assert alpha.places == (Place("MAIN", "STACK", "857.49"), Place("MAIN", "REF", "857.49"))
    assert (red.copies, dict(red.own_copies)) == (4, {"alpha": 2, "beta": 1, "gamma": 1})
    ordered = await one(shelves, f",,,,{ORDERED}")
    assert ordered.editions[0].held_by == (HeldBy("beta", 2, on_order=1, places=beta_places(ordered)),)
    ebook = await one(shelves, f",,,,{PRINT_OF_EBOOK}")
    assert [(held.library, held.online) for held in ebook.editions[0].held_by] == [("gamma", True)]
    assert beta.on_order == 0


def beta_places(line: Checked) -> tuple[Place, ...]:
    return line.editions[0].held_by[0].places


STAGES = [
    (Item(note="訂購中"), "on_order", "a note in Chinese"),
    (Item(note="On order"), "on_order", "in English"),
    (Item(policy="編目中"), "in_process", "being catalogued"),
    (Item(note="修補中"), "held", "at the bindery: it is held"),
    (Item(note="附光碟"), "held", "a note on something else"),
    (Item(policy="-1"), "held", "Koha's code, at a library that has no Koha"),
    (Item(), "held", "nothing said"),
]


@pytest.mark.parametrize(("item", "stage", "why"), STAGES)
def test_a_copy_not_yet_there_is_known_by_its_words(item: Item, stage: str, why: str) -> None:
    assert stage_of(Holding("x", "r", "1"), item, None) == stage, why


async def test_many_lines_are_looked_up_together_each_as_alone(shelves: Shelves) -> None:
    table = "書名,作者,出版社,出版年,ISBN\n" + "\n".join(line for line, *_ in LINES if line != ",,,,")
    together = await checked(list(opened(table.encode()).lines()), shelves)
    assert [found.bucket for found in together] == [bucket for line, bucket, *_ in LINES if line != ",,,,"]


async def test_no_line_is_no_line(shelves: Shelves) -> None:
    assert await checked([], shelves) == []
    (found,) = await checked([Given(1, 1, "", why=Why.EMPTY)], shelves)
    assert found.bucket is UNREADABLE
