"""Which messages of a group a bot gets to see.

Source: core.telegram.org/bots/features, "Privacy mode"; core.telegram.org/bots/faq, "What
messages will my bot get?". With privacy mode on: commands meant for the bot, general commands
unless another bot was the last to write, replies to the bot, and messages sent via it; service
messages come always; administrators see everything but other bots' messages.
"""

from dataclasses import dataclass

from tests.botapi.chats import Group
from tests.botapi.messages import Message
from tests.botapi.people import User


@dataclass(slots=True, kw_only=True)
class Privacy:
    """The bot's setting with BotFather.

    `sees_mentions` decides on a plain @mention in privacy mode, on which sources disagree: the
    documentation does not list it, though many report that it arrives.
    """

    is_on: bool = True
    sees_mentions: bool = False

    def is_visible(self, group: Group, message: Message, bot: User) -> bool:
        """Tell whether `bot` gets this message of `group`."""
        if not group.holds_bot or message.is_service:
            return group.holds_bot
        if message.sender.is_bot:
            return False
        if not self.is_on or group.bot_status == "administrator" or message.via_bot == bot:
            return True
        original = message.reply_to
        if original is not None and original.sender.is_bot and not original.is_service:
            # "Replies have the highest priority": one to another bot is for that bot alone.
            return original.sender == bot
        return self._is_addressed(group, message, bot)

    def _is_addressed(self, group: Group, message: Message, bot: User) -> bool:
        own_name = f"@{bot.username}".lower()
        for command in message.marked("bot_command"):
            name = command.lower().partition("@")[2]
            if f"@{name}" == own_name or (not name and group.last_bot_id in {0, bot.id}):
                return True
        mentions = (each.lower() for each in message.marked("mention"))
        return self.sees_mentions and own_name in mentions
