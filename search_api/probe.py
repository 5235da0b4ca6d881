"""A new member's server, files or existing settings → a draft of its TOML file, with what was found as comments."""

from __future__ import annotations

import asyncio
import re
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from harvester import marc_dump, sru_survey
from harvester.access import PLAIN_ARGUMENTS
from harvester.errors import AnswerRefused, HarvestFailed, NotThere, ProtocolFailed
from harvester.http import PatientSession
from harvester.oai_pmh import server_of
from harvester.oai_pmh.survey import Finding, Survey, Tell, survey
from harvester.page import Visit
from harvester.raw_record import RawRecord
from indexer.sample import Sample, sample
from mappings.access import without_password
from mappings.library import Library

SAMPLE_RECORDS = 500
OF_FILES = re.compile(r"\.(mrc|marc|iso|dat|out|xml|gz|bz2|xz|zst|zip|tar|tgz)$", re.IGNORECASE)
OF_A_HOST = re.compile(r"(?:[\w-]+(?:\.[\w-]+)+(?::\d+)?/|[\w.-]+:\d+(?:/|$))")  # lib.example.org/oai, without scheme
HAN = re.compile(r"[\u3400-\u9fff]")
COMMON_LABELS = frozenset(
    (
        *("www", "lib", "library", "libraries", "opac", "catalog", "catalogue", "search", "oai", "sru", "api"),
        *("com", "org", "net", "edu", "gov", "ac", "tw", "jp", "kr", "cn", "hk", "localhost"),
    )
)
IMPATIENCE: Mapping[str, float] = {"retries": 1, "timeout_seconds": 60, "first_byte_seconds": 60}
"""Somebody is waiting: what a harvest would sit out is a finding here."""
TO_DECIDE = "to be decided: nothing on the server says it"


@dataclass(slots=True)
class Draft:
    """A library's file in the making: the tables, comments by key (``records.holdings``), and all that was found."""

    table: dict[str, Any]
    known: bool  # the library has a file: what it says stays, and what was found stands beside it
    at: datetime
    comments: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    asked: int = 0  # questions to a server

    @property
    def code(self) -> str:
        return str(self.table["code"])

    def propose(self, key: str, value: object, why: str) -> None:
        """Puts a value into the file; where the file has one, the other is only told of."""
        *tables, own = key.split(".")
        place = self.table
        for name in tables:
            place = place.setdefault(name, {})
        if not self.known:
            place[own] = value
            self.comments[key] = why
        elif place.get(own, value) != value:
            self.comments[key] = f"found: {value!r}; {why}"


async def probe(target: Library | str, http: PatientSession, now: datetime, tell: Tell) -> Draft:
    """Finds out what there is to know of a member's server or files; asks few questions, one after another.

    Raises: HarvestFailed, in words for whoever asked.
    """
    if isinstance(target, Library):
        assert target.file is not None  # it was loaded from one
        draft = Draft(tomllib.loads(target.file.read_text(encoding="utf-8")), True, now)
        await _look(target, draft, http, now, tell)
        return draft
    try:
        without_password(target)
    except ValueError as exc:
        raise ProtocolFailed(f"{exc}; write the file by hand, then probe the library by its code") from exc
    if OF_A_HOST.match(target) and not await asyncio.to_thread(Path(target).exists):
        return await _first_to_answer([f"https://{target}", f"http://{target}"], http, now, tell)
    if not target.startswith(("http://", "https://")):
        if "://" in target:
            raise ProtocolFailed(f"{target}: only http, https and paths can be probed; write the file by hand")
        path = await asyncio.to_thread(lambda: str(Path(target).resolve()))
        return await _drafted({"protocol": "marc-dump", "files": [path]}, target, http, now, tell)
    if OF_FILES.search(urlsplit(target).path):
        return await _drafted({"protocol": "marc-dump", "files": [target]}, target, http, now, tell)
    base = without_a_question(target)
    failures = []
    for protocol in ("oai-pmh", "sru"):
        tell(f"whether it speaks {protocol}")
        try:
            return await _drafted({"protocol": protocol, "url": base}, base, http, now, tell)
        except (AnswerRefused, NotThere, ProtocolFailed) as exc:
            failures.append(f"{protocol}: {exc}")
    raise AnswerRefused("; ".join(failures))


def without_a_question(address: str) -> str:
    """An address as a base for questions, where it was copied with one: ``?verb=Identify``."""
    bare, _, query = address.partition("#")[0].partition("?")
    parts = [part for part in query.split("&") if part]
    if not any(part.partition("=")[0] == "verb" for part in parts):
        return address
    kept = [part for part in parts if part.partition("=")[0] not in PLAIN_ARGUMENTS]
    return f"{bare}?{'&'.join(kept)}" if kept else bare


async def _first_to_answer(addresses: Sequence[str], http: PatientSession, now: datetime, tell: Tell) -> Draft:
    """The draft of the first of these addresses that can be probed.

    Raises: HarvestFailed, of the last, when none can be.
    """
    for address in addresses[:-1]:
        tell(f"{address}, as no scheme is given")
        try:
            return await probe(address, http, now, tell)
        except HarvestFailed as exc:
            tell(f"it cannot be had there: {exc}")
    return await probe(addresses[-1], http, now, tell)


