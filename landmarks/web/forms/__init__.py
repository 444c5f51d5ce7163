"""What browsers send, validated."""
