"""What a format is called where editions are taken to: one row for each format."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.record import Format


@dataclass(frozen=True, slots=True)
class Kind:
    """The names of one format in other vocabularies."""

    ris: str  # TY of RIS
    bibtex: str  # entry type
    csl: str  # type of CSL 1.0.2
    schema: str  # type of schema.org
    zotero: str  # item type, for COinS in Dublin Core; "" where COinS has a format of its own
    gbt: str  # mark of GB/T 7714
    book_format: str = ""  # bookFormat of schema.org
    medium: str = ""  # said in citations, in English
    medium_zh: str = ""


KINDS: dict[Format, Kind] = {
    Format.BOOK: Kind("BOOK", "book", "book", "Book", "", "M"),
    Format.EBOOK: Kind("EBOOK", "book", "book", "Book", "", "M/OL", "EBook"),
    Format.AUDIOBOOK: Kind(
        "SOUND", "book", "book", "Audiobook", "audioRecording", "M", "AudiobookFormat", "Audiobook", "有聲書"
    ),
    Format.SERIAL: Kind("SER", "misc", "periodical", "Periodical", "journalArticle", "J"),
    Format.NEWSPAPER: Kind("SER", "misc", "periodical", "Newspaper", "newspaperArticle", "N"),
    Format.THESIS: Kind("THES", "phdthesis", "thesis", "Thesis", "thesis", "D", "", "Thesis", "學位論文"),
    Format.SCORE: Kind("MUSIC", "misc", "musical_score", "SheetMusic", "document", "Z", "", "Score", "樂譜"),
    Format.MAP: Kind("MAP", "misc", "map", "Map", "map", "CM", "", "Map", "地圖"),
    Format.SOUND: Kind("SOUND", "misc", "song", "MusicRecording", "audioRecording", "Z", "", "Sound recording", "錄音"),
    Format.FILM: Kind("VIDEO", "misc", "motion_picture", "Movie", "videoRecording", "Z", "", "Film", "影片"),
    Format.PICTURE: Kind("ART", "misc", "graphic", "VisualArtwork", "artwork", "Z", "", "Picture", "圖像"),
    Format.SOFTWARE: Kind(
        "COMP", "misc", "software", "SoftwareApplication", "computerProgram", "CP", "", "Software", "電腦軟體"
    ),
    Format.KIT: Kind("GEN", "misc", "document", "CreativeWork", "document", "Z", "", "Kit", "多媒體組合"),
    Format.GAME: Kind("GEN", "misc", "document", "Game", "document", "Z", "", "Game", "遊戲"),
    Format.PICTURE_BOOK: Kind("BOOK", "book", "book", "Book", "", "M"),
    Format.COMIC: Kind("BOOK", "book", "book", "Book", "", "M", "GraphicNovel"),
    Format.LARGE_PRINT: Kind("BOOK", "book", "book", "Book", "", "M"),
    Format.BRAILLE: Kind("BOOK", "book", "book", "Book", "", "M"),
    Format.ARTICLE: Kind("JOUR", "article", "article", "Article", "journalArticle", "J"),
    Format.MANUSCRIPT: Kind("MANSCPT", "unpublished", "manuscript", "Manuscript", "manuscript", "Z"),
    Format.OTHER: Kind("GEN", "misc", "document", "CreativeWork", "document", "Z"),
}
