"""A member library as configuration: one TOML file, validated when it is loaded.

Nothing else in the product names a library. Unknown keys and wrong values stop the start-up with file, key,
value and what is allowed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from mappings.access import Address, Auth
from mappings.availability import Alma, Availability, KohaRest, Rest, ServiceAuth
from mappings.charsets import StatedCharacterSet
from mappings.folder import Folder, Sftp
from mappings.harvest import Harvest
from mappings.hours import Hours
from mappings.item_columns import ItemColumns
from mappings.item_field import ItemField
from mappings.lending import Closure, Fee, Label, Lending, LendingRule
from mappings.ncip import Ncip
from mappings.opac import Z3950, LiveSru
from mappings.place import Place
from mappings.problems import problem
from mappings.schedule import Schedule
from mappings.sip2 import Sip2
from mappings.sru import Sru
from mappings.tags import FieldPath, TagOrRange, tags_in
from mappings.web_status import Before, Web

__all__ = [
    "LIBRARIES_FOLDER",
    "Availability",
    "Harvest",
    "Label",
    "Lending",
    "Library",
    "LibraryInvalid",
    "Preset",
    "Records",
    "load_libraries",
    "load_library",
    "named",
]

LIBRARIES_FOLDER = Path(__file__).parent / "libraries"

Preset = Literal[
    "none",
    "aleph-996",
    "alma-ava",
    "cmarc-805",
    "evergreen-852",
    "folio-952",
    "german-924",
    "koha-952",
    "marc21-852",
    "polaris-852",
    "rusmarc-899",
    "sierra-907",
    "sierra-945",
    "sierra-949",
    "sierra-989",
    "symphony-926",
    "symphony-949",
    "symphony-999",
    "taiwan-095",
    "unimarc-930",
    "unimarc-995",
]
"""Where a system puts its copies; what each reads stands in ``indexer/holdings/presets.py``."""

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,31}$")]


class LibraryInvalid(ValueError):
    """A library's file cannot be used; the message names file, key and what is allowed. Start-up stops."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Records(_Table):
    """How this library's records are to be read."""

    dialect: Literal["auto", "marc21", "unimarc"] = "auto"
    encoding: Literal["auto", StatedCharacterSet] = "auto"
    holdings: Preset = "marc21-852"
    item_fields: tuple[ItemField, ...] = ()  # read besides the preset, for systems that no preset fits
    local_id: FieldPath = "001"  # tag, or tag$code, of the control number the library's own system answers to
    ignore_fields: tuple[TagOrRange, ...] = ()  # with their 880s; 5XX: 500–599
    branches: Mapping[str, Label] = {}  # code → label
    locations: Mapping[str, Label] = {}
    item_types: Mapping[str, Label] = {}
    collections: Mapping[str, Label] = {}  # 特藏號 of call numbers, collection codes
    policies: Mapping[str, Label] = {}  # lending policies

    @field_validator("ignore_fields")
    @classmethod
    def _one_by_one(cls, named: tuple[str, ...]) -> tuple[str, ...]:
        """Ranges as the tags they stand for, so that nobody who reads them has to know of ranges."""
        return tuple(dict.fromkeys(tag for text in named for tag in tags_in(text)))

    @model_validator(mode="after")
    def _preset_is_chosen(self) -> Records:
        if self.item_fields and "holdings" not in self.model_fields_set:
            raise ValueError(
                'records.item_fields is read besides the preset: say holdings = "none", or the preset that is meant too'
            )
        return self


