"""Commands of `flask`: every module of this package that has a `group` adds it."""
