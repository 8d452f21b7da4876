"""What can go wrong with a model: one family, each with a sentence that a person can act on."""

from __future__ import annotations


class ModelError(Exception):
    """A model cannot be named, fetched, loaded or run. The message says what was found and what to do next."""

    code = "model_error"


class UnknownModel(ModelError):
    """The name is neither in the catalogue nor of a form that names an open_clip model."""

    code = "unknown_model"


class WeightsMissing(ModelError):
    """The model is known, but a file or package that it needs is not on this machine."""

    code = "weights_missing"


class WeightsMismatch(ModelError):
    """A file's size or sha256 is not the one that the catalogue (or the first download) recorded."""

    code = "weights_mismatch"


class CheckpointRefused(ModelError):
    """A checkpoint is of a kind that could run code, is damaged, or does not fit its architecture."""

    code = "checkpoint_refused"


class RuntimeUnavailable(ModelError):
    """The runtime or device that was asked for does not work on this machine."""

    code = "runtime_unavailable"


class CompileFailed(ModelError):
    """Compiling a checkpoint failed in its own process; the message ends with that process's last words."""

    code = "compile_failed"


class DownloadFailed(ModelError):
    """A download could not be completed; what has arrived is kept for the next attempt."""

    code = "download_failed"
