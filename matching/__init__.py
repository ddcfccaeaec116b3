"""Who might be the same person: names in any script made comparable, and compared.

Pure functions over values; no store, no files. The rooms above keep what these return.
"""
