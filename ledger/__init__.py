"""The ledger: what was said, by whom, in which order, and what follows from it.

Entries are signed by the person who made them and chained per office.  They are never
changed and never deleted; the record of a person is a *view*, folded from the entries
that were admitted.  Nothing in this room reads a file, a database or a clock: bytes,
times and randomness are handed in.

Modules, from the bottom up:

``errors``, ``fields``      the error tree; typed reading of decoded CBOR maps
``keys``, ``cose``          Ed25519 keys; COSE_Sign1
``certificate``             who may sign what, from the root downwards
``status``, ``trust``       revocation bits; the numbered trust list
``words``, ``enrolment``    six words to compare; the request and the grant
``entry``, ``chain``        one signed statement; how statements follow one another
``kinds``                   the kinds of entry, their bodies, who may write them
``ancestry``, ``conflicts`` which entries knew of which; what happens when none did
``views``, ``fold``         the current record, as a pure function of the entries
``history``                 the same entries told as changes of single fields
``admission``               may this entry stand?
"""
