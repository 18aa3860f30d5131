"""Packets about oneself."""

import attrs

from naivechat.protocol import words
from naivechat.protocol.command import Command
from naivechat.protocol.packet import Packet, packet


@attrs.frozen(kw_only=True)
class UserRecord:
    """A user as others see them."""

    user_id: words.UserId
    nickname: words.Name
    avatar: words.Avatar


@packet(Command.UPDATE_PROFILE_REQUEST)
@attrs.frozen(kw_only=True)
class UpdateProfileRequest(Packet):
    """Changes one's nickname or avatar; a key left out stays as it is. Answered by OkResponse."""

    rid: words.Rid
    nickname: words.Name | None = None
    avatar: words.Avatar | None = None


@packet(Command.CHANGE_PASSWORD_REQUEST)
@attrs.frozen(kw_only=True)
class ChangePasswordRequest(Packet):
    """Sets a new password and ends the user's other sessions. Answered by OkResponse."""

    rid: words.Rid
    old_password: words.Password = attrs.field(repr=False)
    new_password: words.Password = attrs.field(repr=False)


@packet(Command.PROFILE_NOTICE)
@attrs.frozen(kw_only=True)
class ProfileNotice(Packet):
    """A friend, or oneself on another device, has a new nickname or avatar."""

    user: UserRecord
