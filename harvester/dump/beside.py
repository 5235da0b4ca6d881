"""What lies beside files of records and holds none, as notes and logs: it is passed over, and that is said."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence

NOT_RECORDS = (
    *("readme*", "read me*", "license*", "licence*", "copying*", "changelog*", "manifest*", "index.htm*"),
    *("*.log", "*.md", "*.pdf", "*.rtf", "*.doc", "*.docx", "*.odt", "*.ppt", "*.pptx", "*.png", "*.jpg", "*.jpeg"),
    *("*.gif", "*.htm", "*.html", "*.css", "*.js", "*.php"),
    *("*.md5", "*.sha1", "*.sha256", "*.sha512", "*.sfv", "*.asc", "*.sig"),
    *("thumbs.db", "desktop.ini", ".*", "*~"),
)
"""Names, in small letters, that nobody gives to files of records. One that holds records all the same is read where
that can be seen before it is asked for."""


def is_beside(name: str, take: Sequence[str] = ()) -> bool:
    """Whether a file, by its name alone, is none of records; ``take`` are the names that the library's file gives."""
    last = name.replace("\\", "/").rpartition("/")[2]
    if take:
        return not any(fnmatch.fnmatchcase(last, pattern) for pattern in take)
    return any(fnmatch.fnmatchcase(last.lower(), pattern) for pattern in NOT_RECORDS)


def said(names: Sequence[str], most: int = 5) -> str:
    """In words, what was passed over; "" when nothing was."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return f"passed over, as no records: {', '.join(names[:most])}{more}" if names else ""
