"""The footing of the house: small values that every room parses once and passes on.

Nothing here reads a file, a clock or a network; time and randomness are handed in. The modules
are imported by name (``from values import cbor, dates``); nothing is re-exported here, so that
a room pays only for what it uses at start-up.
"""
