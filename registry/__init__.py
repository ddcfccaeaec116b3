"""The central office: enrol stations, admit what they send, decide, answer."""
