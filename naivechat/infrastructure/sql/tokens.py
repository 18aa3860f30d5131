"""Tokens in SQL tables; the ports say what each method does."""

from collections import Counter
from collections.abc import Collection

import attrs
from twisted.internet.interfaces import IReactorTime

from naivechat.domain.errors import AuthFailed, ChatError, Disabled, TokenExpired
from naivechat.domain.group import GroupId
from naivechat.domain.session import Admission, Comeback, StoredToken, TokenHash, end_after_comeback
from naivechat.domain.user import User, UserId
from naivechat.infrastructure.sql.gathering import Gathering
from naivechat.infrastructure.sql.members import list_heads
from naivechat.infrastructure.sql.pool import Database, Transaction
from naivechat.infrastructure.sql.users import lock_user


@attrs.frozen(kw_only=True)
class _Claim:
    """Somebody comes back by a token."""

    user_id: UserId
    token_hash: TokenHash
    now_ms: int


@attrs.define(kw_only=True)
class _Token:
    """A token that is there, with its owner and the owner's groups. `moved_to_ms`: its new end, or None where that stays."""

    user: User
    disabled: bool
    expires_at_ms: int
    heads: dict[GroupId, int] = attrs.Factory(dict)
    moved_to_ms: int | None = None


class SqlTokenRepository:
    """Implements `domain.ports.TokenRepository`. All who come back by token at one time are read and counted together."""

    def __init__(self, database: Database, clock: IReactorTime) -> None:
        self._database = database
        self._returning: Gathering[_Claim, Comeback | ChatError] = Gathering(self._let_all_back, clock)

    async def add(self, token: StoredToken, *, password_hash: str, most: int) -> Admission:
        return await self._database.write(_add_token, token, password_hash, most)

    async def come_back(self, user_id: UserId, token_hash: TokenHash, now_ms: int) -> Comeback:
        outcome = await self._returning.ask(_Claim(user_id=user_id, token_hash=token_hash, now_ms=now_ms))
        if isinstance(outcome, ChatError):
            raise outcome
        return outcome

    async def known_among(self, token_hashes: Collection[TokenHash]) -> frozenset[TokenHash]:
        return await self._database.read(_known_among, tuple(token_hashes))

    async def revoke(self, token_hash: TokenHash) -> None:
        await self._database.write(_revoke, token_hash)

    async def revoke_all(self, user_id: UserId) -> None:
        await self._database.write(_revoke_all, user_id)

    async def _let_all_back(self, claims: tuple[_Claim, ...]) -> list[Comeback | ChatError]:
        return await self._database.write(_let_back, claims)


def _add_token(txn: Transaction, token: StoredToken, password_hash: str, most: int) -> Admission:
    # Under the lock a new password or a disabling comes before this, and is seen, or after, and drops this token.
    known_hash, disabled = lock_user(txn, token.user_id)
    if known_hash != password_hash:
        raise AuthFailed
    if disabled:
        raise Disabled
    txn.execute("DELETE FROM login_token WHERE user_id = %s AND device = %s", (token.user_id, token.device))
    login_no = _count_login(txn, token.user_id)
    txn.execute(
        "INSERT INTO login_token (token_hash, user_id, device, expires_at_ms) VALUES (%s, %s, %s, %s)",
        (token.token_hash, token.user_id, token.device, token.expires_at_ms),
    )
    others = txn.rows(
        "SELECT token_hash FROM login_token WHERE user_id = %s AND token_hash <> %s "
        "ORDER BY expires_at_ms DESC, token_hash",
        (token.user_id, token.token_hash),
    )
    for (token_hash,) in others[most - 1 :]:
        _revoke(txn, token_hash)
    return Admission(login_no=login_no, heads=list_heads(txn, token.user_id))


def _count_login(txn: Transaction, user_id: UserId) -> int:
    txn.execute("UPDATE user SET logins = logins + 1 WHERE user_id = %s", (user_id,))
    row = txn.row("SELECT logins FROM user WHERE user_id = %s", (user_id,))
    assert row is not None
    return int(row[0])


def _let_back(txn: Transaction, claims: tuple[_Claim, ...]) -> list[Comeback | ChatError]:
    tokens = _find_tokens(txn, claims)
    refusals = {claim: refusal for claim in claims if (refusal := _judge(claim, tokens))}
    good = [claim for claim in claims if claim not in refusals]
    numbers = _count_logins(txn, good) if good else {}
    _move_ends(txn, [(claim, tokens[claim.token_hash]) for claim in good if claim.token_hash in numbers])
    before: Counter[UserId] = Counter()
    outcomes: list[Comeback | ChatError] = []
    for claim in claims:
        first = numbers.get(claim.token_hash)
        if claim in refusals or first is None:
            outcomes.append(refusals.get(claim, TokenExpired()))
            continue
        outcomes.append(_comeback(tokens[claim.token_hash], first + before[claim.user_id]))
        before[claim.user_id] += 1
    return outcomes


