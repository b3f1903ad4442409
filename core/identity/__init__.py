"""Who people are and what they may do: users, memberships, sessions, keys."""
