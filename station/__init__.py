"""The field office: take in, review, print, export, receive."""
