"""The gRPC contract between the plugin and the sidecar: package stash_sense.v1 and the Python generated from it.

Change a .proto, then run scripts/generate_stubs; scripts/check fails while the two differ.
"""
