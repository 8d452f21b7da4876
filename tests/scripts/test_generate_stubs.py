"""Generated code: what lies in protos/ is what the .proto files give, and it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.commands.generate_stubs import GenerationError, committed, differences, generate

PROTO = """syntax = "proto3";
package shelf.v1;
message Book { string title = 1; }
"""
SERVICE = "service Shelf { rpc Take(Book) returns (Book); }\n"


def lay(root: Path, text: str) -> Path:
    (root / "protos").mkdir()
    (root / "protos" / "shelf.proto").write_text(text)
    return root


def test_generated_code_imports_from_protos_and_only_services_get_stubs(tmp_path: Path) -> None:
    assert generate(lay(tmp_path, PROTO)).keys() == {"shelf_pb2.py", "shelf_pb2.pyi"}
    (tmp_path / "protos" / "shelf.proto").write_text(PROTO + SERVICE)
    files = generate(tmp_path)
    assert b"from protos import shelf_pb2" in files["shelf_pb2_grpc.py"]
    assert b"Take: _grpc.UnaryUnaryMultiCallable[_shelf_pb2.Book, _shelf_pb2.Book]" in files["shelf_pb2_grpc.pyi"]
    assert committed(tmp_path) == {}


def test_missing_superfluous_and_edited_files_are_named(tmp_path: Path) -> None:
    wanted = generate(lay(tmp_path, PROTO))
    present = {"shelf_pb2.py": wanted["shelf_pb2.py"] + b"# edited\n", "old_pb2.py": b""}
    assert differences(wanted, present) == ["old_pb2.py", "shelf_pb2.py", "shelf_pb2.pyi"]
    assert differences(wanted, wanted) == []


def test_a_broken_proto_is_explained(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match=r"protos/shelf\.proto:3"):
        generate(lay(tmp_path, PROTO.replace("string title", "strng title")))
