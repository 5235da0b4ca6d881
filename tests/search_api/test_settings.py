"""Settings are read from the environment once, and a misspelling stops the start-up."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from indexer.engine.layout import Layout
from mappings.library import LIBRARIES_FOLDER
from search_api.settings import Settings, SettingsInvalid


def test_without_any_variable_one_machine_is_served() -> None:
    settings = Settings.from_environment({"PATH": "/usr/bin", "HOME": "/root"})
    assert settings == Settings()
    assert settings.libraries == LIBRARIES_FOLDER
    assert settings.database_url == "sqlite:///state/catalogue.sqlite3"
    assert settings.index_folder == Path("state/index")
    assert settings.engine == ""


def test_every_variable_is_read() -> None:
    settings = Settings.from_environment(
        {
            "ALLSHELVES_HOME": "/srv/allshelves",
            "ALLSHELVES_LIBRARIES": "/etc/allshelves",
            "ALLSHELVES_DATABASE": "postgresql+psycopg://db/allshelves",
            "ALLSHELVES_ENGINE": "https://reader:secret@one.example:9200, https://[::1]:9200",
            "ALLSHELVES_SHARDS": "3",
            "ALLSHELVES_REPLICAS": "0",
            "ALLSHELVES_CONTACT": "union@example.org",
            "ALLSHELVES_LANGUAGE": "zh-Hant",
            "ALLSHELVES_HOST": "0.0.0.0",
            "ALLSHELVES_PORT": "80",
            "ALLSHELVES_DEADLINE_SECONDS": "1.5",
            "ALLSHELVES_CACHE_SECONDS": "0",
            "ALLSHELVES_KEEP_SECONDS": "60",
            "ALLSHELVES_PUBLIC_URL": "https://union.example:8443/",
        }
    )
    assert settings == Settings(
        home=Path("/srv/allshelves"),
        libraries=Path("/etc/allshelves"),
        database="postgresql+psycopg://db/allshelves",
        engine="https://reader:secret@one.example:9200, https://[::1]:9200",
        layout=Layout(shards=3, replicas=0),
        contact="union@example.org",
        language="zh-Hant",
        host="0.0.0.0",
        port=80,
        deadline_seconds=1.5,
        cache_seconds=0,
        keep_seconds=60,
        public_url="https://union.example:8443",
    )
    assert settings.database_url == "postgresql+psycopg://db/allshelves"


def test_a_relative_folder_of_libraries_is_below_where_the_program_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_environment({"ALLSHELVES_LIBRARIES": "members/now"})
    monkeypatch.chdir("/")
    assert settings.libraries == tmp_path / "members" / "now", "and stays there"
    assert Settings.from_environment({"ALLSHELVES_LIBRARIES": "~/now"}).libraries == Path.home() / "now"


def test_an_empty_variable_counts_as_not_set() -> None:
    assert Settings.from_environment({"ALLSHELVES_ENGINE": "", "ALLSHELVES_PORT": " "}) == Settings()


WRONG = [
    ("ALLSHELVES_LANGUAGE", "zh", "must be one of zh-Hant, en"),
    ("ALLSHELVES_HOEM", "x", r"ALLSHELVES_HOEM = 'x': no such setting; allowed are .*ALLSHELVES_HOME"),
    ("ALLSHELVES_ENGINE", "localhost:9200", r"must be empty \(embedded\) or http\(s\) URLs"),
    ("ALLSHELVES_ENGINE", "http://one:9200,", r"must be empty \(embedded\) or http\(s\) URLs"),
    ("ALLSHELVES_ENGINE", "http://one:9200,two:9200", r"must be empty \(embedded\) or http\(s\) URLs"),
    ("ALLSHELVES_ENGINE", "http://one:ninety", r"must be empty \(embedded\) or http\(s\) URLs"),
    ("ALLSHELVES_ENGINE", "http://[::1", r"must be empty \(embedded\) or http\(s\) URLs"),
    ("ALLSHELVES_SHARDS", "0", "must be a whole number from 1 to 100"),
    ("ALLSHELVES_REPLICAS", "-1", "must be a whole number from 0 to 10"),
    ("ALLSHELVES_REPLICAS", "0-1", "must be a whole number from 0 to 10"),
    ("ALLSHELVES_CONTACT", "the union catalogue", "must be empty or an e-mail address"),
    ("ALLSHELVES_PORT", "http", "must be a whole number from 0 to 65535"),
    ("ALLSHELVES_PORT", "65536", "must be a whole number from 0 to 65535"),
    ("ALLSHELVES_PORT", "80.5", "must be a whole number"),
    ("ALLSHELVES_DEADLINE_SECONDS", "0", "must be a number from 0.05 to 30"),
    ("ALLSHELVES_DEADLINE_SECONDS", "nan", "must be a number"),
    ("ALLSHELVES_CACHE_SECONDS", "-1", "must be a number from 0 to 600"),
    ("ALLSHELVES_UNLIMITED", "140.112.0.0/16, campus", "must be addresses or networks, separated by commas"),
    ("ALLSHELVES_UNLIMITED", "140.112.0.1/16", "has host bits set"),
    ("ALLSHELVES_TRUSTED_PROXIES", "proxy", "must be addresses or networks"),
    ("ALLSHELVES_HSTS_SECONDS", "a year", "must be a whole number"),
    ("ALLSHELVES_RATE_LIMIT", "-1", "must be a number from 0"),
]


@pytest.mark.parametrize(("name", "value", "message"), WRONG)
def test_a_wrong_variable_stops_the_start_with_what_is_allowed(name: str, value: str, message: str) -> None:
    with pytest.raises(SettingsInvalid, match=message):
        Settings.from_environment({name: value})


def test_the_token_that_all_staff_shared_is_refused_without_telling_it() -> None:
    with pytest.raises(
        SettingsInvalid, match="ALLSHELVES_STAFF_TOKEN is no setting any more: people have accounts"
    ) as no:
        Settings.from_environment({"ALLSHELVES_STAFF_TOKEN": "a secret"})
    assert "a secret" not in str(no.value)


def test_the_token_of_metrics_is_shown_nowhere() -> None:
    assert "a secret" not in repr(Settings.from_environment({"ALLSHELVES_METRICS_TOKEN": "a secret"}))


def test_what_stands_in_front_and_who_is_never_limited_is_read() -> None:
    settings = Settings.from_environment(
        {
            "ALLSHELVES_TRUSTED_PROXIES": "10.0.0.1, 2001:db8::/32",
            "ALLSHELVES_UNLIMITED": "140.112.0.0/16,2001:288::/32",
            "ALLSHELVES_HSTS_SECONDS": "31536000",
            "ALLSHELVES_RATE_LIMIT": "0.5",
        }
    )
    assert settings.trusted_proxies == "10.0.0.1, 2001:db8::/32"
    assert settings.unlimited == (ip_network("140.112.0.0/16"), ip_network("2001:288::/32"))
    assert (settings.hsts_seconds, settings.rate_limit) == (31_536_000, 0.5)
    assert Settings.from_environment({"ALLSHELVES_TRUSTED_PROXIES": "*"}).trusted_proxies == "*"


@pytest.mark.parametrize(
    "url",
    ["union.example", "https://union.example/catalogue", "ftp://union.example", "https://a.example@b", "https://"],
)
def test_a_public_address_is_a_scheme_and_a_host(url: str) -> None:
    with pytest.raises(SettingsInvalid, match="ALLSHELVES_PUBLIC_URL"):
        Settings.from_environment({"ALLSHELVES_PUBLIC_URL": url})
