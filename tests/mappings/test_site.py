"""The consortium's file: the shipped one holds, and every mistake is told with file, key and what is allowed."""

import re
from pathlib import Path

import pytest

from mappings.site import MOST_BYTES, Covers, SiteInvalid, load_site

NAME = '[name]\nzh-Hant = "島"\nen = "Island"\n'


def site_file(folder: Path, text: str) -> Path:
    file = folder / "site.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_shipped_file_is_the_demos() -> None:
    site = load_site()
    assert site.name["zh-Hant"] == "島嶼聯合目錄"
    assert [example.text for example in site.examples][:2] == ["紅樓夢", "吳明益"]
    assert site.zone.key == "Asia/Taipei"


def test_a_name_is_enough(tmp_path: Path) -> None:
    site = load_site(site_file(tmp_path, NAME))
    assert (site.logo, site.links, site.covers.origin) == ("", (), "")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "name: is required"),
        ('[name]\nen = "Island"\n', "give a text for zh-Hant"),
        (NAME + 'kr = "섬"\n', "kr: must be one of zh-Hant, en, ja, vi, id, th"),
        ('colour = "#123456"\n' + NAME, "colour = '#123456': no such key; allowed are about, colours, covers"),
        (NAME + '[colours.light]\nseal = "red"\n', "colours.light.seal = 'red'"),
        (NAME + '[colours.light]\nink = "#000000"\n', "no such key; allowed are link, seal"),
        ('time_zone = "Taipei"\n' + NAME, "time_zone = 'Taipei'"),
        ('logo = "logo.svg"\n' + NAME, "logo = 'logo.svg': there is no such file beside it"),
        ('logo = "../logo.svg"\n' + NAME, "logo = '../logo.svg': must be the name of a file beside this one"),
        ('logo = "logo.exe"\n' + NAME, "ends in .svg, .png"),
        ('themes = "ours.toml"\n' + NAME, "themes = 'ours.toml': there is no such file beside it"),
        (NAME + '[[links]]\nurl = "javascript:alert(1)"\nlabel = {zh-Hant = "甲", en = "A"}\n', "must be an address"),
        (NAME + '[[links]]\nurl = "//evil.example"\nlabel = {zh-Hant = "甲", en = "A"}\n', "must be an address"),
        (NAME + '[[examples]]\ntext = "a"\nlanguage = "English"\n', "examples.0.language = 'English'"),
        (NAME + '[covers]\nurl = "http://covers.example/{isbn}"\n', "must be empty, or an https address"),
        (NAME + '[covers]\nurl = "https://{isbn}.example/"\n', "must be empty, or an https address"),
        (NAME + '[covers]\nurl = "https://covers.example/"\n', "with {isbn} once"),
        (NAME + '[covers]\nurl = "https://a.example;b.example/{isbn}"\n', "must have a host of letters"),
        (NAME + '[covers]\nurl = "https://*.example/{isbn}"\n', "must have a host of letters"),
        ('request_url = "https://a.example/?t={titel}"\n' + NAME, "in braces one of title, creator, isbn, year, url"),
        ('request_url = "javascript:alert(1)"\n' + NAME, "request_url"),
        ("[name\n", "not readable as TOML"),
    ],
)
def test_a_mistake_stops_the_start_up_with_file_and_key(tmp_path: Path, text: str, says: str) -> None:
    file = site_file(tmp_path, text)
    with pytest.raises(SiteInvalid, match=re.escape(says)) as caught:
        load_site(file)
    assert str(caught.value).startswith(str(file))


def test_a_logo_that_would_slow_every_page_is_refused(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(bytes(MOST_BYTES + 1))
    with pytest.raises(SiteInvalid, match="larger than 200000 bytes"):
        load_site(site_file(tmp_path, 'logo = "logo.png"\n' + NAME))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SiteInvalid, match="not readable"):
        load_site(tmp_path / "none.toml")


def test_a_cover_is_asked_for_by_isbn_and_only_where_there_is_one() -> None:
    covers = Covers(url="https://covers.example:8443/b/{isbn}.jpg?default=false")
    assert covers.of("9789863501237") == "https://covers.example:8443/b/9789863501237.jpg?default=false"
    assert covers.origin == "https://covers.example:8443"
    assert covers.of("") == Covers().of("9789863501237") == ""
