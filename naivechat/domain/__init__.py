"""What chatting is: values, rules and ports.

No I/O, no Twisted, no packets: everything here can be read and tested without a socket or a database.
"""
