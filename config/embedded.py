"""Where the embedded servers of `make run` stand. Standard library only: used by settings and by `dev`."""

import hashlib
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APP_ROLE = "sunset_app"
OWNER_ROLE = "sunset_owner"
DATABASE = "sunset"

# A socket path longer than about 104 bytes cannot be bound (108 on Linux, 104 on macOS).
LONGEST_SOCKET_FOLDER = 104 - len("/.s.PGSQL.5432") - len("/test")


def socket_folder(root: Path = ROOT, name: str = "run") -> Path:
    """The folder of the sockets: inside `var/` where the path is short enough, else in the system's temporary folder."""
    inside = root / "var" / name
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER and _anyone_may_enter(root):
        return inside
    digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"sunset-{os.getuid()}-{digest}" / name


def _anyone_may_enter(folder: Path) -> bool:
    """PostgreSQL refuses to run as root; as another user it cannot enter a folder that only root may enter."""
    if os.getuid() != 0:
        return True
    return all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))


def database_url(folder: Path, role: str, name: str = DATABASE) -> str:
    host = str(folder).replace("/", "%2F")
    return f"postgresql://{role}@{host}/{name}"


def redis_url(folder: Path) -> str:
    return f"redis+socket://{folder}/redis.sock?virtual_host=0"
