"""Commands of `flask`: every module of this package that has a `group`, or `commands`, adds them."""
