"""How a member's records are had: the table ``[harvest]`` of its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mappings.access import Address, Auth, EnvName
from mappings.folder import Folder, Names, Sftp
from mappings.item_columns import ItemColumns
from mappings.sru import Sru

REMOVED_UNASKED = 50
SHARE_REMOVED_UNASKED = 0.02
HANDFUL = 5  # records: a library of so few may lose any but the last
SHARE = r"^\d{1,3}(\.\d+)? ?%$"
"""How ``sweep_limit`` states a share of a library's records: ``"5 %"``. A number states records."""

Suppression = Annotated[str, Field(pattern=r"^[0-9A-Z]{3}(?:[0-9a-z#]{2})?\$[0-9a-z]=.+$")]
"""A subfield and the value that says a record is withdrawn; indicators may stand between, ``#`` for a blank."""

HARVEST_KEYS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "oai-pmh": (
        ("url", "metadata_prefix", "set", "sets", "selective", "overlap_hours", "believe_sizes"),
        ("url",),
    ),
    "marc-dump": (("files", "take", "folder", "items", "sftp", "upload_token_env", "max_upload_bytes"), ()),
    "sru": (("url", "sru"), ("url",)),
}
"""Protocol → the keys of ``[harvest]`` that are its own, and those of them that must be given."""


class Harvest(BaseModel):
    """Where the records come from, how gently to ask, and how many may leave without anybody being asked."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    protocol: Literal["oai-pmh", "marc-dump", "sru"]
    url: Address = ""  # oai-pmh, sru: the base URL
    metadata_prefix: str = ""  # left out: MARC by whatever name the server gives it, else oai_dc
    set: str = ""
    sets: tuple[str, ...] = ()  # a record has left when it is in none of them
    selective: bool = True  # false: the server does not honour dates, so every harvest is a full one
    overlap_hours: float = Field(default=1.0, ge=0, le=24 * 31)  # asked for again before the watermark
    believe_sizes: bool = True  # false: the sizes of lists that the server states are known to be wrong
    suppress: tuple[Suppression, ...] = ()  # a record with this value is withdrawn: "999$t=1", "999ff$t=1"
    auth: Auth | None = None
    ca_file: str = ""  # certificates (PEM) trusted besides the usual ones; relative to the library's file
    user_agent: str = ""  # for servers that turn away what they do not know
    files: tuple[Address, ...] = ()  # marc-dump: paths (relative to the library's file), patterns of them, URLs
    take: Names = ()  # marc-dump: what to read of archives and of pages of links, by name
    folder: Folder | None = None  # marc-dump: where files come one after the other, instead of files
    items: ItemColumns | None = None  # marc-dump: the columns of tables of copies among the files
    sftp: Sftp | None = None
    upload_token_env: EnvName | None = None  # names the secret that lets the library upload files into its folder
    max_upload_bytes: int = Field(default=8 * 1024**3, gt=0)
    sru: Sru = Sru()
    pause_seconds: float = Field(default=0.0, ge=0, le=3600)  # between requests
    timeout_seconds: float = Field(default=120.0, gt=0, le=3600)  # of silence within an answer
    first_byte_seconds: float = Field(default=300.0, gt=0, le=3600)  # until an answer begins; a list may take thrice
    retries: int = Field(default=4, ge=0, le=20)
    longest_absence_hours: float = Field(default=24.0, gt=0, le=24 * 31)  # left alone for, whatever the server asks
    max_page_bytes: int = Field(default=256 * 1024 * 1024, gt=0)
    sweep_limit: Annotated[int, Field(ge=0)] | Annotated[str, Field(pattern=SHARE)] | None = None
    sweep_days: int = Field(default=30, ge=0, le=3650)  # between lists of all identifiers; 0 for none
    reharvest_days: int = Field(default=90, ge=0, le=3650)  # between full harvests; 0 for none

    @model_validator(mode="after")
    def _keys_are_the_protocols_own(self) -> Harvest:
        own, required = HARVEST_KEYS[self.protocol]
        for key in required:
            if not getattr(self, key):
                raise ValueError(f"harvest.{key} is required for {self.protocol}")
        if self.protocol == "marc-dump" and bool(self.files) == (self.folder is not None):
            raise ValueError("harvest.files is required for marc-dump, or harvest.folder, and not both")
        for where in (*self.files, *((self.folder.path,) if self.folder else ())):
            if "://" in where and not where.startswith(("http://", "https://", "sftp://")):
                raise ValueError(f"harvest: {where!r}: must be a path, or an address with http://, https:// or sftp://")
        if self.upload_token_env and (self.folder is None or "://" in self.folder.path):
            raise ValueError("harvest.upload_token_env needs harvest.folder with a path on this machine")
        if self.set and self.sets:
            raise ValueError("harvest.set and harvest.sets are both given: name all sets in harvest.sets")
        of_others = {key for keys, _ in HARVEST_KEYS.values() for key in keys} - set(own)
        if foreign := sorted(of_others & self.model_fields_set):
            raise ValueError(f"harvest.{foreign[0]} means nothing for {self.protocol}; its own are {', '.join(own)}")
        return self

    def most_removed(self, live: int) -> int:
        """How many of ``live`` records may be deleted in one go without a person being asked."""
        if isinstance(self.sweep_limit, int):
            return self.sweep_limit
        if self.sweep_limit is not None:
            return int(live * float(self.sweep_limit.rstrip("% ")) / 100)
        usual = max(REMOVED_UNASKED, int(live * SHARE_REMOVED_UNASKED))
        return min(usual, max(HANDFUL, live // 2))  # fifty may be all that a small library has
