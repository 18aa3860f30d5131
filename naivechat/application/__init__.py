"""What happens, in which order: one use case, one async method.

A service checks what needs no storage, makes one call that stores (the rules that need storage are enforced inside it), and
publishes what happened after that call has returned. Services know the domain alone: no packets, no SQL, no connections.
"""
