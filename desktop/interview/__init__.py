"""The household interview: its model, which knows no toolkit, and the parts of its page."""
