"""Processes that laws ask for, each as a state machine with clocks; the rules of compliance read their rows."""
