"""Where the console is below a node's address."""

from typing import Final

ROOT: Final = "/console"
LOGIN: Final = f"{ROOT}/login"
LOGOUT: Final = f"{ROOT}/logout"
OVERVIEW: Final = f"{ROOT}/"
HISTORY: Final = f"{ROOT}/history"
LIVE: Final = f"{ROOT}/live"
NODES: Final = f"{ROOT}/nodes"
AUDIT: Final = f"{ROOT}/audit"
AUDIT_EXPORT: Final = f"{ROOT}/audit.csv"
STATIC: Final = f"{ROOT}/static/"
NODE_CARDS: Final = f"{ROOT}/nodes/cards"
NODE_DRAIN: Final = f"{ROOT}/nodes/drain"
NODE_RESUME: Final = f"{ROOT}/nodes/resume"
NODE_LOG_LEVEL: Final = f"{ROOT}/nodes/log-level"
