"""Generate protos/*_pb2* from protos/*.proto."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
GENERATED = "*_pb2*"
SERVICE = re.compile(r"^\s*service\s+\w+", re.M)


class GenerationError(Exception):
    """The compiler refused a .proto; the message is what it said."""


def generate(root: Path) -> dict[str, bytes]:
    """Generated files of root/protos, by name. Writes nothing there. Raises GenerationError.

    Messages get `_pb2.py` and `_pb2.pyi`; a file with a service gets `_pb2_grpc.py` and a typed `_pb2_grpc.pyi` too.
    """
    protos = sorted(f"protos/{path.name}" for path in (root / "protos").glob("*.proto"))
    services = [name for name in protos if SERVICE.search((root / name).read_text(encoding="utf-8"))]
    with tempfile.TemporaryDirectory() as folder:
        _compile(root, protos, [f"--python_out={folder}", f"--pyi_out={folder}"])
        typed = Path(sys.executable).parent / "protoc-gen-mypy_grpc"
        plugin = typed.with_suffix(".exe") if sys.platform == "win32" else typed
        out = [f"--grpc_python_out={folder}", f"--mypy_grpc_out={folder}", f"--plugin=protoc-gen-mypy_grpc={plugin}"]
        _compile(root, services, out)
        return {path.name: path.read_bytes() for path in sorted((Path(folder) / "protos").iterdir())}


def committed(root: Path) -> dict[str, bytes]:
    """The generated files that lie in root/protos now, by name."""
    return {path.name: path.read_bytes() for path in sorted((root / "protos").glob(GENERATED)) if path.is_file()}


def differences(wanted: dict[str, bytes], present: dict[str, bytes]) -> list[str]:
    """Names of the files that are missing, superfluous or different, in order."""
    return sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))


def _compile(root: Path, protos: list[str], out: list[str]) -> None:
    if not protos:
        return
    # A path relative to the root makes the generated code say `from protos import ...`: nothing to rewrite.
    command = [sys.executable, "-m", "grpc_tools.protoc", "-I.", f"-I{_well_known()}", *out, *protos]
    answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise GenerationError(answer.stderr.strip() or answer.stdout.strip())


def _well_known() -> Path:
    spec = find_spec("grpc_tools")
    if spec is None or spec.origin is None:
        raise GenerationError("grpcio-tools is not installed. Run it as scripts/generate_stubs, or scripts/setup dev.")
    return Path(spec.origin).parent / "_proto"


def main() -> int:
    argparse.ArgumentParser("scripts/generate_stubs", description=__doc__).parse_args()
    try:
        wanted = generate(ROOT)
    except GenerationError as error:
        print(error, file=sys.stderr)
        return 1
    changed = differences(wanted, committed(ROOT))
    for name in changed:
        path = ROOT / "protos" / name
        if name in wanted:
            path.write_bytes(wanted[name])
            print(f"wrote protos/{name}")
        else:
            path.unlink()
            print(f"removed protos/{name}")
    if not changed:
        print(f"{len(wanted)} files in protos/ are up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
