"""Servers for tests that are not coroutines: an asynchronous context manager kept open in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import TypeVar

import uvicorn

from search_api.app import create_app
from search_api.services import open_services
from search_api.settings import Settings

T = TypeVar("T")


@contextmanager
def in_background(open_it: Callable[[], AbstractAsyncContextManager[T]]) -> Iterator[T]:
    """What the context manager gives, while its event loop runs in a thread; closed in order at the end."""
    opened: list[T] = []
    failed: list[BaseException] = []
    ready = threading.Event()
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def run() -> None:
        stop = asyncio.Event()
        loops.append((asyncio.get_running_loop(), stop))
        async with open_it() as value:
            opened.append(value)
            ready.set()
            await stop.wait()

    def thread() -> None:
        try:
            asyncio.run(run())
        except BaseException as exc:  # handed to the test's own thread below
            failed.append(exc)
        finally:
            ready.set()

    worker = threading.Thread(target=thread)
    worker.start()
    ready.wait()
    try:
        if failed:
            raise failed[0]
        yield opened[0]
    finally:
        if worker.is_alive():
            loop, stop = loops[0]
            loop.call_soon_threadsafe(stop.set)
            worker.join()
    if failed:
        raise failed[0]


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[str]:
    """The product's own web server on a free port; its base URL."""
    services = await open_services(settings)
    server = uvicorn.Server(uvicorn.Config(create_app(services), host="127.0.0.1", port=0, log_level="warning"))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if task.done():
                await task
            await asyncio.sleep(0)
        [socket] = server.servers[0].sockets
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