def _find_tokens(txn: Transaction, claims: tuple[_Claim, ...]) -> dict[TokenHash, _Token]:
    those, hashes = txn.dialect.among([claim.token_hash for claim in claims])
    rows = txn.rows(
        "SELECT t.token_hash, t.expires_at_ms, u.disabled, u.user_id, u.nickname, u.avatar, k.talk_id, k.last_seq "
        "FROM login_token t JOIN user u ON u.user_id = t.user_id "
        "LEFT JOIN talk_member m ON m.user_id = t.user_id AND m.active = 1 AND m.talk_id LIKE ':%%' "
        "LEFT JOIN talk k ON k.talk_id = m.talk_id "
        f"WHERE t.token_hash IN {those}",
        hashes,
    )
    tokens: dict[TokenHash, _Token] = {}
    for token_hash, expires_at_ms, disabled, user_id, nickname, avatar, talk_id, last_seq in rows:
        token = tokens.get(token_hash)
        if token is None:
            user = User(user_id=UserId(user_id), nickname=nickname, avatar=avatar)
            token = tokens[token_hash] = _Token(
                user=user, disabled=bool(disabled), expires_at_ms=expires_at_ms
            )
        if talk_id is not None:
            token.heads[GroupId(talk_id[1:])] = last_seq
    return tokens


def _judge(claim: _Claim, tokens: dict[TokenHash, _Token]) -> ChatError | None:
    """Why somebody does not get in by a token; None when they do, and the token's end is where it is to be."""
    token = tokens.get(claim.token_hash)
    if token is None or token.user.user_id != claim.user_id:
        return TokenExpired()
    try:
        end_ms = end_after_comeback(token.expires_at_ms, disabled=token.disabled, now_ms=claim.now_ms)
    except ChatError as refusal:
        return refusal
    if end_ms != token.expires_at_ms:
        token.expires_at_ms = token.moved_to_ms = end_ms
    return None


def _count_logins(txn: Transaction, claims: list[_Claim]) -> dict[TokenHash, int]:
    """Count everybody's login; of each token that is still there the first number that is its owner's to give.

    Of several logins of one person each gets a number of its own: everybody's count moves by as many as one of them needs.
    The accounts are locked first, in their order, as wherever tokens are dropped.
    """
    most = max(Counter(claim.user_id for claim in claims).values())
    people = sorted({claim.user_id for claim in claims})
    they, user_ids = txn.dialect.among(people)
    txn.execute(f"UPDATE user SET logins = logins + %s WHERE user_id IN {they}", [most, *user_ids])
    those, hashes = txn.dialect.among([claim.token_hash for claim in claims])
    rows = txn.rows(
        "SELECT t.token_hash, u.logins FROM login_token t JOIN user u ON u.user_id = t.user_id "
        f"WHERE t.token_hash IN {those} {{for_update}}",
        hashes,
    )
    return {token_hash: logins - most + 1 for token_hash, logins in rows}


def _move_ends(txn: Transaction, returning: list[tuple[_Claim, _Token]]) -> None:
    moved = {claim.token_hash: token.moved_to_ms for claim, token in returning if token.moved_to_ms}
    if moved:
        # One end for all who come together, the last one: milliseconds are no matter among days.
        those, hashes = txn.dialect.among(list(moved))
        txn.execute(
            f"UPDATE login_token SET expires_at_ms = %s WHERE token_hash IN {those}",
            [max(moved.values()), *hashes],
        )


def _comeback(token: _Token, login_no: int) -> Comeback:
    admission = Admission(login_no=login_no, heads=token.heads)
    return Comeback(user=token.user, expires_at_ms=token.expires_at_ms, admission=admission)


def _known_among(txn: Transaction, token_hashes: tuple[TokenHash, ...]) -> frozenset[TokenHash]:
    if not token_hashes:
        return frozenset()
    those, hashes = txn.dialect.among(token_hashes)
    counted = txn.row(f"SELECT COUNT(*) FROM login_token WHERE token_hash IN {those}", hashes)
    # Nearly always all are there, and to read them all costs a driver more than the database spends on both questions.
    if counted == (len(set(token_hashes)),):
        return frozenset(token_hashes)
    rows = txn.rows(f"SELECT token_hash FROM login_token WHERE token_hash IN {those}", hashes)
    return frozenset(TokenHash(bytes(token_hash)) for (token_hash,) in rows)


def _revoke(txn: Transaction, token_hash: TokenHash) -> None:
    txn.execute("DELETE FROM login_token WHERE token_hash = %s", (token_hash,))


def _revoke_all(txn: Transaction, user_id: UserId) -> None:
    txn.execute("DELETE FROM login_token WHERE user_id = %s", (user_id,))
