"""`naivechat-client`: the desktop client as a program. Creates and joins all objects."""

import importlib
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs
import click
from twisted.internet.defer import Deferred
from twisted.logger import (
    FilteringLogObserver,
    Logger,
    LogLevel,
    LogLevelFilterPredicate,
    globalLogBeginner,
    textFileLogObserver,
)

from naivechat import __version__
from naivechat.client import trust_file
from tkclient.interfaces import ChatEvents, LoginEvents, LoginMethods
from tkclient.logic.desktop import Desktop
from tkclient.model.preferences import LANGUAGES, Preferences

if TYPE_CHECKING:
    import tkinter

    from tkclient.ui.look.look import Look

PASSWORD_VARIABLE: Final = "NAIVECHAT_PASSWORD"
UPDATE_EVERY_MS: Final = 20
"""How often Tk looks for what is to be done; the reactor's turns are between."""

_REMEDIES: Final = {
    "tkinter": "this Python has no tkinter; on Debian: sudo apt-get install python3-tk",
    "PIL.ImageTk": "its packages are missing: pip install 'naivechat[desktop]'",
    "babel": "its packages are missing: pip install 'naivechat[desktop]'",
}

_log = Logger()


@attrs.frozen(kw_only=True)
class Options:
    """The command line. Empty values: as kept, or as the system has it."""

    server: str = ""
    user: str = ""
    lang: str = ""
    data_dir: Path | None = None
    geometry: str = ""
    scale: float | None = None
    tls: Any = None
    password: str = attrs.field(default="", repr=False)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="naivechat %(version)s")
@click.option("--server", default="", metavar="[tls:]HOST[:PORT]", help="Where the node is.")
@click.option("--user", default="", metavar="ID", help="Who logs in.")
@click.option("--lang", default="", type=click.Choice(LANGUAGES), help="Language, instead of the chosen one.")
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for settings and history, instead of the user's; so that two can run side by side.",
)
@click.option("--geometry", default="", metavar="WxH+X+Y", help="Size and place of the chat window.")
@click.option("--scale", type=click.FloatRange(0.5, 4), help="Size of everything, instead of the screen's.")
@click.option(
    "--ca", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PEM file to trust; means TLS."
)
def main(ca: Path | None, **given: Any) -> None:
    """A desktop client for naivechat. NAIVECHAT_PASSWORD, if it is set, logs in at once."""
    try:
        tls = trust_file(ca) if ca is not None else None
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{ca}: {error}") from None
    options = Options(tls=tls, password=os.environ.pop(PASSWORD_VARIABLE, ""), **given)
    root = open_screen()
    from twisted.internet import reactor

    reactor.seconds = time.monotonic  # type: ignore[method-assign]  # Twisted's own follows the wall clock
    Program(root, reactor, options).run()


def open_screen() -> "tkinter.Tk":
    """The main window, hidden.

    Raises:
        click.ClickException: something is missing; its text says in one line what to do.
    """
    for module, remedy in _REMEDIES.items():
        try:
            importlib.import_module(module)
        except ImportError:
            raise click.ClickException(f"the desktop client cannot start: {remedy}") from None
    import tkinter

    try:
        root = tkinter.Tk(className="naivechat")
    except tkinter.TclError as error:
        remedy = "it needs a graphical session: log in to one, or set DISPLAY"
        raise click.ClickException(f"the desktop client cannot start ({error}): {remedy}") from None
    root.withdraw()
    return root


class Program:
    """The desktop client from its first window to its last."""

    def __init__(self, root: "tkinter.Tk", reactor: Any, options: Options) -> None:
        from tkclient.system.folders import UserFolders
        from tkclient.system.notifier import DesktopNotifier
        from tkclient.system.preferences import FileChoices
        from tkclient.system.secrets import KeyringSecrets

        self._root = root
        self._reactor = reactor
        self._options = options
        self._login: LoginEvents | None = None
        folders = UserFolders(options.data_dir)
        self._choices = FileChoices(folders.choices_path)
        self.desktop = Desktop(
            reactor,
            make_login_ui=self._make_login_window,
            make_chat_ui=self._make_chat_window,
            folders=folders,
            secrets=KeyringSecrets(),
            choices=self._choices,
            on_quit=self._quit,
            tls=options.tls,
        )
        self._notifier = DesktopNotifier(reactor, on_click=self.desktop.bring_up, bell=root.bell)
        root.report_callback_exception = _log_callback_failure

    def run(self) -> None:
        """Until the user quits, or a signal ends it."""
        from twisted.internet import tksupport

        warnings = LogLevelFilterPredicate(LogLevel.warn)
        globalLogBeginner.beginLoggingTo([FilteringLogObserver(textFileLogObserver(sys.stderr), [warnings])])
        tksupport.install(self._root, ms=UPDATE_EVERY_MS)
        self._reactor.callWhenRunning(self._start)
        self._reactor.addSystemEventTrigger("before", "shutdown", self._stop)
        self._reactor.run()

    def _start(self) -> None:
        options = self._options
        self.desktop.start(server=options.server, user_id=options.user)
        if options.password and self._login is not None:
            self._login.login(options.server, options.user, options.password, False)

    def _stop(self) -> Deferred[None]:
        from twisted.internet import tksupport

        stopped = Deferred.fromCoroutine(self.desktop.stop())
        # What tksupport calls later would meet a window that is gone.
        return stopped.addBoth(lambda _: tksupport.uninstall()).addBoth(lambda _: self._root.destroy())

    def _quit(self) -> None:
        self._reactor.stop()

    def _make_login_window(self, events: LoginEvents) -> LoginMethods:
        from tkclient.ui.windows.login import LoginWindow

        self._login = events
        return LoginWindow(self._root, self._make_look(self._choices.preferences), events)

    def _make_chat_window(self, events: ChatEvents) -> Any:
        from tkclient.ui.windows.chat_window import ChatWindow

        return ChatWindow(
            self._root, events, self._notifier, make_look=self._make_look, geometry=self._options.geometry
        )

    def _make_look(self, preferences: Preferences) -> "Look":
        from tkclient.ui.look.look import Look

        language = self._options.lang or preferences.language
        return Look.make(self._root, language, preferences.text_size, self._options.scale)


def _log_callback_failure(*_: object) -> None:
    _log.failure("a callback of a window failed")


if __name__ == "__main__":
    main()
