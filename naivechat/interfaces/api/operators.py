"""Operations on operators and their tokens."""

import attrs
from msgspec import UNSET

from naivechat.application.api_tokens import ApiTokens
from naivechat.application.operator_services import OperatorServices
from naivechat.application.operators import Operators
from naivechat.domain.operator import ActingOperator, OperatorId, OperatorRole
from naivechat.domain.user import UserId
from naivechat.interfaces.api.operation import Operation
from naivechat.interfaces.api.operator_shapes import (
    DAY_MS,
    NewOperator,
    NewOperatorPassword,
    NewRole,
    NewTokenView,
    OperatorPlace,
    OperatorsView,
    OperatorView,
    OwnView,
    TokenPlace,
    TokenQuery,
    TokensView,
    WantedBotToken,
    WantedToken,
    new_token_view,
    operator_view,
    token_view,
)


@attrs.frozen(kw_only=True)
class OperatorOperations:
    """What is asked about operators, and done to them."""

    _services: OperatorServices

    @property
    def _operators(self) -> Operators:
        return self._services.operators

    @property
    def _tokens(self) -> ApiTokens:
        return self._services.api_tokens

    def table(self) -> tuple[Operation, ...]:
        """The lines of the table."""
        return (*self._of_accounts(), *self._of_access(), *self._of_tokens())

    def _of_accounts(self) -> tuple[Operation, ...]:
        return (
            Operation("get_own", "GET", "/own", self.get_own, for_bots=True),
            Operation("get_operator", "GET", "/operators/{operator_id}", self.get_operator),
            Operation("list_operators", "GET", "/operators", self.list_operators),
            Operation(
                "create_operator",
                "POST",
                "/operators",
                self.create_operator,
                status=201,
                location="/operators/{operator_id}",
                refusals=(409,),
            ),
        )

    def _of_access(self) -> tuple[Operation, ...]:
        operator = "/operators/{operator_id}"
        return (
            Operation("set_operator_password", "PUT", f"{operator}/password", self.set_password),
            Operation("set_role", "PUT", f"{operator}/role", self.set_role),
            Operation("disable_operator", "POST", f"{operator}/disable", self.disable),
            Operation("enable_operator", "POST", f"{operator}/enable", self.enable),
            Operation("remove_totp", "DELETE", f"{operator}/totp", self.remove_totp),
        )

    def _of_tokens(self) -> tuple[Operation, ...]:
        return (
            Operation("list_tokens", "GET", "/tokens", self.list_tokens),
            Operation(
                "create_token",
                "POST",
                "/operators/{operator_id}/tokens",
                self.create_token,
                status=201,
                refusals=(409,),
            ),
            Operation(
                "create_bot_token",
                "POST",
                "/operators/{operator_id}/bot-tokens",
                self.create_bot_token,
                status=201,
                refusals=(409,),
            ),
            Operation("revoke_token", "DELETE", "/operators/{operator_id}/tokens/{name}", self.revoke_token),
        )

    async def get_own(self, by: ActingOperator) -> OwnView:
        """Whose this token is, and what it may do."""
        return OwnView(operator_id=by.operator_id, role=by.role, bot_id=by.bot_id)

    async def list_operators(self) -> OperatorsView:
        """All operators."""
        return OperatorsView(operators=tuple(map(operator_view, await self._operators.list_operators())))

    async def get_operator(self, place: OperatorPlace) -> OperatorView:
        """One operator."""
        return operator_view(await self._operators.get_operator(OperatorId(place.operator_id)))

    async def create_operator(self, by: ActingOperator, body: NewOperator) -> OperatorView:
        """Make an operator."""
        operator_id = OperatorId(body.operator_id)
        return operator_view(await self._operators.add(by, operator_id, body.password, body.role))

    async def set_password(self, by: ActingOperator, place: OperatorPlace, body: NewOperatorPassword) -> None:
        """Set a password; all sessions end."""
        await self._operators.set_password(by, OperatorId(place.operator_id), body.password)

    async def set_role(self, by: ActingOperator, place: OperatorPlace, body: NewRole) -> None:
        """Another role, from the next request on."""
        await self._operators.set_role(by, OperatorId(place.operator_id), body.role)

    async def disable(self, by: ActingOperator, place: OperatorPlace) -> None:
        """Disable an operator; sessions and tokens end."""
        await self._operators.set_disabled(by, OperatorId(place.operator_id), True)

    async def enable(self, by: ActingOperator, place: OperatorPlace) -> None:
        """Enable an operator again."""
        await self._operators.set_disabled(by, OperatorId(place.operator_id), False)

    async def remove_totp(self, by: ActingOperator, place: OperatorPlace) -> None:
        """Ask for no one-time code any more."""
        await self._operators.remove_totp(by, OperatorId(place.operator_id))

    async def list_tokens(self, query: TokenQuery) -> TokensView:
        """Tokens of an operator, or of all."""
        whose = None if query.operator_id is UNSET else OperatorId(query.operator_id)
        return TokensView(tokens=tuple(map(token_view, await self._tokens.list_tokens(whose))))

    async def create_token(self, by: ActingOperator, place: OperatorPlace, body: WantedToken) -> NewTokenView:
        """Make a token in an operator's name."""
        whose = OperatorId(place.operator_id)
        made = await self._tokens.create(by, whose, body.name, body.role, lifetime_ms=body.days * DAY_MS)
        return new_token_view(made)

    async def create_bot_token(
        self, by: ActingOperator, place: OperatorPlace, body: WantedBotToken
    ) -> NewTokenView:
        """Make a token, in an operator's name, that may do nothing but write for one bot."""
        whose, role = OperatorId(place.operator_id), OperatorRole.OPERATOR
        lifetime_ms, bot_id = body.days * DAY_MS, UserId(body.bot_id)
        return new_token_view(
            await self._tokens.create(by, whose, body.name, role, lifetime_ms=lifetime_ms, bot_id=bot_id)
        )

    async def revoke_token(self, by: ActingOperator, place: TokenPlace) -> None:
        """End a token at once."""
        await self._tokens.revoke(by, OperatorId(place.operator_id), place.name)
