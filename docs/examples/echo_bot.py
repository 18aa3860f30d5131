"""A bot that says everything back: `python echo_bot.py user@host:port`, its password in ECHO_PASSWORD."""

import os
import sys

from twisted.internet import task
from twisted.internet.defer import Deferred

from naivechat.client import ChatClient, MessageShown, ServerAddress


async def echo(reactor):
    """Log in and say back what others say."""
    address = ServerAddress.parse(sys.argv[1])
    bot = ChatClient(reactor, address, password=os.environ["ECHO_PASSWORD"], device="bot")

    async def say_back(shown: MessageShown) -> None:
        if not shown.mine and shown.message.msg_type == 0:
            await bot.send(shown.talk_type, shown.talk_id, shown.message.msg_text)

    bot.on(MessageShown, say_back)
    await bot.start(patient=True)
    print(f"{bot.user_id} listens", flush=True)
    await Deferred()  # until it is interrupted


if __name__ == "__main__":
    task.react(lambda reactor: Deferred.fromCoroutine(echo(reactor)))
