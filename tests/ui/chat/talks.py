"""The dialogues of the tests in this folder."""

from tkclient.model.talk import FRIEND, GROUP, TalkKey

ANN = TalkKey(FRIEND, "ann")
BOB = TalkKey(FRIEND, "bob")
TEAM = TalkKey(GROUP, "team")
