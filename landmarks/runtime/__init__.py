"""What one process shares: concurrency limits, timers, memory and the current request's id."""
