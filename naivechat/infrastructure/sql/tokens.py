"""Tokens in SQL tables; the ports say what each method does."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import attrs
from twisted.internet.interfaces import IReactorTime

from naivechat.domain.errors import AuthFailed, ChatError, Disabled, TokenExpired
from naivechat.domain.group import GroupId
from naivechat.domain.session import Admission, Comeback, StoredToken, TokenHash, end_after_comeback
from naivechat.domain.user import User, UserId
from naivechat.infrastructure.sql.dialect import Question
from naivechat.infrastructure.sql.gathering import Gathering
from naivechat.infrastructure.sql.members import list_heads
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.transaction import Transaction
from naivechat.infrastructure.sql.users import as_id, lock_user


@attrs.frozen(kw_only=True)
class _Claim:
    """Somebody comes back by a token."""

    user_id: UserId
    token_hash: TokenHash
    now_ms: int


@attrs.define(kw_only=True)
class _Token:
    """A token that is there, with its owner, the owner's logins and groups. `moved_to_ms`: its new end, or None where that stays."""

    user: User
    disabled: bool
    expires_at_ms: int
    logins: int
    heads: dict[GroupId, int]
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
        return await self._database.write_login(lambda txn: _let_back(txn, claims))


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
    most = max(Counter(claim.user_id for claim in claims).values())
    _count_logins(txn, claims, most)
    tokens = _find_tokens(txn, claims)
    refusals = {claim: refusal for claim in claims if (refusal := _judge(claim, tokens))}
    _move_ends(txn, [(claim, tokens[claim.token_hash]) for claim in claims if claim not in refusals])
    before: Counter[UserId] = Counter()
    outcomes: list[Comeback | ChatError] = []
    for claim in claims:
        if claim in refusals:
            outcomes.append(refusals[claim])
            continue
        token = tokens[claim.token_hash]
        outcomes.append(_comeback(token, token.logins - most + 1 + before[claim.user_id]))
        before[claim.user_id] += 1
    return outcomes


def _count_logins(txn: Transaction, claims: tuple[_Claim, ...], most: int) -> None:
    """Count everybody's login who has a good token, as whoever is disabled has not.

    Of several logins of one person each gets a number of its own: everybody's count moves by as many as one of them needs.
    The accounts are locked first, in their order, as wherever tokens are dropped.
    """
    they, people = txn.dialect.among(sorted({as_id(claim.user_id) for claim in claims}))
    _, those = txn.dialect.among(claims)
    is_claimed = " OR ".join(["(t.token_hash = %s AND t.expires_at_ms > %s)"] * len(those))
    txn.write(
        f"UPDATE user SET logins = logins + %s WHERE user_id IN {they} "
        f"AND EXISTS (SELECT 1 FROM login_token t WHERE t.user_id = user.user_id AND ({is_claimed}))",
        [most, *people, *[value for claim in those for value in (claim.token_hash, claim.now_ms)]],
    )


def _find_tokens(txn: Transaction, claims: tuple[_Claim, ...]) -> dict[TokenHash, _Token]:
    """The tokens as they are once the accounts are locked, which they need not be any longer."""
    those, hashes = txn.dialect.among([claim.token_hash for claim in claims])
    question = Question(
        columns=(
            "HEX(t.token_hash), t.expires_at_ms, u.disabled, u.logins, u.user_id, u.nickname, u.avatar, "
            "(SELECT GROUP_CONCAT(JSON_ARRAY(k.talk_id, k.last_seq)) FROM talk_member m JOIN talk k ON k.talk_id = m.talk_id "
            "WHERE m.user_id = t.user_id AND m.active = 1 AND m.talk_id LIKE ':%%')"
        ),
        rest=(
            "FROM login_token t JOIN user u ON u.user_id = t.user_id "
            f"WHERE t.token_hash IN {those} {{for_update}}"
        ),
        values=hashes,
    )
    (rows,) = txn.ask(question, is_last=True)
    return {TokenHash(bytes.fromhex(row[0])): _token_of(row) for row in rows}


def _token_of(row: Sequence[Any]) -> _Token:
    _, expires_at_ms, disabled, logins, user_id, nickname, avatar, heads = row
    return _Token(
        user=User(user_id=UserId(user_id), nickname=nickname, avatar=avatar),
        disabled=bool(disabled),
        expires_at_ms=expires_at_ms,
        logins=logins,
        heads={GroupId(talk_id[1:]): last_seq for talk_id, last_seq in json.loads(f"[{heads or ''}]")},
    )


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


def _move_ends(txn: Transaction, returning: list[tuple[_Claim, _Token]]) -> None:
    moved = {claim.token_hash: token.moved_to_ms for claim, token in returning if token.moved_to_ms}
    if moved:
        # One end for all who come together, the last one: milliseconds are no matter among days.
        those, hashes = txn.dialect.among(list(moved))
        txn.write(
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
