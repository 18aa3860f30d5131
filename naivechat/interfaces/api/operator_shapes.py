"""What requests and answers about operators and tokens look like."""

from typing import Annotated, Final, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from naivechat.application.api_tokens import NewToken
from naivechat.domain.operator import LONGEST_API_TOKEN_MS, ApiToken, Operator, OperatorRole
from naivechat.interfaces.api.shapes import Id, OperatorPassword, Part, View

DAY_MS: Final = 24 * 3_600_000
Days: TypeAlias = Annotated[int, Meta(ge=1, le=LONGEST_API_TOKEN_MS // DAY_MS)]


class OperatorPlace(Part, frozen=True, kw_only=True):
    """An operator, by id."""

    operator_id: Id


class TokenPlace(Part, frozen=True, kw_only=True):
    """A token, by its operator and its name."""

    operator_id: Id
    name: Id


class TokenQuery(Part, frozen=True, kw_only=True):
    """Whose tokens; everybody's where nobody is named."""

    operator_id: Id | UnsetType = UNSET


class NewOperator(Part, frozen=True, kw_only=True):
    """An account to be made."""

    operator_id: Id
    password: OperatorPassword
    role: OperatorRole


class NewOperatorPassword(Part, frozen=True, kw_only=True):
    """An operator's password from now on."""

    password: OperatorPassword


class NewRole(Part, frozen=True, kw_only=True):
    """An operator's role from now on."""

    role: OperatorRole


class WantedToken(Part, frozen=True, kw_only=True):
    """A token to be made."""

    name: Id
    role: OperatorRole
    days: Days = 90


class WantedBotToken(Part, frozen=True, kw_only=True):
    """A token to be made that may do nothing but write in a bot's name."""

    name: Id
    bot_id: Id
    days: Days = 90


class OwnView(View, frozen=True, kw_only=True):
    """Who asks. role: what the token may do. bot_id: the bot for which it may write, where it may do nothing else."""

    operator_id: str
    role: OperatorRole
    bot_id: str | None


class OperatorView(View, frozen=True, kw_only=True):
    """An operator's account. totp: whether a one-time code is asked for at each login."""

    operator_id: str
    role: OperatorRole
    totp: bool
    disabled: bool
    created_at_ms: int


class OperatorsView(View, frozen=True, kw_only=True):
    """All operators, by id."""

    operators: tuple[OperatorView, ...]


class TokenView(View, frozen=True, kw_only=True):
    """A token, not itself shown. last_used_at_ms: give or take a minute; null: never. bot_id: as of `OwnView`."""

    operator_id: str
    name: str
    role: OperatorRole
    created_at_ms: int
    expires_at_ms: int
    last_used_at_ms: int | None
    bot_id: str | None


class TokensView(View, frozen=True, kw_only=True):
    """Tokens, by operator and name; those that are over, too."""

    tokens: tuple[TokenView, ...]


class NewTokenView(TokenView, frozen=True, kw_only=True):
    """A token that was just made; `token` is the token itself, shown this once."""

    token: str


def operator_view(operator: Operator) -> OperatorView:
    """An operator as the API shows them."""
    return OperatorView(
        operator_id=operator.operator_id,
        role=operator.role,
        totp=operator.totp_secret is not None,
        disabled=operator.disabled,
        created_at_ms=operator.created_at_ms,
    )


def token_view(token: ApiToken) -> TokenView:
    """A token as the API shows it."""
    return TokenView(
        operator_id=token.operator_id,
        name=token.name,
        role=token.role,
        created_at_ms=token.created_at_ms,
        expires_at_ms=token.expires_at_ms,
        last_used_at_ms=token.last_used_at_ms,
        bot_id=token.bot_id,
    )


def new_token_view(made: NewToken) -> NewTokenView:
    """A token with its text."""
    return NewTokenView(**msgspec.structs.asdict(token_view(made.token)), token=made.text)
