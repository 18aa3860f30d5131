"""A model with some people in it."""

from tkclient.model.chat import ChatModel
from tkclient.model.people import Group, Member, Person, Role
from tkclient.model.talk import FRIEND, GROUP, Talk, TalkKey

FOX = Person(user_id="fox", nickname="小狐狸", avatar="fox")
PANDA = Person(user_id="panda", nickname="李大熊", avatar="panda", is_online=True)
ALICE = Person(user_id="alice", nickname="Alice Johnson", remark="Alice 🎉")
MAMA = Person(user_id="mama", nickname="妈妈🌸", avatar="blossom")
STRANGER = Person(user_id="lei.wang", nickname="王磊（后端）")
TEAM = "team"


def model_of(own_role: Role = Role.OWNER) -> ChatModel:
    """FOX is logged in; PANDA, ALICE and MAMA are friends, STRANGER is in the group TEAM, too, with PANDA as an admin."""
    model = ChatModel(user=FOX)
    model.set_friends((PANDA, ALICE, MAMA))
    members = (
        Member(person=FOX, role=own_role),
        Member(person=PANDA, role=Role.ADMIN),
        Member(person=ALICE),
        Member(person=STRANGER, role=Role.MEMBER if own_role is Role.OWNER else Role.OWNER),
    )
    owner = next(member.person.user_id for member in members if member.role is Role.OWNER)
    model.upsert_group(
        Group(
            group_id=TEAM,
            name="产品研发讨论组",
            owner_id=owner,
            notice="周四下午三点评审 🚀，请大家提前看设计文档，把问题写在评论里。",
            member_count=4,
            members=members,
        )
    )
    model.set_talks(
        (
            Talk(key=TalkKey(GROUP, TEAM), name="产品研发讨论组", is_pinned=True),
            Talk(key=TalkKey(FRIEND, "panda"), name="李大熊"),
        )
    )
    return model
