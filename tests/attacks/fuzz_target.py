"""What atheris calls with input after input: `python -m tests.attacks.fuzz_target` takes the options of libFuzzer."""

import sys

import atheris

with atheris.instrument_imports(include=["naivechat.protocol"]):
    from tests.attacks.decoding import check


def main() -> None:
    """Never returns: libFuzzer ends the process."""
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
