"""Operations on people's accounts."""

import attrs
from msgspec import UNSET

from naivechat.application.administration import Administration
from naivechat.application.directory_services import DirectoryServices
from naivechat.application.people_import import ImportOutcome
from naivechat.domain.directory import AccountQuery, OnlineQuery
from naivechat.domain.operator import ActingOperator
from naivechat.domain.user import UserId
from naivechat.interfaces.api.operation import Csv, CsvText, Operation
from naivechat.interfaces.api.problem import Refused
from naivechat.interfaces.api.user_shapes import (
    ImportQuery,
    ImportView,
    Kick,
    NewUser,
    NewUserPassword,
    OnlineView,
    PersonView,
    UserPageView,
    UserPlace,
    UserQuery,
    UserView,
    WantedOnline,
    listed_view,
    person_view,
    user_view,
)


@attrs.frozen(kw_only=True)
class UserOperations:
    """What is asked about people, and done to their accounts."""

    _directory: DirectoryServices

    @property
    def _administration(self) -> Administration:
        return self._directory.administration

    def table(self) -> tuple[Operation, ...]:
        """The lines of the table."""
        return (*self._lists(), *self._changes())

    def _lists(self) -> tuple[Operation, ...]:
        return (
            Operation("list_users", "GET", "/users", self.list_users),
            Operation("list_online", "GET", "/online", self.list_online),
            Operation("get_user", "GET", "/users/{user_id}", self.get_user),
            Operation("export_users", "GET", "/users.csv", self.export_users),
            Operation("import_users", "POST", "/users.csv", self.import_users, refusals=(409,)),
        )

    def _changes(self) -> tuple[Operation, ...]:
        user = "/users/{user_id}"
        return (
            Operation(
                "create_user", "POST", "/users", self.create_user, status=201, location=user, refusals=(409,)
            ),
            Operation("set_user_password", "PUT", f"{user}/password", self.set_password),
            Operation("disable_user", "POST", f"{user}/disable", self.disable),
            Operation("enable_user", "POST", f"{user}/enable", self.enable),
            Operation("kick_user", "POST", f"{user}/kick", self.kick),
        )

    async def list_users(self, query: UserQuery) -> UserPageView:
        """Search, sort and page through people."""
        wanted = AccountQuery(
            text=query.text,
            disabled=None if query.disabled is UNSET else query.disabled,
            sort=query.sort,
            descending=query.descending,
            limit=query.limit,
            offset=query.offset,
        )
        page = await self._directory.people.search(wanted)
        return UserPageView(
            users=tuple(map(listed_view, page.people)), total=page.total, sessions_known=page.is_whole
        )

    async def list_online(self, query: WantedOnline) -> OnlineView:
        """Who is connected to any node, or to one."""
        wanted = OnlineQuery(text=query.text, node=query.node, after=query.after, limit=query.limit)
        page = await self._directory.people.list_online(wanted)
        return OnlineView(
            users=tuple(map(listed_view, page.people)), has_more=page.has_more, sessions_known=page.is_whole
        )

    async def get_user(self, place: UserPlace) -> PersonView:
        """One person, with devices."""
        return person_view(await self._directory.people.get_person(UserId(place.user_id)))

    async def export_users(self, by: ActingOperator) -> Csv:
        """All accounts as CSV."""
        return Csv(pieces=self._administration.export_people(by), filename="naivechat-users.csv")

    async def import_users(self, by: ActingOperator, query: ImportQuery, body: CsvText) -> ImportView:
        """Add all people of a CSV file, or nobody."""
        if query.check:
            return _added(await self._directory.people_import.check(body))
        return _added(await self._administration.import_people(by, body))

    async def create_user(self, by: ActingOperator, body: NewUser) -> UserView:
        """Make an account."""
        user_id = UserId(body.user_id)
        return user_view(
            await self._administration.create_user(by, user_id, body.password, body.nickname, body.avatar)
        )

    async def set_password(self, by: ActingOperator, place: UserPlace, body: NewUserPassword) -> None:
        """Set a password; all sessions and tokens end."""
        await self._administration.set_password(by, UserId(place.user_id), body.password)

    async def disable(self, by: ActingOperator, place: UserPlace) -> None:
        """Disable an account; all sessions and tokens end."""
        await self._administration.set_disabled(by, UserId(place.user_id), True)

    async def enable(self, by: ActingOperator, place: UserPlace) -> None:
        """Enable it again."""
        await self._administration.set_disabled(by, UserId(place.user_id), False)

    async def kick(self, by: ActingOperator, place: UserPlace, body: Kick) -> None:
        """End what is logged in, on one device or all."""
        device = None if body.device is UNSET else body.device
        await self._administration.kick(by, UserId(place.user_id), device)


def _added(outcome: ImportOutcome) -> ImportView:
    if outcome.faults:
        detail = f"Nobody was added: {len(outcome.faults)} faults."
        raise Refused(422, "BAD_REQUEST", detail, field="body", faults=outcome.faults)
    return ImportView(added=outcome.added)
