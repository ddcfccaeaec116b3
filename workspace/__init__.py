"""What both offices share: opening, users and roles, one act in one commit, finding, care."""
