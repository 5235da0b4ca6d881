"""A record that was too long for ISO 2709 and sent in parts, put together (`harvester.dump.parts` tells them)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer.marc import Marc

_OF_COPIES = "800"  # tags from which fields of later parts are more of the same: copies, links, local fields


def put_together(parts: Sequence[Marc], ignore: Iterable[str] = ()) -> Marc:
    """The first part, and behind it what the later ones have more.

    Of tags that a part before has, only fields of copies are taken, each once: parts repeat the title and the names.
    """
    first = parts[0]
    data = list(first.data_fields)
    known = {field.tag for field in data}
    held = set(data)
    for part in parts[1:]:
        more = [field for field in part.data_fields if field.tag not in known or field.tag >= _OF_COPIES]
        data += [field for field in more if field not in held]
        held.update(more)
        known.update(field.tag for field in part.data_fields)
    repairs = [f"sent in {len(parts)} parts", *dict.fromkeys(repair for part in parts for repair in part.repairs)]
    return Marc(
        first.leader,
        first.control_fields,
        data,
        repairs,
        charset=next((part.charset for part in parts if part.charset != "ascii"), "ascii"),
        ignore=ignore,
        replacements=sum(part.replacements for part in parts),
    )
