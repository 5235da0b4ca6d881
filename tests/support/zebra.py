"""Zebra, Index Data's search server (Debian: idzebra-2.0), over records of a test: SRU that we did not write."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.yaz import free_port, running

TABLES = Path("/usr/share/idzebra-2.0/tab")
PRESENT = shutil.which("zebrasrv") is not None and shutil.which("zebraidx") is not None and TABLES.is_dir()

_CONFIGURATION = {
    "zebra.cfg": """
profilePath: {folder}:{tables}
attset: bib1.att
recordtype: dom.{folder}/dom.xml
register: {folder}/register:1G
lockDir: {folder}/lock
storekeys: 1
storedata: 1
""",
    "dom.xml": """
<dom xmlns="http://indexdata.com/zebra-2.0">
  <extract name="index"><xslt stylesheet="index.xsl"/></extract>
  <retrieve name="marcxml"><xslt stylesheet="same.xsl"/></retrieve>
  <input syntax="xml"><xmlreader level="1"/></input>
</dom>
""",
    "index.xsl": """
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:m="http://www.loc.gov/MARC21/slim" xmlns:z="http://indexdata.com/zebra-2.0">
  <xsl:template match="text()"/>
  <xsl:template match="/m:record">
    <z:record z:id="{{m:controlfield[@tag='001']}}" type="update">
      <z:index name="Local-number:w"><xsl:value-of select="m:controlfield[@tag='001']"/></z:index>
    </z:record>
  </xsl:template>
</xsl:stylesheet>
""",
    "same.xsl": """
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:template match="/"><xsl:copy-of select="."/></xsl:template>
</xsl:stylesheet>
""",
    "cql.properties": """
set.cql = info:srw/cql-context-set/1/cql-v1.1
set.rec = info:srw/cql-context-set/2/rec-1.1
index.cql.allRecords = 1=_ALLRECORDS 2=103
index.rec.id = 1=12
relation.eq = 2=3
relation.scr = 2=3
relation.le = 2=2
relation.ge = 2=4
structure.* = 4=2
truncation.right = 5=1
truncation.none = 5=100
position.any = 3=3 6=1
""",
    "yazgfs.xml": """
<yazgfs>
  <listen id="tcp">tcp:127.0.0.1:{port}</listen>
  <server id="main" listenref="tcp">
    <config>{folder}/zebra.cfg</config>
    <cql2rpn>{folder}/cql.properties</cql2rpn>
    <retrievalinfo>
      <retrieval syntax="xml" name="marcxml" identifier="info:srw/schema/1/marcxml-v1.1"/>
    </retrievalinfo>
  </server>
</yazgfs>
""",
}


@asynccontextmanager
async def zebra(folder: Path, collection: bytes) -> AsyncIterator[str]:
    """The SRU address of a server over a MARCXML collection; its files are in ``folder``."""
    port = free_port()
    for name, text in _CONFIGURATION.items():
        (folder / name).write_text(text.format(folder=folder, tables=TABLES, port=port).lstrip())
    for name in ("register", "lock", "records"):
        (folder / name).mkdir()
    (folder / "records" / "all.xml").write_bytes(collection)
    for command in ("init", "update records", "commit"):
        arguments = ["zebraidx", "-c", "zebra.cfg", *command.split()]
        await asyncio.to_thread(subprocess.run, arguments, cwd=folder, check=True, capture_output=True)
    async with running("zebrasrv", "-f", "yazgfs.xml", "-l", "server.log", folder=folder, port=port):
        yield f"http://127.0.0.1:{port}/"
