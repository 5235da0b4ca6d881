"""From a report to the API's JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

from search_api.labels import Labels
from search_api.result_json import edition_url
from search_api.schemas import selecting as bodies
from search_api.selecting.answering import Answered
from search_api.selecting.buying import Advice, Sum
from search_api.selecting.found import Checked, FoundEdition, HeldBy, Place
from search_api.selecting.given import Money
from search_api.selecting.reports import Report
from search_api.selecting.selection import Totals
from search_api.selecting.words import Words

InWords = Callable[[Callable[[Words], str]], dict[str, str]]


def report_url(report: str) -> str:
    return f"/api/overlap/{quote(report)}"


def report_body(report: Report) -> bodies.ReportBody:
    columns = {name: tuple(index + 1 for index in indexes) for name, indexes in report.read.columns.items()}
    told = {name: getattr(report, name) for name in bodies.ReportBody.model_fields if name not in ("url", "read")}
    read = {name: getattr(report.read, name) for name in bodies.ReadBody.model_fields}
    return bodies.ReportBody(url=report_url(report.id), read=bodies.ReadBody(**{**read, "columns": columns}), **told)


def overlap_body(answered: Answered, words: Mapping[str, Words]) -> bodies.OverlapBody:
    """A report with its sums and one page of its lines."""
    asked = answered.asked
    address = report_url(answered.report.id)
    query = asked.address(page=1, size=50)

    def in_words(said: Callable[[Words], str]) -> dict[str, str]:
        return {language: said(one) for language, one in words.items()}

    return bodies.OverlapBody(
        report=report_body(answered.report),
        rule=bodies.RuleBody(n=asked.n, scope=asked.scope, match=asked.match, mine=asked.mine, multiply=asked.multiply),
        totals=_totals(answered.totals),
        found=answered.found,
        page=asked.page,
        pages=answered.pages,
        lines=tuple(_line(line, advice, in_words) for line, advice in answered.lines),
        csv_url=f"{address}/lines.csv" + (f"?{query}" if query else ""),
        xlsx_url=f"{address}/lines.xlsx" + (f"?{query}" if query else ""),
    )


def _money(money: Money | None) -> bodies.MoneyBody | None:
    if money is None:
        return None
    whole, cents = divmod(money.hundredths, 100)
    return bodies.MoneyBody(amount=f"{whole}.{cents:02}", currency=money.currency)


def _sum(total: Sum) -> bodies.SumBody:
    money = tuple(told for one in total.money if (told := _money(one)))
    return bodies.SumBody(lines=total.lines, copies=total.copies, money=money, unpriced=total.unpriced)


def _totals(totals: Totals) -> bodies.TotalsBody:
    return bodies.TotalsBody(
        lines=totals.lines,
        buckets=dict(totals.buckets),
        verdicts={verdict: _sum(one) for verdict, one in totals.verdicts.items()},
        nobody=_sum(totals.nobody),
        few=_sum(totals.few),
        enough=_sum(totals.enough),
        unreadable=_sum(totals.unreadable),
        repeated=totals.repeated,
        held_by=dict(totals.held_by),
        held_by_one=totals.held_by_one,
        remarks=dict(totals.remarks),
    )


def _line(line: Checked, advice: Advice, in_words: InWords) -> bodies.LineBody:
    given = line.given
    return bodies.LineBody(
        number=given.number,
        row=given.row,
        text=given.text,
        isbns=given.numbers.isbns,
        issn=given.numbers.issn,
        title=given.title,
        creator=given.creator,
        publisher=given.publisher,
        year=given.year,
        price=_money(given.price),
        wanted=given.copies,
        note=given.note,
        bucket=line.bucket,
        why=given.why if line.bucket == "unreadable" else None,
        how=line.how,
        sure=line.sure,
        same=line.same,
        any=line.any,
        copies=line.copies,
        editions=tuple(_edition(edition, in_words) for edition in line.editions),
        more=line.more,
        repeats=line.repeats,
        remarks=line.remarks,
        suggestions=tuple(bodies.SuggestionBody(isbn=one.isbn, title=one.title) for one in line.suggestions),
        advice=bodies.AdviceBody(
            verdict=advice.verdict,
            reason=advice.reason,
            number=advice.number,
            words=in_words(lambda words: words.reason(advice, line)),
        ),
    )


def _edition(edition: FoundEdition, in_words: InWords) -> bodies.FoundEditionBody:
    told = {
        name: getattr(edition, name) for name in bodies.FoundEditionBody.model_fields if name not in ("url", "held_by")
    }
    return bodies.FoundEditionBody(
        url=edition_url(edition.id), held_by=tuple(_held(held, in_words) for held in edition.held_by), **told
    )


def _held(held: HeldBy, in_words: InWords) -> bodies.HeldByBody:
    return bodies.HeldByBody(
        library=held.library,
        name=in_words(lambda words: words.labels.library(held.library)),
        copies=held.copies,
        on_order=held.on_order,
        in_process=held.in_process,
        online=held.online,
        places=tuple(_place(held.library, place, in_words) for place in held.places),
    )


def _place(library: str, place: Place, in_words: InWords) -> bodies.PlaceBody:
    def called(named: Callable[[Labels], Callable[[str, str], str]], code: str) -> dict[str, str]:
        return in_words(lambda words: named(words.labels)(library, code)) if code else {}

    return bodies.PlaceBody(
        branch=called(lambda labels: labels.branch, place.branch),
        location=called(lambda labels: labels.location, place.location),
        call_number=place.call_number,
    )
