"""Stand-ins and embedded servers for local use; nothing imports them."""
