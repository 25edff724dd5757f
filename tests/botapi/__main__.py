"""Talk to a bot from the terminal, with no Telegram account: `python -m tests.botapi`."""

import argparse
import asyncio
import contextlib
import sys
import threading

from tests.botapi.messages import Message
from tests.botapi.server import BotApi
from tests.botapi.users import ScriptedUser

_WELCOME = """\
A Bot API server is listening. Start the bot in another terminal with:

    TELEGRAM_BOT_TOKEN={token} TELEGRAM_API_BASE_URL={url} verbatim bot

Then write to it here, one message a line; Ctrl-D ends.
"""


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
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_converse(options.port, options.linger))


async def _converse(port: int, linger_s: float) -> None:
    async with BotApi(port=port) as api:
        _show(_WELCOME.format(token=api.token, url=api.base_url))
        user = api.user("You", username="you", language_code="en")
        printer = asyncio.create_task(_print_replies(user))
        try:
            said = await _say_lines(user)
            await _wait_for_replies(api, said, linger_s)
        finally:
            printer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await printer


async def _say_lines(user: ScriptedUser) -> int:
    """Send each line of standard input to the bot; return how many were sent."""
    said = 0
    lines = _read_lines()
    while (line := await lines.get()) is not None:
        if not line.strip():
            continue
        try:
            await user.say(line)
        except ValueError as refusal:
            _show(f"[not sent: {refusal}]")
        else:
            said += 1
    return said


def _read_lines() -> asyncio.Queue[str | None]:
    """Read standard input in a thread, which a daemon may leave waiting when the server ends."""
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        with contextlib.suppress(RuntimeError):  # the loop has closed: nobody listens
            for line in sys.stdin:
                loop.call_soon_threadsafe(lines.put_nowait, line.rstrip("\n"))
            loop.call_soon_threadsafe(lines.put_nowait, None)

    threading.Thread(target=read, daemon=True).start()
    return lines


async def _print_replies(user: ScriptedUser) -> None:
    while True:
        _show(_plain(await user.chat.replies.get()))


async def _wait_for_replies(api: BotApi, said: int, linger_s: float) -> None:
    """Wait until the bot has sent as many messages as it got, so that a pipe sees its answers."""
    if said:
        try:
            await api.calls.wait_for(
                "sendMessage",
                lambda _: sum(call.is_answered for call in api.calls.of("sendMessage")) >= said,
                timeout_s=linger_s,
            )
        except TimeoutError:
            _show(f"[no answer within {linger_s:g} s]")
        await asyncio.sleep(0)  # lets the printer have its turn


def _plain(message: Message) -> str:
    buttons = "".join(f"\n[{button['text']}]" for button in message.buttons)
    return f"{'Bot'} <- {message.text}{buttons}\n"


def _show(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