async def _drafted(harvest: Mapping[str, Any], target: str, http: PatientSession, now: datetime, tell: Tell) -> Draft:
    table = {"code": code_of(target), "name": {}, "region": "north", "kind": "city", "harvest": dict(harvest)}
    draft = Draft(table, False, now, {"region": TO_DECIDE, "kind": TO_DECIDE})
    library = Library.model_validate({**table, "name": {"en": table["code"]}, "harvest": {**harvest, **IMPATIENCE}})
    await _look(library, draft, http, now, tell)
    if not table["name"]:
        draft.propose("name", {"en": table["code"]}, TO_DECIDE)
    return draft


async def _look(library: Library, draft: Draft, http: PatientSession, now: datetime, tell: Tell) -> None:
    visit = Visit(library, http, now)
    match library.harvest.protocol:
        case "oai-pmh":
            records = await _look_at_oai(visit, draft, tell)
        case "sru":
            records = await _look_at_sru(visit, draft, tell)
        case "marc-dump":
            records = await _look_at_files(visit, draft, tell)
    if records:
        tell(f"{len(records)} records, read here")
        _tell_of_records(draft, sample(records, library))


async def _look_at_oai(visit: Visit, draft: Draft, tell: Tell) -> tuple[RawRecord, ...]:
    server = server_of(visit)
    surveyed = await survey(server, tell)
    draft.findings += surveyed.findings
    draft.asked = surveyed.asked
    _propose_harvest(draft, surveyed)
    return surveyed.records


def _propose_harvest(draft: Draft, surveyed: Survey) -> None:
    if surveyed.name and not draft.known:
        draft.propose("name", {_language_of(surveyed.name): surveyed.name}, "as the repository calls itself")
    if surveyed.prefix:
        draft.propose("harvest.metadata_prefix", surveyed.prefix, "the best of the formats it offers")
    if not surveyed.believable:
        draft.propose("harvest.believe_sizes", False, "the sizes of lists that it states cannot be true")
    if not surveyed.selective:
        draft.propose("harvest.selective", False, "it does not honour dates: every harvest is a full one")


def _language_of(name: str) -> str:
    return "zh-Hant" if HAN.search(name) else "en"


async def _look_at_sru(visit: Visit, draft: Draft, tell: Tell) -> tuple[RawRecord, ...]:
    surveyed = await sru_survey.survey(visit, tell)
    draft.findings += surveyed.findings
    draft.asked = surveyed.asked
    if surveyed.name and not draft.known:
        draft.propose("name", {_language_of(surveyed.name): surveyed.name}, "as the server calls itself")
    for key, (value, why) in surveyed.values.items():
        draft.propose(f"harvest.sru.{key}", value, why)
    return surveyed.records


async def _look_at_files(visit: Visit, draft: Draft, tell: Tell) -> tuple[RawRecord, ...]:
    tell("the files, to their end or to the first few hundred records")
    records: list[RawRecord] = []
    refused: list[str] = []
    async with aclosing(marc_dump.pages(visit)) as pages:
        async for page in pages:
            records += [record for record in page.records if not record.deleted]
            refused += [one.reason for one in page.refused]
            if len(records) >= SAMPLE_RECORDS:
                break
    formats = sorted({record.format for record in records})
    draft.findings.append(Finding("format", ", ".join(formats) or "no record was found", doubt=not formats))
    if refused:
        draft.findings.append(Finding("unreadable", f"{len(refused)}: {refused[0]}", doubt=True))
    return tuple(records)


def _tell_of_records(draft: Draft, told: Sample) -> None:
    def counted(counts: Mapping[str, int]) -> str:
        return ", ".join(f"{name} ({times})" for name, times in sorted(counts.items(), key=lambda pair: -pair[1])[:5])

    draft.findings.append(Finding("records looked at", str(told.records)))
    draft.findings.append(Finding("dialect", counted(told.dialects) or "none", doubt=told.dialect == "auto"))
    if told.charsets:
        draft.findings.append(Finding("character sets", counted(told.charsets), doubt=len(told.charsets) > 2))
    if told.repairs:
        draft.findings.append(Finding("had to be mended", counted(told.repairs), doubt=True))
    if told.unreadable:
        draft.findings.append(Finding("could not be read", counted(told.unreadable), doubt=True))
    if told.dialect != "auto":
        draft.propose("records.dialect", told.dialect, "all MARC records looked at")
    if told.fits:
        best, *others = told.fits
        beside = ", ".join(f"{fit.name} {fit.copies}" for fit in others[:3])
        why = (
            f"{best.copies} copies in {best.records} of {told.records} records{f'; others: {beside}' if beside else ''}"
        )
        draft.propose("records.holdings", best.name, why)
    elif draft.table.get("records", {}).get("holdings") == "none":
        draft.findings.append(Finding("copies", 'none, as records.holdings = "none" says'))
    else:
        words = "none were found where the known systems put them: see docs/holdings.md"
        draft.findings.append(Finding("copies", words, doubt=True))
    marc = sum(times for name, times in told.dialects.items() if name != "oai_dc")
    whole = [place for place, times in told.local_ids.items() if times == marc]
    if whole and marc:
        koha = told.fits and told.fits[0].name == "koha-952" and "999$c" in whole
        draft.propose("records.local_id", "999$c" if koha else whole[0], "every record has it")


def code_of(target: str) -> str:
    """A code for a library whose server or file this is: the most telling word of its name."""
    host = urlsplit(target).hostname if "://" in target else Path(target).name.partition(".")[0]
    labels = re.findall(r"[a-z][a-z0-9-]{1,31}", (host or "").lower())
    telling = [label for label in labels if label not in COMMON_LABELS]
    return max(telling, key=len, default="newlibrary").rstrip("-")
