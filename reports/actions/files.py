"""The files of a round: rendered once, stored by content, listed in a manifest, bundled."""

from collections.abc import Mapping

from reports.disclosure import ProtectedCube
from reports.models import Artifact, Report
from reports.queries import sources
from reports.storage import store

MANIFEST = "manifest.json"
BUNDLE = "bundle.zip"
MEDIA_TYPES = {
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "md": "text/markdown",
    "svg": "image/svg+xml",
    "zip": "application/zip",
}


def render_round(report: Report, protected: ProtectedCube) -> dict[str, bytes]:
    """Path -> bytes of everything that is to be published, manifest and bundle included."""
    from reports import render

    source = sources(report)
    files = dict(render.render_files(protected, source.plan, source.codebook, {}, {}))
    files[MANIFEST] = render.manifest(files)
    return {**files, BUNDLE: render.bundle(files)}


def store_files(report: Report, files: Mapping[str, bytes]) -> list[Artifact]:
    """Write the bytes; the rows that name them are left to the caller, who saves them with the change of state."""
    place = store()
    return [
        Artifact(
            report=report,
            round=report.round,
            path=path,
            sha256=place.put(content),
            size=len(content),
            media_type=MEDIA_TYPES[path.rpartition(".")[2]],
        )
        for path, content in sorted(files.items())
    ]
