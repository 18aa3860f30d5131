"""The files that the client brings along."""

from importlib.resources import files


def read_asset(name: str) -> bytes:
    """What is in a file of `tkclient/assets`."""
    return files("tkclient").joinpath("assets", name).read_bytes()
