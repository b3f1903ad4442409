"""What the three consoles share: lists and their tools, searching and jumping, each person's wishes."""
