"""Commission: the platform takes a share of each sale, by an ordered list of rates."""
