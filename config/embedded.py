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
    """The folder of the sockets: inside `var/` where the path is short and the servers can come, else outside."""
    inside = root / "var" / name
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER and server_may_enter(root):
        return inside
    base = Path("/run") if os.getuid() == 0 else Path(tempfile.gettempdir())
    return base / own_name(root) / name


def data_folder(root: Path = ROOT, name: str = "servers") -> Path:
    """The folder of the servers' data: `var/servers`, unless PostgreSQL's user cannot come that far."""
    return root / "var" / name if server_may_enter(root) else Path("/var/lib") / own_name(root) / name


def own_name(root: Path) -> str:
    return f"sunset-{os.getuid()}-{hashlib.sha256(os.fsencode(root)).hexdigest()[:10]}"


def server_may_enter(folder: Path) -> bool:
    """As root, PostgreSQL runs as another user, who cannot enter a folder that only root may enter."""
    return os.getuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))


def database_url(folder: Path, role: str, name: str = DATABASE) -> str:
    host = str(folder).replace("/", "%2F")
    return f"postgresql://{role}@{host}/{name}"


def redis_url(folder: Path) -> str:
    return f"redis+socket://{folder}/redis.sock?virtual_host=0"
