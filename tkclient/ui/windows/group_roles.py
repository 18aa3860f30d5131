"""What a member may do to a group and to another member, as the node decides it."""

from tkclient.model.people import Group, Member, Role


def role_in(group: Group, user_id: str) -> Role:
    """What somebody may do; while the members are not known, the owner is known all the same."""
    member = next((member for member in group.members if member.person.user_id == user_id), None)
    if member is not None:
        return member.role
    return Role.OWNER if group.owner_id == user_id else Role.MEMBER


def can_edit(own: Role) -> bool:
    """Name and notice."""
    return own >= Role.ADMIN


def can_remove(own: Role, other: Member) -> bool:
    """Whether one of the role `own` may take `other`, who is somebody else, out of the group."""
    return own >= Role.ADMIN and own > other.role
