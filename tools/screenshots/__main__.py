"""Takes the pictures."""

from pathlib import Path

import attrs
import click

from tools.screenshots.casts import CASTS
from tools.screenshots.pictures import PICTURES, Picture
from tools.screenshots.stage import Stage, Style, Theatre

FOLDER = "docs/pictures"


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=FOLDER)
@click.option(
    "--only", multiple=True, type=click.Choice(list(PICTURES)), help="This picture; may be repeated."
)
@click.option("--lang", type=click.Choice(list(CASTS)), help="All pictures in this language.")
@click.option("--scale", type=float, help="All pictures at this scale.")
@click.option("--size", type=(int, int), help="Width and height of the chat window at scale 1.")
def main(folder: Path, only: tuple[str, ...], lang: str, scale: float, size: tuple[int, int] | None) -> None:
    """Take all pictures of the desktop client into FOLDER; the options are for looking at it in other ways."""
    wanted = {"language": lang, "scale": scale, "size": size}
    changes = {name: value for name, value in wanted.items() if value is not None}
    folder.mkdir(parents=True, exist_ok=True)
    with Theatre() as theatre:
        for name in only or PICTURES:
            picture = PICTURES[name]
            style = attrs.evolve(picture.style, **changes)
            path = folder / f"{name}.png"
            _take(theatre, picture, style, path)
            click.echo(f"{path}: {path.stat().st_size // 1024} KB")


def _take(theatre: Theatre, picture: Picture, style: Style, path: Path) -> None:
    with Stage(theatre.screen, style) as stage:
        picture.scene(stage, CASTS[style.language], path)


if __name__ == "__main__":
    main()
