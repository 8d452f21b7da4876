"""How well recommendations foretell what is watched, beside what they must beat."""
