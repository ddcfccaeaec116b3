"""The first run: what this computer is to be, step by step.

``steps`` and ``strength`` know no toolkit; the other modules show them.
"""
