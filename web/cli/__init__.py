"""Commands of `flask --app wsgi`: every module here with a `group` or `command` is mounted."""
"""Commands of `flask`: every module of this package that has a `group` adds it."""
