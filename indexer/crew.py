"""The processes that a long load is shared out among; without them, or when they die, the work is done here.

What they give comes in the order in which it was asked for, so it does not matter how many there are.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait
from types import TracebackType
from typing import TypeVar

from sqlalchemy import URL

from harvester.store import Store
from harvester.tables import engine_of
from mappings.library import Library

A = TypeVar("A")
R = TypeVar("R")

AHEAD = 2
"""Pieces of work given to each process before the first is needed: enough that none waits, few enough for memory."""


RARELY = (100_000, 50, 1000)
"""When the garbage collector looks at objects: a load makes millions that all die at once, and looking through them
takes a quarter of its time."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What every process works with."""

    store: Store
    libraries: Mapping[str, Library]


Work = Callable[[Tools, A], R]
"""A function of a module, so that another process finds it; what goes in and comes out can be pickled."""


class Crew:
    """``size`` processes, begun with the first work; none when it is 0, or this machine has one core."""

    def __init__(self, tools: Tools, size: int) -> None:
        self._tools = tools
        self._size = size if (os.cpu_count() or 1) > 1 else 0
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def alone(self) -> Crew:
        """A crew for what is too little to be shared out."""
        return Crew(self._tools, 0)

    def close(self) -> None:
        """Ends the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def map(self, work: Work[A, R], pieces: Iterable[A]) -> Generator[R, None, None]:
        """What the work makes of each piece, in their order; a few pieces are taken before they are needed."""
        waiting: deque[tuple[A, Future[R] | None]] = deque()
        coming = iter(pieces)
        ended = False
        while True:
            while not ended and len(waiting) <= AHEAD * self._size:
                try:
                    piece = next(coming)
                except StopIteration:
                    ended = True
                else:
                    waiting.append((piece, self._given(work, piece)))
            if not waiting:
                return
            piece, future = waiting.popleft()
            yield self._done(work, piece, future)

    def _given(self, work: Work[A, R], piece: A) -> Future[R] | None:
        """The piece given to a process; None when there is none to give it to."""
        if not self._size:
            return None
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._size,
                multiprocessing.get_context("spawn"),
                initializer=_begin,
                initargs=(self._tools.store.engine.url, dict(self._tools.libraries)),
            )
        try:
            return self._pool.submit(_there, work, piece)
        except BrokenProcessPool:
            self._give_up()
            return None

    def _done(self, work: Work[A, R], piece: A, future: Future[R] | None) -> R:
        if future is not None:
            try:
                return future.result()
            except BrokenProcessPool:  # killed, most likely for want of memory: nothing is lost, work goes on here
                self._give_up()
        return work(self._tools, piece)

    def _give_up(self) -> None:
        self.close()
        self._size = 0


# In the other processes

_tools: list[Tools] = []
"""The process's own, set once when it begins: sent with every piece the libraries would take longer than the work."""


def _begin(url: URL, libraries: dict[str, Library]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that gives the work
    _tools.append(Tools(Store(engine_of(url)), libraries))
    gc.freeze()  # what is here now stays
    gc.set_threshold(*RARELY)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Ends this process when the one that gives it work is gone, be it killed: nobody else would."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _there(work: Work[A, R], piece: A) -> R:
    return work(_tools[0], piece)
