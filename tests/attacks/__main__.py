"""Coverage-guided fuzzing of the decoder: `python -m tests.attacks --seconds 60`, part of `make attacks`.

Begins with the corpus, and keeps in it what reaches something new. An input that breaks the decoder lies in var/fuzz/ afterwards.
"""

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from tests.attacks.decoding import keep_inputs, kept_inputs

ARTIFACTS = Path("var/fuzz")


@click.command()
@click.option("--seconds", default=60, show_default=True, help="How long.")
def main(seconds: int) -> None:
    """Look for input that the decoder does not take as it should."""
    if importlib.util.find_spec("atheris") is None:
        click.echo("atheris is not installed (pip install -e '.[fuzz]'): the decoder was not fuzzed")
        return
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="naivechat-fuzz-") as folder:
        for number, data in enumerate(kept_inputs()):
            Path(folder, str(number)).write_bytes(data)
        _fuzz(folder, f"-max_total_time={seconds}", "-max_len=600", "-timeout=5", "-rss_limit_mb=1024")
        keep_inputs({path.read_bytes() for path in Path(folder).iterdir()})
    click.echo(f"the decoder was fuzzed for {seconds} s; the corpus has {len(kept_inputs())} inputs")


def _fuzz(*options: str) -> None:
    command = [sys.executable, "-m", "tests.attacks.fuzz_target", f"-artifact_prefix={ARTIFACTS}/", *options]
    status = subprocess.run(command, check=False).returncode
    if status:
        sys.exit(status)


if __name__ == "__main__":
    main()
