"""The version of the whole project; pyproject.toml and CHANGELOG.md say the same (a test compares them)."""

VERSION = "0.5.0"
