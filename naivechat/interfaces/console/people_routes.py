"""Which page answers which path, of those about users."""

from naivechat.application.directory_services import DirectoryServices
from naivechat.interfaces.console import paths
from naivechat.interfaces.console.app import Route, Routes
from naivechat.interfaces.console.new_people import NewPeoplePage
from naivechat.interfaces.console.people import PeoplePage
from naivechat.interfaces.console.person import PersonPage


def people_routes(directory: DirectoryServices) -> Routes:
    """All users, and how more of them come."""
    people = PeoplePage(people=directory.people, administration=directory.administration)
    new = NewPeoplePage(people_import=directory.people_import, administration=directory.administration)
    return {
        ("GET", paths.USERS): Route(people.show),
        ("GET", paths.USERS_EXPORT): Route(people.export),
        ("GET", paths.USERS_ADD): Route(new.show, changes=True),
        ("POST", paths.USERS_CREATE): Route(new.create, changes=True),
        ("POST", paths.USERS_CHECK): Route(new.check, changes=True),
        ("POST", paths.USERS_IMPORT): Route(new.take_in, changes=True),
    }


def person_routes(directory: DirectoryServices) -> Routes:
    """One user."""
    person = PersonPage(people=directory.people, administration=directory.administration)
    return {
        ("GET", paths.USER): Route(person.show),
        ("GET", paths.USER_PANEL): Route(person.refresh, is_use=False),
        ("POST", paths.USER_PASSWORD): Route(person.set_password, changes=True),
        ("POST", paths.USER_DISABLE): Route(person.disable, changes=True),
        ("POST", paths.USER_ENABLE): Route(person.enable, changes=True),
        ("POST", paths.USER_KICK): Route(person.kick, changes=True),
    }
