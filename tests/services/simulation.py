"""All services at once, on the loopback interface, over one world."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from datetime import datetime, timedelta
from types import TracebackType

from tests.services.arxiv import Arxiv
from tests.services.blogs import Blogs
from tests.services.daily_papers import DailyPapers
from tests.services.paperswithcode import PapersWithCode
from tests.services.rules import ARXIV, Rules
from tests.services.server import Asked, Handler, Reply, Server, Wire
from tests.services.trouble import Trouble
from tests.services.world import World

from papers_tui.sources.http.pace import ARXIV as ARXIV_FAMILY
from papers_tui.sources.http.pace import Manners, Rule
from papers_tui.sources.http.turns import Clock

SERVICES = ("huggingface", ARXIV, "paperswithcode", "blogs")


class Simulation:
    """The services, each a server of its own, for as long as it is entered.

    `huggingface`, `arxiv`, `paperswithcode` and `blogs` are what answers: their fields may be set at any time.
    `interval` is the pause, in seconds, that arXiv is to be left between requests.
    """

    def __init__(self, world: World | None = None, *, interval: float = 3.0) -> None:
        self.world = world or World()
        self.trouble = Trouble()
        self.rules = Rules(lambda: self.world.now, interval=interval)
        self.huggingface = DailyPapers(self.world)
        self.arxiv = Arxiv(self.world)
        self.paperswithcode = PapersWithCode(self.world)
        self.blogs = Blogs(self.world)
        handlers: dict[str, Handler] = {
            "huggingface": self.huggingface,
            ARXIV: self.arxiv,
            "paperswithcode": self.paperswithcode,
            "blogs": self.blogs,
        }
        self.servers = {name: Server(self._watched(name, handlers[name])) for name in SERVICES}
        self._stack = ExitStack()

    def origin(self, service: str) -> str:
        """Where one of SERVICES is, such as http://127.0.0.1:8080."""
        return self.servers[service].url("")

    def feed(self, blog: int) -> str:
        """The address of a blog's feed."""
        return f"{self.origin('blogs')}/blog/{blog}.xml"

    def page(self, blog: int) -> str:
        """The address of a blog's page, which names its feed."""
        return f"{self.origin('blogs')}/blog/{blog}.html"

    def config_toml(self) -> str:
        """The table for config.toml that sends the program here."""
        return (
            "[services]\n"
            f'huggingface = "{self.origin("huggingface")}"\n'
            f'arxiv_api = "{self.origin(ARXIV)}"\n'
            f'arxiv_rss = "{self.origin(ARXIV)}"\n'
            f'paperswithcode = "{self.origin("paperswithcode")}"\n'
        )

    def manners(self) -> Manners:
        """The program's manners, with arXiv's pause for the server that stands for it."""
        return Manners(
            services={self.servers[ARXIV].authority: ARXIV_FAMILY},
            rules={ARXIV_FAMILY: Rule(self.rules.interval, at_once=1, shared=True)},
        )

    def clock(self) -> Clock:
        """The world's time as the program's: to wait for a moment is to set the world to it.

        So arXiv's pauses and a server's Retry-After are kept to the second, and cost none.
        """

        async def sleep(seconds: float) -> None:
            due = self.world.now + timedelta(seconds=seconds)
            await asyncio.sleep(0)
            self.world.now = max(self.world.now, due)

        def now() -> datetime:
            return self.world.now

        return Clock(now=now, ticks=lambda: now().timestamp(), sleep=sleep)

    def __enter__(self) -> Simulation:
        for server in self.servers.values():
            self._stack.enter_context(server)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.trouble.ended.set()
        self._stack.close()

    def _watched(self, service: str, handler: Handler) -> Handler:
        def watched(asked: Asked) -> Reply | Wire:
            self.rules.begin(service, asked, self.servers[service].open)
            answer = None
            try:
                answer, spoiled = self.trouble.answer(asked, handler)
            finally:
                # The server takes no notice of what its handlers raise.
                if answer is None:
                    self.rules.failed(service, asked)
            self.rules.end(service, asked, answer, spoiled=spoiled)
            return answer

        return watched
