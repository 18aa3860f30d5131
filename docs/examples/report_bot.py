"""Writes each line that it reads to a group, as a bot: `df -h / | python report_bot.py GROUP`.

API_URL says where the admin port is, API_TOKEN holds an operator's token, BOT names the bot (report-bot, where it is not set).
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

BOT = os.environ.get("BOT", "report-bot")


def ask(method, path, body, **headers):
    """Make a request, again when the node says or when nothing came back; the answer's status and JSON."""
    headers |= {"Authorization": f"Bearer {os.environ['API_TOKEN']}", "Content-Type": "application/json"}
    url = f"{os.environ['API_URL']}/api/v1{path}"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method=method)
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            if refused.code not in (429, 503):
                return refused.code, json.load(refused)
            time.sleep(int(refused.headers["Retry-After"]))
        except OSError:
            time.sleep(1)


def main():
    """Make the bot where it is not there yet, and let it write."""
    status, made = ask("POST", "/bots", {"user_id": BOT, "nickname": "Reports"})
    # 403: the token is this bot's own, which makes none.
    if status not in (201, 403, 409):
        sys.exit(made["detail"])
    for line in filter(str.strip, sys.stdin):
        message = {"to": "group", "id": sys.argv[1], "text": line.rstrip("\n")}
        # The same key each time the message is tried: it is written once.
        key = {"Idempotency-Key": str(uuid.uuid4())}
        status, sent = ask("POST", f"/bots/{BOT}/messages", message, **key)
        if status != 200:
            sys.exit(sent["detail"])


if __name__ == "__main__":
    main()
