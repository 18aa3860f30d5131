"""One user: the account, where it is logged in, and what operators do to it."""

from collections.abc import Sequence
from typing import Any

import attrs

from naivechat.application.administration import Administration
from naivechat.application.made_up_password import make_up_password
from naivechat.application.people_directory import PeopleDirectory, Person
from naivechat.domain.directory import Device, LiveSession
from naivechat.domain.errors import NotFound
from naivechat.domain.user import UserId
from naivechat.interfaces.console.answer import Answer, page
from naivechat.interfaces.console.notices import done
from naivechat.interfaces.console.rendering import render
from naivechat.interfaces.console.visit import Visit


@attrs.frozen(kw_only=True)
class DeviceRow:
    """A device of somebody: what is connected there now, and the token to come back with, None where there is none."""

    name: str
    sessions: tuple[LiveSession, ...]
    token: Device | None


@attrs.frozen(kw_only=True)
class PersonPage:
    """A user and the switches that operators have. What was done shows in the page at once."""

    _people: PeopleDirectory
    _administration: Administration

    async def show(self, visit: Visit) -> Answer:
        """The page."""
        return page(render("user.html", visit, **await self._seen(visit)))

    async def refresh(self, visit: Visit) -> Answer:
        """How it is now, to be put into the page."""
        return page(render("user_panel.html", visit, **await self._seen(visit)))

    async def set_password(self, visit: Visit) -> Answer:
        """Another password: the one that was typed, or one that is made up and shown once."""
        user_id, typed = _user_id(visit), visit.arrival.form.get("password", "")
        password = typed or make_up_password()
        await self._administration.set_password(visit.acting, user_id, password)
        sentence = visit.words("{id} has another password, and is logged in nowhere.", id=user_id)
        return done(visit, sentence, secret="" if typed else password)

    async def disable(self, visit: Visit) -> Answer:
        """Keep somebody from logging in."""
        user_id = _user_id(visit)
        await self._administration.set_disabled(visit.acting, user_id, True)
        return done(visit, visit.words("{id} can no longer log in.", id=user_id))

    async def enable(self, visit: Visit) -> Answer:
        """Let somebody log in again."""
        user_id = _user_id(visit)
        await self._administration.set_disabled(visit.acting, user_id, False)
        return done(visit, visit.words("{id} can log in again.", id=user_id))

    async def kick(self, visit: Visit) -> Answer:
        """End what is logged in on one device, or on all where none is named."""
        user_id, device = _user_id(visit), visit.arrival.form.get("device", "")
        await self._administration.kick(visit.acting, user_id, device or None)
        if device:
            return done(visit, visit.words("{id} was logged out on {device}.", id=user_id, device=device))
        return done(visit, visit.words("{id} was logged out everywhere.", id=user_id))

    async def _seen(self, visit: Visit) -> dict[str, Any]:
        user_id = UserId(visit.arrival.query.get("id", ""))
        try:
            person = await self._people.get_person(user_id)
        except NotFound:
            raise NotFound(visit.words("There is no user {id}.", id=user_id)) from None
        return {"person": person, "devices": devices_of(person), "may_change": visit.acting.may_change}


def devices_of(person: Person) -> Sequence[DeviceRow]:
    """All devices of somebody, by name: those with a session, those with a token, mostly both."""
    tokens = {device.name: device for device in person.devices}
    names = sorted({*tokens, *(session.device for session in person.sessions)})
    return [
        DeviceRow(
            name=name,
            sessions=tuple(session for session in person.sessions if session.device == name),
            token=tokens.get(name),
        )
        for name in names
    ]


def _user_id(visit: Visit) -> UserId:
    return UserId(visit.arrival.form.get("id", ""))
