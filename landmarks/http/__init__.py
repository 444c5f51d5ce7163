"""What pages, API and middleware share about requests and responses."""
