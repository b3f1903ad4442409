"""Commands of `flask --app wsgi`: every module here with a `group` or `command` is mounted."""
