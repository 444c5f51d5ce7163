"""How fast, how small and how right the embedded engine is on this machine, in numbers that anyone can repeat."""
