"""What is settled before a list begins: the server's word about itself, its format, its sets, and from when to ask."""

from __future__ import annotations

from datetime import timedelta

from harvester.errors import AccessRefused, AnswerRefused, ProtocolFailed
from harvester.marc_rules import SLIM
from harvester.oai_pmh.plan import Window
from harvester.oai_pmh.server import Server
from harvester.oai_records import instant
from harvester.oai_xml import Format

MARC_NAMES = ("marc21", "marcxml", "marc", "marc_xml", "marc21xml", "usmarc", "unimarc", "cmarc", "oai_marc", "slim")
DUBLIN_CORE = "oai_dc"


async def introduced(server: Server) -> None:
    """Lets the server say what it is; one that cannot is harvested all the same, with caution.

    Raises: SourceUnreachable when it is not there, AccessRefused.
    """
    try:
        await server.identify()
    except (AnswerRefused, ProtocolFailed):
        if server.dialect["granularity"] is None:
            server.dialect.learn("granularity", "day")


def candidates(offered: tuple[Format, ...]) -> list[str]:
    """The prefixes worth asking for, MARC by its namespace first, then by its name, then Dublin Core."""

    def is_slim(one: Format) -> bool:
        return one.namespace.rstrip("/").lower().replace("https:", "http:") == SLIM.lower()

    def rank(one: Format) -> int:
        name = one.prefix.lower()
        return MARC_NAMES.index(name) if name in MARC_NAMES else len(MARC_NAMES)

    by_namespace = sorted((one for one in offered if is_slim(one)), key=rank)
    by_name = sorted((one for one in offered if "marc" in one.prefix.lower() and not is_slim(one)), key=rank)
    simple = [one for one in offered if one.prefix == DUBLIN_CORE]
    return list(dict.fromkeys(one.prefix for one in (*by_namespace, *by_name, *simple)))


async def prefixes(server: Server) -> list[str]:
    """The metadata prefixes to try, in order; one alone when the library's file or an earlier run names it.

    Raises: AccessRefused when the server offers nothing that can be read.
    """
    pinned = server.library.harvest.metadata_prefix
    known = server.dialect["metadata_prefix"]
    if pinned or (isinstance(known, str) and known):
        return [pinned or str(known)]
    return await offered_prefixes(server)


async def offered_prefixes(server: Server) -> list[str]:
    """The prefixes worth trying of those the server offers; the usual ones when it does not say.

    Raises: AccessRefused when it offers nothing that can be read.
    """
    try:
        offered = await server.formats()
    except (AnswerRefused, ProtocolFailed):
        return ["marcxml", "marc21", DUBLIN_CORE]
    found = candidates(offered)
    if not found:
        names = ", ".join(one.prefix for one in offered) or "nothing"
        raise AccessRefused(f"the server offers {names}: neither MARC nor Dublin Core")
    return found


async def sets_to_list(server: Server) -> list[str]:
    """The sets of the library's file, [""] when it names none.

    Raises: AccessRefused when the server no longer has one of them: an empty list would look like success.
    """
    harvest = server.library.harvest
    wanted = list(harvest.sets) or ([harvest.set] if harvest.set else [])
    if not wanted:
        return [""]
    missing = set(wanted)
    try:
        async for spec in server.sets():
            missing.discard(spec)
            if not missing:
                break
    except AnswerRefused:
        return wanted  # it does not say which it has
    if missing:
        raise AccessRefused(f"the server has no set {', '.join(map(repr, sorted(missing)))}; see its ListSets")
    return wanted


def window_since(server: Server, since: str) -> Window:
    """What to ask for: everything without a watermark, or from a server that does not honour dates.

    Else from the watermark, less what the library's file says, a granule, and how far the server's clock is ahead.

    Raises: ProtocolFailed when the watermark is no date.
    """
    if not since or not is_selective(server):
        return Window()
    mark = instant(since)
    if mark is None:
        raise ProtocolFailed(f"the watermark {since!r} is no date; harvest this library in full")
    dialect = server.dialect
    own = timedelta(hours=server.library.harvest.overlap_hours)
    return Window(start=mark - max(own, dialect.granule) - dialect.ahead)


def is_selective(server: Server) -> bool:
    """Whether the server can be asked for a time."""
    return server.library.harvest.selective and server.dialect["selective_ok"] is not False
