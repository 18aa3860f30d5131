"""How users come: one at a time, or many from a table."""

import attrs

from naivechat.application.administration import Administration
from naivechat.application.made_up_password import make_up_password
from naivechat.application.people_csv import MOST_CHARACTERS, MOST_IMPORTED
from naivechat.application.people_import import ImportOutcome, PeopleImport
from naivechat.domain.user import SHORTEST_PASSWORD, UserId
from naivechat.interfaces.console.answer import Answer, page
from naivechat.interfaces.console.notices import done, refused
from naivechat.interfaces.console.rendering import render
from naivechat.interfaces.console.visit import Visit


@attrs.frozen(kw_only=True)
class NewPeoplePage:
    """For operators only: the forms, and what becomes of them."""

    _people_import: PeopleImport
    _administration: Administration

    async def show(self, visit: Visit) -> Answer:
        """The forms."""
        values = {"shortest": SHORTEST_PASSWORD, "most": MOST_IMPORTED, "longest": MOST_CHARACTERS}
        return page(render("new_users.html", visit, **values))

    async def create(self, visit: Visit) -> Answer:
        """One account; a password that was not typed is made up and shown once."""
        form = visit.arrival.form
        user_id, typed = UserId(form.get("id", "").strip()), form.get("password", "")
        nickname = form.get("nickname", "").strip() or user_id
        password = typed or make_up_password()
        await self._administration.create_user(visit.acting, user_id, password, nickname)
        sentence = visit.words("{id} can log in now.", id=user_id)
        return done(visit, sentence, secret="" if typed else password)

    async def check(self, visit: Visit) -> Answer:
        """What is wrong with a table; nobody is added."""
        text = _text_of(visit)
        if text is None:
            return refused(visit, visit.words("The file is not UTF-8 text."))
        outcome = await self._people_import.check(text)
        sentence = visit.words.count(
            "{count} person can be added.", "{count} people can be added.", len(outcome.added)
        )
        return _told(visit, outcome, sentence)

    async def take_in(self, visit: Visit) -> Answer:
        """Add all people of a table, or nobody."""
        text = _text_of(visit)
        if text is None:
            return refused(visit, visit.words("The file is not UTF-8 text."))
        outcome = await self._administration.import_people(visit.acting, text)
        sentence = visit.words.count(
            "{count} person can log in now.", "{count} people can log in now.", len(outcome.added)
        )
        return _told(visit, outcome, sentence)


def _text_of(visit: Visit) -> str | None:
    """The table that was sent; None where it is no text."""
    try:
        return visit.arrival.csv.decode()
    except UnicodeDecodeError:
        return None


def _told(visit: Visit, outcome: ImportOutcome, sentence: str) -> Answer:
    return page(render("import_outcome.html", visit, faults=outcome.faults, sentence=sentence))
