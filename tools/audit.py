"""Looks for known faults: in our code by bandit, in what a deployment installs by pip-audit. usage: python -m tools.audit

What pip-audit asks may not be reachable; then it says so, and that is no failure.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = "requirements.lock"
CODE = ("naivechat", "tkclient", "tools", "twisted")
PATIENCE_S = 120


def main() -> int:
    """0 where nothing was found."""
    return _audit_code() or _audit_packages()


def _audit_code() -> int:
    command = [sys.executable, "-m", "bandit", "-q", "-ll", "-c", "pyproject.toml", "-r", *CODE]
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    if status == 0:
        _say("bandit: nothing was found in our code")
    return status


def _audit_packages() -> int:
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "-r",
        LOCK,
        "--require-hashes",
        "--disable-pip",
        "-f",
        "json",
    ]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        report = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        report = {"dependencies": []}
    return judge(report["dependencies"])


def judge(packages: list[dict[str, Any]]) -> int:
    """Say what a report of pip-audit means: 1 where a package has a known fault."""
    faults = [(package, fault) for package in packages for fault in package.get("vulns", ())]
    for package, fault in faults:
        mended = ", ".join(fault.get("fix_versions", ())) or "no version yet"
        _say(f"pip-audit: {package['name']} {package['version']} has {fault['id']}; mended in {mended}")
    looked_at = sum("vulns" in package for package in packages)
    if not looked_at:
        _say("pip-audit: skipped, for nobody can be asked about known faults from here")
    elif not faults:
        _say(f"pip-audit: {looked_at} of {len(packages)} packages have no known fault")
    return 1 if faults else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
