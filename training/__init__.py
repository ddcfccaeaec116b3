"""Both offices on one machine, with invented people: for learning, and for showing the main job."""
