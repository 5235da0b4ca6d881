"""A request to one library as people send it: a slip (調書單), an e-mail, the text for a form of document delivery."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from indexer.record import Edition
from search_api.lending import openurl
from search_api.lending.notes import availability_note
from search_api.lending.reasons import Lender
from search_api.lending.request import Suppliable, described
from search_api.lending.sought import SERIALS
from search_api.lending.words import Words
from search_api.texts import Texts

MAX_MAILTO = 8_000
"""Characters of an address that mail programs take; Chinese takes nine for one of its own."""

Lines = tuple[tuple[str, str], ...]
"""Labels and values; what is not stated is left out."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A request to one library in every form."""

    request: Suppliable
    lender: Lender
    t: Texts
    words: Words
    resolver: str  # where OpenURLs lead

    @property
    def kind(self) -> str:
        """借書, 期刊複印, 圖書複印 or 博碩士論文複印."""
        return self.t(f"lending.kind_{self.request.kind}")

    def wanted(self) -> Lines:
        """What is wanted, in the words of forms."""
        told = described(self._edition, self.request.sought)
        kind = self.request.kind
        title = {"serial_copy": "f_journal", "thesis_copy": "f_thesis"}.get(kind, "f_title")
        imprint = "：".join(filter(None, (told.place, told.publisher)))
        serial = self._edition.format in SERIALS
        pairs = (
            (title, told.title + (f" : {told.subtitle}" if told.subtitle else "")),
            ("f_author", "" if serial else told.author),
            ("f_edition", told.edition),
            ("f_imprint", "" if serial else imprint),
            ("f_isbn", told.isbn),
            ("f_issn", told.issn),
            ("f_article", told.article),
            ("f_article_author", told.article_author),
            ("f_volume", told.volume),
            ("f_issue", told.issue),
            ("f_year", told.year),
            ("f_pages", told.pages),
        )
        lines = [(self.t(f"lending.{key}"), value) for key, value in pairs if value]
        if self.request.sought.which == "any":
            lines.append((self.t("lending.which"), self.t("lending.f_any_edition")))
        return tuple(lines)

    def there(self) -> Lines:
        """Where the library has it, and what its system said."""
        holdings = self.lender.statement if self._edition.format in SERIALS else ""
        pairs = (
            ("f_place", self.words.where(self.lender)),
            ("f_call_number", self.lender.call_number),
            ("f_record", self.lender.local_id),
            ("f_holdings", holdings),
            ("f_state", availability_note(self.lender, self.t, self.request.at, for_people=True)),
        )
        return tuple((self.t(f"lending.{key}"), value) for key, value in pairs if value)

    def desks(self) -> Lines:
        """Number, day and the two libraries."""
        borrower = self.request.borrower
        sought = self.request.sought
        pairs = (
            ("f_kind", self.kind),
            ("f_number", self.request.number),
            ("f_date", self.t.full_day(self.request.at.date())),
            ("f_needed_by", self.t.full_day(sought.needed_by) if sought.needed_by else ""),
            ("f_lender", self._name(self.lender.library)),
            ("f_borrower", self._name(borrower.code) if borrower else ""),
            ("f_address", self.words.label(borrower.lending.address) if borrower else ""),
        )
        return tuple((self.t(f"lending.{key}"), value) for key, value in pairs if value)

    def form(self) -> str:
        """The text to paste into a document-delivery system's form."""
        return self._text((*self.desks(), *self.wanted(), *self.there()))

    @property
    def address(self) -> str:
        """Where the e-mail goes; "" when the library gives none."""
        return self.request.libraries[self.lender.library].lending.email

    def subject(self) -> str:
        told = described(self._edition, self.request.sought)
        return self.t("lending.email_subject", kind=self.kind, title=told.article or told.title)

    def body(self) -> str:
        """The e-mail's text."""
        t = self.t
        borrower = self.request.borrower
        told = (t("lending.f_number"), t("lending.f_needed_by"))
        signed: list[str] = []
        if borrower:
            named = (self._name(borrower.code), self.words.label(borrower.lending.address), borrower.lending.email)
            signed = [one for one in named if one]
        return "\n".join(
            (
                t("lending.mail_hello", library=self._name(self.lender.library)),
                "",
                t(f"lending.mail_{self.request.sought.service}"),
                "",
                self._text(self.wanted()),
                self._text(self.there()),
                self._text([line for line in self.desks() if line[0] in told]),
                "",
                t("lending.mail_end"),
                *signed,
            )
        )

    def mailto(self) -> str:
        """An address that opens the mail program with the draft (RFC 6068); "" when there is no address, or no mail
        program would take so long a one."""
        if not self.address:
            return ""
        body = quote(self.body().replace("\n", "\r\n"), safe="")
        made = f"mailto:{quote(self.address, safe='@')}?subject={quote(self.subject(), safe='')}&body={body}"
        return made if len(made) <= MAX_MAILTO else f"mailto:{quote(self.address, safe='@')}"

    def openurl(self) -> str:
        return openurl.address(self.resolver, described(self._edition, self.request.sought), self._edition.format)

    def _text(self, lines: Lines | list[tuple[str, str]]) -> str:
        return "\n".join(self.t("lending.f_line", label=label, value=value) for label, value in lines)

    def _name(self, code: str) -> str:
        return self.words.label(self.request.libraries[code].name)

    @property
    def _edition(self) -> Edition:
        return self.request.editions[self.lender.edition]
