"""Cases as data, played through the public HTTP API of a running application."""
