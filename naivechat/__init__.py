"""naivechat: a self-hosted instant-messaging system on Twisted.

The rooms of this package and the direction of their imports are described in docs/architecture.md.
"""

__version__ = "0.1.0"
