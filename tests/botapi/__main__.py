"""Talk to a bot from the terminal, with no Telegram account: `python -m tests.botapi`."""

import argparse
import asyncio
import contextlib

from tests.botapi.control import Control
from tests.botapi.server import BotApi
from tests.botapi.terminal import converse


def main() -> None:
    """Run the server until end of input or Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.botapi", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="default: %(default)s; 0: any")
    parser.add_argument(
        "--linger",
        type=float,
        default=10.0,
        metavar="SECONDS",
        help="at end of input, how long to wait for answers still due (default: %(default)s)",
    )
    parser.add_argument(
        "--group", action="store_true", help="write in a group that the bot is in, not in private"
    )
    parser.add_argument(
        "--control", action="store_true", help="take commands as JSON lines, for load generators"
    )
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(options))


async def _serve(options: argparse.Namespace) -> None:
    async with BotApi(port=options.port) as api:
        if options.control:
            await Control(api).run()
        else:
            await converse(api, linger_s=options.linger, in_group=options.group)


if __name__ == "__main__":
    main()
