"""Taking people in from a file: all of them or none."""

import attrs

from naivechat.application.people_csv import LineFault, NewPerson, read_people
from naivechat.domain.directory import is_operators
from naivechat.domain.directory_ports import AccountDirectory
from naivechat.domain.ports import Clock, PasswordHasher
from naivechat.domain.user import Account, User, UserId


@attrs.frozen(kw_only=True)
class ImportOutcome:
    """Who was added, by id in the file's order, or why nobody was."""

    added: tuple[UserId, ...] = ()
    faults: tuple[LineFault, ...] = ()


@attrs.frozen(kw_only=True)
class PeopleImport:
    """Makes accounts of a file's lines.

    The whole file is looked at first: with one fault in it nothing is stored. What it asks for is stored in one transaction.
    """

    _directory: AccountDirectory
    _hasher: PasswordHasher
    _clock: Clock

    async def check(self, text: str) -> ImportOutcome:
        """What `run` would find wrong; nothing is stored, and `added` says who would be."""
        people, outcome = await self._read(text)
        return attrs.evolve(outcome, added=tuple(person.user_id for person in people))

    async def run(self, text: str) -> ImportOutcome:
        """Add the people of a file (see `people_csv.read_people`), unless there is a fault in it.

        Raises:
            UserExists: an id was taken after the file was looked at; nobody was added. Unavailable.
        """
        people, outcome = await self._read(text)
        if people:
            # One at a time: those who log in meanwhile wait for one hash at most.
            accounts = [await self._account(person) for person in people]
            await self._directory.add_all(accounts)
        return attrs.evolve(outcome, added=tuple(person.user_id for person in people))

    async def _read(self, text: str) -> tuple[tuple[NewPerson, ...], ImportOutcome]:
        read = read_people(text)
        taken = await self._directory.find_taken([person.user_id for person in read.people])
        faults = list(read.faults)
        for person in read.people:
            if person.user_id in taken or is_operators(person.user_id):
                values = {"id": person.user_id}
                faults.append(LineFault(line=person.line, sentence="user_id {id} is taken", values=values))
        if not faults and not read.people:
            faults.append(LineFault(line=1, sentence="there is nobody in this file"))
        outcome = ImportOutcome(faults=tuple(sorted(faults, key=lambda fault: fault.line)))
        return (() if faults else read.people), outcome

    async def _account(self, person: NewPerson) -> Account:
        return Account(
            user=User(user_id=person.user_id, nickname=person.nickname, avatar=person.avatar),
            password_hash=await self._hasher.hash(person.password),
            created_at_ms=self._clock(),
        )
