from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tkclient.system.folders import UserFolders, folder_name

ACCOUNTS = st.tuples(st.text(max_size=80), st.text(max_size=80))


def test_everything_is_below_the_given_folder_and_the_users_alone(tmp_path: Path) -> None:
    folders = UserFolders(tmp_path / "data")
    path = folders.store_path("chat.example:7397", "li")
    assert path.parent.is_dir()
    assert path.parent.parent.parent == tmp_path / "data" == folders.choices_path.parent
    for folder in (path.parent, path.parent.parent, tmp_path / "data"):
        assert folder.stat().st_mode & 0o777 == 0o700
    assert folders.store_path("chat.example:7397", "li") == path


def test_without_one_it_is_the_users_own() -> None:
    assert "naivechat" in UserFolders().choices_path.parts


@given(ACCOUNTS)
def test_a_name_is_harmless_and_not_too_long(account: tuple[str, str]) -> None:
    name = folder_name(*account)
    assert name == Path(name).name
    assert name.isascii() and not name.startswith("-") and len(name) < 100
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


@given(ACCOUNTS, ACCOUNTS)
def test_accounts_have_different_names_even_where_case_does_not_count(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert (folder_name(*one).lower() == folder_name(*other).lower()) == (one == other)


def test_case_alone_makes_another_folder() -> None:
    assert folder_name("a", "Li").lower() != folder_name("a", "li").lower()
