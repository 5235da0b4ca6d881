from __future__ import annotations

from pathlib import Path

import asyncssh
import pytest

from harvester.dump.places import Places
from harvester.errors import (
    AccessRefused,
    DumpUnusable,
    HarvestFailed,
    HostUnknown,
    SettingsUnusable,
    SourceUnreachable,
    Untrusted,
)
from harvester.store import Store
from mappings.library import Library
from tests.support.harvesting import live, run
from tests.support.marc_bytes import iso2709
from tests.support.oai import dump_library, sleepless
from tests.support.sftp import PASSWORD, sftp_server


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIVERTON_PASSWORD", PASSWORD)


def library(*files: str, **sftp: object) -> Library:
    return dump_library(*files, sftp={"password_env": "RIVERTON_PASSWORD", **sftp})


async def fetched(which: Library, where: str) -> dict[str, bytes]:
    async with sleepless() as http, Places(which, http) as places:
        got = [await places.fetch(file) for file in await places.look(where)]
        return {one.at.name: one.stream.read() for one in got if one is not None}


async def test_files_come_over_sftp_one_by_name_by_pattern_or_by_folder(tmp_path: Path) -> None:
    for name in ("a.mrc", "b 館.mrc", "c.txt"):
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "folder").mkdir()
    async with sftp_server(tmp_path) as server:
        known = library("x", host_key=server.host_key)
        assert await fetched(known, f"{server.url}/a.mrc") == {"a.mrc": b"a.mrc"}
        assert set(await fetched(known, f"{server.url}/*.mrc")) == {"a.mrc", "b 館.mrc"}
        assert set(await fetched(known, f"{server.url}/")) == {"a.mrc", "b 館.mrc", "c.txt"}


async def test_a_library_is_harvested_over_sftp_and_an_unchanged_file_is_known(tmp_path: Path) -> None:
    (tmp_path / "all.mrc").write_bytes(iso2709("1") + iso2709("2"))
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3")
    async with sftp_server(tmp_path) as server:
        member = library(f"{server.url}/all.mrc", host_key=server.host_key)
        (first,) = await run(store, member)
        (again,) = await run(store, member)
    assert (first.status, first.new, again.status, again.unchanged) == ("complete", 2, "complete", 2)
    assert live(store) == ["1", "2"]
    store.close()


async def test_our_key_opens_the_server_too(tmp_path: Path) -> None:
    (tmp_path / "a.mrc").write_bytes(b"a")
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "key")
    async with sftp_server(tmp_path, authorized_key=key.export_public_key().decode()) as server:
        port = server.url.rpartition(":")[2]
        (tmp_path / "known_hosts").write_text(f"[127.0.0.1]:{port} {server.host_key}\n")
        keys = {"key_file": "key", "known_hosts": "known_hosts"}
        member = dump_library("x", sftp=keys).model_copy(update={"file": tmp_path / "testlib.toml"})
        assert await fetched(member, f"{server.url}/a.mrc") == {"a.mrc": b"a"}


async def test_a_key_with_a_passphrase_as_ssh_keygen_makes_it_opens_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.mrc").write_bytes(b"a")
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "key", "openssh", passphrase="mumble", rounds=64)
    monkeypatch.setenv("RIVERTON_PASSPHRASE", "mumble")
    monkeypatch.setenv("RIVERTON_MISTAKEN", "rumble")
    async with sftp_server(tmp_path, authorized_key=key.export_public_key().decode()) as server:

        def with_key(passphrase: str) -> Library:
            keys = {"key_file": str(tmp_path / "key"), "key_passphrase_env": passphrase}
            return dump_library("x", sftp={"host_key": server.host_key, **keys})

        assert await fetched(with_key("RIVERTON_PASSPHRASE"), f"{server.url}/a.mrc") == {"a.mrc": b"a"}
        exc = await refusal(with_key("RIVERTON_MISTAKEN"), f"{server.url}/a.mrc")
    assert isinstance(exc, SettingsUnusable)
    assert "passphrase" in str(exc)
    assert "rumble" not in str(exc)


async def refusal(which: Library, where: str) -> HarvestFailed:
    with pytest.raises(HarvestFailed) as caught:
        await fetched(which, where)
    return caught.value


async def test_another_server_in_its_place_gets_no_password(tmp_path: Path) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    async with sftp_server(tmp_path) as server:
        exc = await refusal(library("x", host_key=other), f"{server.url}/a.mrc")
        shown = asyncssh.import_public_key(server.host_key).get_fingerprint()
    assert isinstance(exc, Untrusted)
    assert f"key is not the one in harvest.sftp (it shows ssh-ed25519 {shown})" in str(exc)


async def test_what_is_wrong_is_said_without_any_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with sftp_server(tmp_path) as server:
        known = library("x", host_key=server.host_key)
        cases: list[tuple[Library, str, type[HarvestFailed], str]] = [
            (known, f"{server.url}/absent.mrc", DumpUnusable, "no such file"),
            (known, f"{server.url}/absent/", DumpUnusable, "no such file"),
            (library("x"), f"{server.url}/a", SettingsUnusable, "harvest.sftp.host_key"),
            (library("x", host_key="no key"), f"{server.url}/a", SettingsUnusable, "harvest.sftp.host_key: 'no key'"),
            (library("x", known_hosts="absent"), f"{server.url}/a", SettingsUnusable, "harvest.sftp.known_hosts names"),
            (known, server.url.replace("riverton@", "") + "/a", SettingsUnusable, "names no user"),
            (known, "sftp://riverton@nosuch.invalid/a", HostUnknown, "nosuch.invalid: nobody knows a host"),
            (known, server.url.replace("riverton@", "other@") + "/a", AccessRefused, "ermission denied"),
            (
                library("x", host_key=server.host_key, key_file="absent"),
                f"{server.url}/a",
                SettingsUnusable,
                "key_file",
            ),
        ]
        for which, where, kind, words in cases:
            exc = await refusal(which, where)
            assert isinstance(exc, kind), (where, exc)
            assert words in str(exc)
            assert PASSWORD not in str(exc)
        monkeypatch.delenv("RIVERTON_PASSWORD")
        assert "names RIVERTON_PASSWORD, which is not set" in str(await refusal(known, f"{server.url}/a"))


async def test_a_server_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    async with sftp_server(tmp_path) as server:
        known = library("x", host_key=server.host_key)
    exc = await refusal(known, f"{server.url}/a")
    assert isinstance(exc, SourceUnreachable)
    assert str(exc).endswith("no connection: connection refused")
