"""Outgoing HTTP under one deadline, to checked addresses only."""
