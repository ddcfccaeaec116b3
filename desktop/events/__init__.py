"""Telling one form from its first page to its signature: an event, or the correction of a record.

The model (:mod:`filling`, :mod:`offer`, :mod:`roles`, :mod:`said`) knows no toolkit; the other
modules are the parts of the pages that show it.
"""
