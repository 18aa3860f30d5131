"""What travels in the package is what is in the tree."""

import configparser
import re
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.import_rules import imports
from tests.servers import REPOSITORY


def setup_cfg() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(REPOSITORY / "setup.cfg", encoding="utf-8")
    return parser


def packages_in(folder: Path) -> set[str]:
    found = (path.parent.relative_to(REPOSITORY) for path in folder.rglob("__init__.py"))
    return {".".join(path.parts) for path in found}


def test_every_package_is_listed() -> None:
    listed = setup_cfg()["options"]["packages"].split()
    assert listed == sorted(listed)
    ours = packages_in(REPOSITORY / "naivechat") | packages_in(REPOSITORY / "tkclient")
    assert set(listed) == ours | {"twisted.plugins"}


def test_the_desktop_clients_pictures_and_words_travel_inside_the_package() -> None:
    folder = REPOSITORY / "tkclient"
    patterns = setup_cfg()["options.package_data"]["tkclient"].split()
    packed = {path for pattern in patterns for path in folder.glob(pattern)}
    assert packed >= {path for path in (folder / "assets").rglob("*") if path.is_file()}


def test_the_consoles_pages_and_words_travel_inside_the_package() -> None:
    folder = REPOSITORY / "naivechat"
    patterns = setup_cfg()["options.package_data"]["naivechat"].split()
    packed = {path for pattern in patterns for path in folder.glob(pattern)}
    console = folder / "interfaces" / "console"
    files = {path for path in console.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert packed >= files
    assert {path.parent.name for path in files} == {"locale", "static", "templates"}


def test_the_migrations_travel_inside_the_package() -> None:
    link = REPOSITORY / "naivechat" / "_sql"
    assert link.is_symlink()
    assert link.resolve() == REPOSITORY / "sql"
    patterns = setup_cfg()["options.package_data"]["naivechat"].split()
    packed = {path for pattern in patterns for path in (REPOSITORY / "naivechat").glob(pattern)}
    assert {path.resolve() for path in packed if path.suffix == ".sql"} == set(link.resolve().rglob("*.sql"))


def test_the_plugin_imports_nothing_that_every_twistd_run_would_pay_for() -> None:
    source = (REPOSITORY / "twisted" / "plugins" / "naivechat_plugin.py").read_text(encoding="utf-8")
    assert [found.name for found in imports(source, package="twisted.plugins")] == [
        "twisted.application.service.ServiceMaker"
    ]
    assert not (REPOSITORY / "twisted" / "__init__.py").exists()
    assert not (REPOSITORY / "twisted" / "plugins" / "__init__.py").exists()


def test_the_lock_file_pins_all_that_a_deployment_needs_with_hashes() -> None:
    lines = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pinned = [
        Requirement(line.removesuffix(" \\")) for line in lines if line and not line.startswith(("#", " "))
    ]
    versions = {canonicalize_name(one.name): next(iter(one.specifier)) for one in pinned}
    assert {specifier.operator for specifier in versions.values()} == {"=="}
    for wanted in map(Requirement, setup_cfg()["options"]["install_requires"].strip().splitlines()):
        assert wanted.specifier.contains(versions[canonicalize_name(wanted.name)].version), wanted
    hashes = [line.strip().removesuffix(" \\") for line in lines if line.startswith(" ")]
    assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in hashes)
    starts = [number for number, line in enumerate(lines) if line and not line.startswith(("#", " "))]
    assert all(lines[number + 1].startswith("    --hash=") for number in starts)
