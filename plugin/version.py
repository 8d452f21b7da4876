"""The plugin's version, as in stash-plugin.yml, pyproject.toml and CHANGELOG.md."""

VERSION = "0.5.0"
