"""Measures facesite on this machine: the engine, its peers, the history, a server under load, the API's cost."""
