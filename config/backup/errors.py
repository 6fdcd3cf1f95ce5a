"""Why a copy cannot be made or restored, in words that say what to do."""


class BackupError(Exception):
    pass
