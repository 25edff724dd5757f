"""The proxy in front of several replicas passes none of an update's chances over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
from aiohttp import web

from tests.botapi.balancer import Balancer


class Replica:
    """A bot that answers with a status, or not at all for as long as it is paused."""

    def __init__(self) -> None:
        self.status = 200
        self.awake = asyncio.Event()
        self.awake.set()
        self.bodies: list[bytes] = []
        self.secrets: list[str] = []
        self.port = 0

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Take one request."""
        await self.awake.wait()
        self.bodies.append(await request.read())
        self.secrets.append(request.headers["X-Secret"])
        return web.Response(status=self.status)


@asynccontextmanager
async def listening(replica: Replica) -> AsyncIterator[Replica]:
    """Let a replica listen."""
    runner = web.ServerRunner(web.Server(replica.handle), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    replica.port = runner.addresses[0][1]
    yield replica
    await runner.cleanup()


@asynccontextmanager
async def balanced(count: int) -> AsyncIterator[tuple[Balancer, list[Replica]]]:
    """Put a balancer in front of so many replicas."""
    async with AsyncExitStack() as stack:
        replicas = [await stack.enter_async_context(listening(Replica())) for _ in range(count)]
        ports = [replica.port for replica in replicas]
        yield await stack.enter_async_context(Balancer(ports, patience_s=0.2)), replicas


async def posted(url: str) -> int:
    """Return the status that an update gets."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/hook", data=b"{}", headers={"X-Secret": "s"}) as response,
    ):
        return response.status


async def test_replicas_take_turns() -> None:
    """Each gets its share, with the headers that came."""
    async with balanced(2) as (balancer, replicas):
        assert [await posted(balancer.url) for _ in range(4)] == [200] * 4
        assert [len(replica.bodies) for replica in replicas] == [2, 2]
        assert replicas[0].secrets == ["s", "s"]
        assert balancer.taken == {replica.port: 2 for replica in replicas}


async def test_the_next_takes_what_one_refuses_or_never_answers() -> None:
    """A status that is not 200, and a process that is paused, cost the update nothing."""
    async with balanced(3) as (balancer, (refusing, paused, well)):
        refusing.status = 503
        paused.awake.clear()
        assert [await posted(balancer.url) for _ in range(3)] == [200] * 3
        assert len(well.bodies) == 3
        assert balancer.taken == {well.port: 3}
        paused.awake.set()


async def test_with_nobody_there_telegram_must_repeat() -> None:
    """An update that no replica took is not told to be taken, and then it is again."""
    async with balanced(1) as (balancer, (only,)):
        only.status = 503
        assert await posted(balancer.url) == 503
        only.status = 200
        assert await posted(balancer.url) == 200
    async with Balancer([only.port]) as balancer:
        assert await posted(balancer.url) == 503