class Library(_Table):
    """One member library. Equal files give equal objects."""

    code: Code
    name: Label
    short_name: Label = {}
    region: Code
    kind: Literal["national", "city", "county", "university", "college", "school", "special"]
    country: str = "TW"
    order: int = 100  # among the libraries of its region
    homepage: Address = ""
    record_url: Address = ""  # the library's own catalogue; {local_id} stands for the control number
    search_url: Address = ""  # {isbn} or {title}
    request_url: Address = ""  # where others' readers ask for a loan: {title}, {creator}, {isbn}, {year}, {url}
    harvest: Harvest
    schedule: Schedule = Schedule()
    records: Records = Records()
    availability: Availability = Availability()
    lending: Lending = Lending()
    place: Place = Place()
    hours: Hours = Hours()
    file: Path | None = Field(default=None, exclude=True, repr=False)

    def label(self, language: str) -> str:
        """The library's name in an interface language, else as `named` says."""
        return named(self.name, language)


def named(label: Label, language: str) -> str:
    """A proper name in an interface language, else in one that its readers read, else in the first there is.

    Names of Taiwan stand in characters on Japanese pages, as in Japanese print, and in English on all others.
    """
    order = (language, "zh-Hant", "en") if language == "ja" else (language, "en")
    return next((label[one] for one in order if label.get(one)), "") or next(iter(label.values()))


def load_library(file: Path) -> Library:
    """Reads one library's TOML file.

    Raises: LibraryInvalid, naming file, key, value and what is allowed.
    """
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        library = Library.model_validate({**table, "file": file})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise LibraryInvalid(f"{file}: not readable as TOML: {exc}") from exc
    except ValidationError as exc:
        raise LibraryInvalid(f"{file}: {'; '.join(problem(error, _KEYS) for error in exc.errors())}") from exc
    if library.code != file.stem:
        raise LibraryInvalid(f"{file}: code = {library.code!r}: must be the file's name, {file.stem!r}")
    if not library.name:
        raise LibraryInvalid(f"{file}: name: give at least one language, e.g. name.zh-Hant")
    return library


_KEYS: Mapping[str, frozenset[str]] = {
    "": frozenset(Library.model_fields) - {"file"},
    "harvest": frozenset(Harvest.model_fields),
    "harvest.auth": frozenset(Auth.model_fields),
    "harvest.folder": frozenset(Folder.model_fields),
    "harvest.items": frozenset(ItemColumns.model_fields),
    "harvest.sftp": frozenset(Sftp.model_fields),
    "harvest.sru": frozenset(Sru.model_fields),
    "schedule": frozenset(Schedule.model_fields),
    "records": frozenset(Records.model_fields),
    "records.item_fields": frozenset(ItemField.model_fields),
    "availability": frozenset(Availability.model_fields),
    "availability.alma": frozenset(Alma.model_fields),
    "availability.koha": frozenset(KohaRest.model_fields),
    "availability.auth": frozenset(ServiceAuth.model_fields),
    "availability.rest": frozenset(Rest.model_fields),
    "availability.sru": frozenset(LiveSru.model_fields),
    "availability.z3950": frozenset(Z3950.model_fields),
    "availability.web": frozenset(Web.model_fields),
    "availability.web.before": frozenset(Before.model_fields),
    "availability.ncip": frozenset(Ncip.model_fields),
    "availability.sip2": frozenset(Sip2.model_fields),
    "lending": frozenset(Lending.model_fields),
    "lending.closures": frozenset(Closure.model_fields),
    "lending.fees": frozenset(Fee.model_fields),
    "lending.rules": frozenset(LendingRule.model_fields),
    "place": frozenset(Place.model_fields),
    "hours": frozenset(Hours.model_fields),
    "hours.closures": frozenset(Closure.model_fields),
}
"""The keys of a library's file, by table."""


def load_libraries(folder: Path = LIBRARIES_FOLDER) -> dict[str, Library]:
    """All member libraries by code, in the order of their codes.

    Raises: LibraryInvalid for the first file that cannot be used, or when the folder is not there or holds none.
    """
    if not folder.is_dir():
        raise LibraryInvalid(f"{folder}: no such folder of libraries")
    libraries = [load_library(file) for file in sorted(folder.glob("*.toml"))]
    if not libraries:
        raise LibraryInvalid(f"{folder}: holds no library (*.toml)")
    return {library.code: library for library in libraries}
