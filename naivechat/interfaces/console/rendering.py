"""Makes HTML of templates. Whatever is put into one is escaped."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from naivechat.interfaces.console.paths import ROOT
from naivechat.interfaces.console.portraits import ground_of, sign_of
from naivechat.interfaces.console.static_files import static_files
from naivechat.interfaces.console.visit import Visit
from naivechat.interfaces.console.words import LANGUAGES, Words

FOLDER: Final = Path(__file__).parent / "templates"
LANGUAGE_NAMES: Final = {"en": "English", "zh_CN": "简体中文"}


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(moment=moment, ground=ground_of, sign=sign_of)
    environment.globals.update(
        ROOT=ROOT, asset=asset, languages=[(name, LANGUAGE_NAMES.get(name, name)) for name in LANGUAGES]
    )
    return environment


def moment(at_ms: int) -> str:
    """A time as HTML's time element has it: 2026-11-25T19:51:11Z."""
    try:
        return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError):
        return ""


def asset(name: str) -> str:
    """The address of a static file: another one whenever its content is another one, so that browsers may keep it."""
    return f"{ROOT}/static/{name}?v={static_files()[name].version}"


_templates: Final = _environment()


def render(template: str, visit: Visit, **values: Any) -> str:
    """A page for somebody, or a part of one."""
    return _templates.get_template(template).render(
        visit=visit,
        words=visit.words,
        acting=visit.seat.acting if visit.seat else None,
        csrf_token=visit.seat.csrf_token if visit.seat else "",
        path=visit.arrival.path,
        theme=visit.theme,
        **values,
    )


def render_part(template: str, words: Words, **values: Any) -> str:
    """A part that looks alike for all who speak a language."""
    return _templates.get_template(template).render(words=words, **values)
