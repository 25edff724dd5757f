"""A person's side of the conversation, at a terminal or through a pipe."""

import asyncio
import contextlib
import sys
from collections.abc import Callable

from tests.botapi.chats import Chat
from tests.botapi.groups import ScriptedGroup
from tests.botapi.lines import read_lines
from tests.botapi.messages import Message
from tests.botapi.server import BotApi
from tests.botapi.users import ScriptedUser

_WELCOME = """\
A Bot API server is listening. Start the bot in another terminal with:

    TELEGRAM_BOT_TOKEN={token} TELEGRAM_API_BASE_URL={url} verbatim bot

Then write to it here, one message a line. /press 2 presses button 2 of the bot's latest message
that has buttons, /press 2 17 that of message 17; /edit TEXT changes what you wrote last.
Ctrl-D ends.
"""


class Terminal:
    """One person, in private or in a group, and the messages whose buttons can be pressed."""

    def __init__(self, user: ScriptedUser, group: ScriptedGroup | None) -> None:
        self._user = user
        self._group = group
        self._said: Message | None = None
        self._with_buttons: dict[int, Message] = {}

    @property
    def chat(self) -> Chat:
        """Where the conversation takes place."""
        return self._group.chat if self._group else self._user.chat

    async def act(self, line: str) -> bool:
        """Do what a line asks for; tell whether it was a message to the bot.

        Raises:
            ValueError: when that is not possible; the text says why.
        """
        word, _, rest = line.partition(" ")
        if word == "/press":
            await self._press(rest.split())
            return False
        if word == "/edit" and self._said is not None:
            await self._user.edit(self._said, rest)
            return False
        self._said = await self._user.say(line, to=self._group)
        return True

    def show(self, message: Message) -> None:
        """Print what the bot has written, its buttons numbered."""
        if message.buttons:
            self._with_buttons.pop(message.message_id, None)
            self._with_buttons[message.message_id] = message
        document = f"[{message.document.name}] " if message.document else ""
        changed = " (changed)" if message.edit_date else ""
        buttons = "".join(
            f"\n  {number}. [{button['text']}] {button.get('url', '')}".rstrip()
            for number, button in enumerate(message.buttons, start=1)
        )
        _show(f"Bot, message {message.message_id}{changed}: {document}{message.text}{buttons}\n")

    async def _press(self, numbers: list[str]) -> None:
        if not numbers or not all(each.isdecimal() for each in numbers):
            raise ValueError("/press takes the number of a button")
        if len(numbers) > 1:
            message = self._with_buttons.get(int(numbers[1]))
        else:
            message = next(reversed(self._with_buttons.values()), None)
        if message is None or not 1 <= int(numbers[0]) <= len(message.buttons):
            raise ValueError("there is no such button")
        button = message.buttons[int(numbers[0]) - 1]
        if "callback_data" not in button:
            raise ValueError("that button does not call the bot")
        press = await self._user.press(message, data=button["callback_data"])
        with contextlib.suppress(TimeoutError):
            if text := (await press.wait_answer(timeout_s=5)).get("text"):
                _show(f"[{text}]")


async def converse(api: BotApi, *, linger_s: float, in_group: bool) -> None:
    """Send each line of standard input to the bot, and print what it writes."""
    _show(_WELCOME.format(token=api.token, url=api.base_url))
    user = api.user("You", username="you", language_code="en")
    group = None
    if in_group:
        group = api.supergroup("Group", user)
        group.add_bot()
    terminal = Terminal(user, group)
    printers = [
        asyncio.create_task(_print_each(queue, terminal.show))
        for queue in (terminal.chat.replies, terminal.chat.edits)
    ]
    try:
        said = await _act_on_lines(terminal)
        await _wait_for_replies(api, said, linger_s)
    finally:
        for printer in printers:
            printer.cancel()
        await asyncio.gather(*printers, return_exceptions=True)


async def _act_on_lines(terminal: Terminal) -> int:
    """Do what each line asks for; return how many were messages."""
    said = 0
    lines = read_lines()
    while (line := await lines.get()) is not None:
        if not line.strip():
            continue
        try:
            said += await terminal.act(line)
        except ValueError as refusal:
            _show(f"[not sent: {refusal}]")
    return said


async def _print_each(queue: asyncio.Queue[Message], show: Callable[[Message], None]) -> None:
    while True:
        show(await queue.get())


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
        await asyncio.sleep(0)  # lets the printers have their turn


def _show(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
