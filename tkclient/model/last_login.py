"""Who was there last."""

import attrs


@attrs.frozen(kw_only=True)
class LastLogin:
    """Who was logged in last, and where: what the login window begins with. `remember`: whether the token was kept."""

    server: str = ""
    user_id: str = ""
    remember: bool = False
    nickname: str = ""
    avatar: str = ""
