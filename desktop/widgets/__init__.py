"""The widgets pages are made of. Import each from its own module: start-up pays for no other."""
