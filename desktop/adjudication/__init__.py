"""What the registry's people decide with: queues, pairs beside each other, conflicts."""
