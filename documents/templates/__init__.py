"""Templates: what stands on each document, as data. ``docs/formats/templates.md`` is normative.

``model`` is a template as a value, ``reading`` reads one strictly, ``library`` knows those that
ship with the program and those of an operation's own folder. The files beside them are the
templates of the program.
"""
