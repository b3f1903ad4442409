"""The conformance kit: what every plugin must keep, of this tree or of a wheel. `pytest --plugin NAME` asks one."""
