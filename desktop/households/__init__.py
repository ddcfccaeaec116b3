"""Changing who belongs to which household: what is asked, what is done, what was done before."""
