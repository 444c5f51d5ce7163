"""The values that everything else works with: points, faces, schemes, measures and errors."""
