"""How far the content of each column may travel. A test fails for a column that stands here not, or no more.

public: may be shown to anybody · staff: people who work here and researchers · aggregate-only: leaves only as a
protected count · sensitive: read only by those a respondent allowed to · never leaves: not shown, not exported.
`*` stands for every column of a table that belongs to Django or a library.
"""

from collections.abc import Mapping

from survey.enums import DataClass

P, S, A, X, N = (
    DataClass.PUBLIC,
    DataClass.STAFF,
    DataClass.AGGREGATE_ONLY,
    DataClass.SENSITIVE,
    DataClass.NEVER_LEAVES,
)

DATA_CLASSES: Mapping[str, Mapping[str, DataClass]] = {
    "accounts.User": {
        "id": S, "email": S, "name": S, "roles": S, "is_active": S, "is_superuser": S, "last_login": S, "password": N,
        "session_epoch": N,
    },
    "accounts.ApiToken": {
        "id": S, "user": S, "name": S, "created_at": S, "expires_at": S, "revoked_at": S, "digest": N,
        "scopes": S,
    },
    "accounts.PasswordLink": {"user": S, "digest": N, "expires_at": S},
    "accounts.Notice": {
        "id": S, "user": S, "kind": S, "subject": S, "created_at": S, "due_at": S, "attempts": S, "sent_at": S,
    },
    "accounts.AuditEntry": {
        "id": S, "at": S, "actor_kind": S, "actor_name": S, "action": S, "subject": S, "detail": S,
    },
    "accounts.AuditLink": {"position": S, "entry_id": S, "hash": S},
    "accounts.AuditHead": {"day": S, "position": S, "hash": S},
    "survey.Survey": {
        "id": S, "slug": P, "instrument": P, "version": P, "mode": P, "operator": P, "open_link": P,
    },
    "survey.StudyMember": {"id": S, "survey": S, "user": S},
    "survey.Wave": {
        "id": S, "survey": P, "number": P, "state": P, "languages": P, "seal_on": P, "event_states": P, "form": P,
        "late_until": S, "reading_key": S, "rewritten": S,
    },
    "survey.Inbox": {
        "receipt": N, "wave": N, "language": N, "document": N, "ciphertext": N, "for_receipt": N, "for_readers": N,
    },
    "survey.StepProposal": {
        "id": S, "wave": S, "step": S, "proposed_by": S, "live": P, "terms": S, "made_at": S,
    },
    "survey.StepAnswer": {
        "id": S, "proposal": S, "by": S, "proposed_by": S, "live": P, "confirmed": S,
    },
    "survey.EventList": {"id": S, "instrument": P, "number": S, "entries": P},
    "survey.HelpLineList": {"id": S, "instrument": P, "language": P, "number": S, "entries": P},
    "survey.Tombstone": {"receipt": N, "wave": N},
    "survey.Response": {"id": N, "wave": A, "answers": A, "codes": A, "width": P},
    "survey.Testimony": {
        "id": X, "wave": X, "language": X, "use": A, "tag": X, "role_group": X, "ciphertext": X, "for_readers": N,
        "plain": X,
    },
    "survey.ReviewerKey": {"id": S, "user": S, "public_key": S, "locked_private": N, "log2_n": S},
    "survey.ReadingKey": {"id": S, "public_key": S},
    "survey.ReadingKeyShare": {"id": S, "reading_key": S, "holder": S, "box": N},
    "survey.Proposal": {"id": S, "testimony": X, "number": S, "by": S, "kind": X, "sealed": X},
    "survey.Judgement": {"id": S, "proposal": S, "by": S, "proposed_by": S, "confirmed": X, "sealed_note": X},
    "survey.ModeratedText": {"id": S, "testimony": X, "judgement": S, "words": X, "translations": X},
    "reports.Report": {
        "id": S, "title": S, "survey_slug": P, "number": P, "waves": P, "plan_name": P, "plan_version": P,
        "plan_digest": P, "requested_by": S, "supersedes": S, "purpose": S, "state": S, "round": S, "stage": S,
        "parts_done": S, "parts_total": S, "attempts": S, "error": S, "manifest_sha256": P,
        "lease_until": S, "fence": S,
    },
    "reports.Part": {
        "id": N, "lease_until": N, "fence": N, "report": N, "round": N, "first": N, "size": N, "cube": N,
    },
    "reports.StoredCube": {"id": S, "report": S, "round": S, "document": S, "beside": S},
    "reports.Artifact": {
        "id": S, "report": S, "round": S, "path": P, "sha256": P, "size": P, "media_type": P,
    },
    "reports.Decision": {
        "id": S, "report": S, "round": S, "reviewer": S, "requested_by": S, "verdict": S, "reason": S,
        "manifest_sha256": S,
    },
    "reports.Objection": {"id": S, "report": S, "round": S, "by": S, "reason": S},
    "reports.Withdrawal": {"id": S, "objection": S, "by": S, "reason": S},
    "reports.Release": {
        "id": S, "report": S, "slug": P, "survey_slug": P, "first": S, "second": S, "manifest_sha256": P,
        "supersedes": P, "rehearsal": P, "released_on": P,
    },
    "reports.Retraction": {"id": S, "release": P, "by": S, "reason": P, "retracted_on": P},
    "account.EmailAddress": {"*": S},
    "account.EmailConfirmation": {"*": N},
    "admin.LogEntry": {"*": S},
    "auth.Group": {"*": S},
    "auth.Permission": {"*": S},
    "contenttypes.ContentType": {"*": S},
    "mfa.Authenticator": {"*": N},
    "sessions.Session": {"*": N},
}  # fmt: skip
