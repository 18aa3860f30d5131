import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tkclient.model.last_login import LastLogin
from tkclient.model.preferences import LANGUAGES, TEXT_SIZES, OnClose, Preferences, SendKey
from tkclient.system.preferences import FileChoices

PREFERENCES = st.builds(
    Preferences,
    send_key=st.sampled_from(SendKey),
    notifications=st.booleans(),
    sound=st.booleans(),
    on_close=st.sampled_from(OnClose),
    language=st.sampled_from(LANGUAGES),
    text_size=st.sampled_from(TEXT_SIZES),
)
LOGINS = st.builds(LastLogin, server=st.text(), user_id=st.text(), remember=st.booleans(), nickname=st.text())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("choices") / "deep" / "settings.json"


@given(preferences=PREFERENCES, login=LOGINS)
def test_what_was_chosen_is_there_after_a_restart(
    path: Path, preferences: Preferences, login: LastLogin
) -> None:
    choices = FileChoices(path)
    choices.keep_preferences(preferences)
    choices.keep_last_login(login)
    assert (choices.preferences, choices.last_login) == (preferences, login)
    again = FileChoices(path)
    assert (again.preferences, again.last_login) == (preferences, login)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_without_a_file_nothing_is_chosen(tmp_path: Path) -> None:
    choices = FileChoices(tmp_path / "settings.json")
    assert (choices.preferences, choices.last_login) == (Preferences(), LastLogin())


@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("send_key", "sound", "text_size", "language", "x"), JSON)
    )
)
def test_what_is_no_choice_counts_as_not_chosen(path: Path, told: dict[str, object]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"preferences": told, "last_login": told, "later": 1}), encoding="utf-8")
    preferences = FileChoices(path).preferences
    assert isinstance(preferences.send_key, SendKey)
    assert type(preferences.sound) is bool
    assert preferences.text_size in TEXT_SIZES and preferences.language in LANGUAGES


@pytest.mark.parametrize("text", ["", "[", "[]", "null", '{"preferences": []}', "\udcff", "[" * 99_999])
def test_a_file_that_cannot_be_read_counts_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert FileChoices(path).preferences == Preferences()


def test_a_file_that_cannot_be_written_leaves_the_choice_for_now(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    choices = FileChoices(tmp_path / "settings.json")
    choices.keep_preferences(Preferences(sound=False))
    assert not choices.preferences.sound
    assert [each.name for each in tmp_path.iterdir()] == ["settings.json"]
