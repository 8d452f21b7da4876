"""A sidecar that somebody else starts: behind TLS and a token, and with nothing installed beside Stash."""

from __future__ import annotations

from pathlib import Path

from plugin.setup.sidecar_environment import OVERRIDE_NAME
from tests.plugin.road.conftest import put
from tests.plugin.road.installed import PLUGIN_ID, installed, until
from tests.road.test_access import TcpSidecar, make_certificate, token_file


def test_tls_and_token(tmp_path: Path, data_dir: Path, coffee: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    token = token_file(tmp_path)
    library = tmp_path / "library"
    library.mkdir()
    extra = [f"--tls-cert={certificate}", f"--tls-key={key}", f"--token-file={token}"]
    with (
        TcpSidecar(data_dir, [library], extra) as sidecar,
        installed(tmp_path / "stash", library_dir=library) as plugin,
    ):
        (plugin.sidecar_dir / OVERRIDE_NAME).unlink()  # as in Stash's own image, where none can be installed
        address = f"localhost:{sidecar.address.rpartition(':')[2]}"
        plugin.stash.configure_plugin(PLUGIN_ID, sidecarAddress=address, sidecarTokenFile=str(token))
        scene = plugin.stash.add_scene(put(coffee, library), "Coffee")
        plugin.start("Analyse new")
        until(lambda: plugin.ask("status")["sidecar"], 30, "tried")
        assert "cannot be reached" in plugin.ask("status")["sidecar"]["message"], "without TLS"
        assert plugin.stash.tags_of(scene) == []
        (plugin.data_dir / "sidecar-ca.pem").write_bytes(certificate.read_bytes())
        assert plugin.ask("status.check")["sidecar"]["ok"]
        plugin.stash.wait_for_jobs(30)
        assert plugin.stash.tags_of(scene) == ["AI_Tagged"]
