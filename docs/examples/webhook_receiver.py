"""Takes deliveries of a webhook: `python webhook_receiver.py PORT`, the hook's secret in NAIVECHAT_WEBHOOK_SECRET."""

import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = os.environ["NAIVECHAT_WEBHOOK_SECRET"].encode()
LONGEST_BODY = 1024 * 1024
WINDOW_S = 300

last_seq: dict[str, int] = {}  # of each group; a bot that must not repeat itself keeps it in a file


def is_genuine(header: str, body: bytes) -> bool:
    """Whether the node has made this delivery, within the last minutes."""
    parts = [part.partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    if len(times) != 1 or not times[0].isdecimal() or abs(time.time() - int(times[0])) > WINDOW_S:
        return False
    expected = hmac.new(SECRET, times[0].encode() + b"." + body, hashlib.sha256).hexdigest()
    return any(
        hmac.compare_digest(expected.encode(), value.encode()) for name, _, value in parts if name == "v1"
    )


def take(delivery: dict) -> None:
    """Do what the bot is there for, once for each event."""
    group_id = delivery["group_id"]
    for event in delivery["events"]:
        if event["seq"] <= last_seq.get(group_id, 0):
            continue  # it comes again: the answer to the first time was lost
        if event["event"] == "message":
            print(f"{group_id} {event['seq']} {event['sender_name']}: {event['msg_text']}", flush=True)
        last_seq[group_id] = event["seq"]


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 to what it has taken, 403 to what is not signed as it must be."""

    timeout = 10

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length) if 0 < length <= LONGEST_BODY else b""
        if not is_genuine(self.headers.get("Naivechat-Signature", ""), body):
            self.send_error(403)
            return
        take(json.loads(body))
        self.send_response(204)
        self.end_headers()


if __name__ == "__main__":
    server = HTTPServer(("", int(sys.argv[1])), Receiver)
    print(f"listening on port {server.server_port}", flush=True)
    server.serve_forever()
