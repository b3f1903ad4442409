"""What the stand-in serves under /v1, one module for each kind of object."""
