"""Every column that could hold a name: where one is found, how it is held, and what erasing does.

A test compares this with the tables of a migrated database: a new column is classified here.
"""

from collections.abc import Mapping

import msgspec

from abeyance_screening.features.erasure.names import Encoding


class ErasurePlace(msgspec.Struct, frozen=True, kw_only=True):
    """Columns that are searched together, and what erasing does to a row that holds a name.

    The query `find` returns the `columns`, by table and name, in this order. The query `erase`
    takes ids of rows with the columns that hold a name; None where rows stay or are erased in
    another way. Only the comments on one alert are as many as they are.
    """

    title: str
    find: str
    erase: str | None
    deed: str
    columns: Mapping[str, Encoding]

    def value_names(self, count: int) -> tuple[tuple[str, Encoding], ...]:
        """Return what to call each of so many values of a row, and how it is held."""
        names = [each.partition(".")[2] for each in self.columns]
        encodings = tuple(self.columns.values())
        if len(names) != count:
            names = [f"{names[0]}{place}" for place in range(1, count + 1)]
            encodings = encodings * count
        return tuple(zip(names, encodings, strict=True))


COUNTERPARTIES = ErasurePlace(
    title="counterparties",
    find="erasure_counterparties",
    erase=None,
    deed="deleted; of judgements and events a record without names stays",
    columns={
        "counterparty.id": "text",
        "counterparty.name": "text",
        "counterparty.body": "json",
        "counterparty.standing": "msgpack",
        "counterparty.lookups": "msgpack",
    },
)
SENT_TABLES = ErasurePlace(
    title="tables of jobs as they were sent",
    find="erasure_sent_tables",
    erase="erase_sent_tables",
    deed="deleted, whatever is in them: nobody reads them any more",
    # in any format and encoding, so that no name is found in it
    columns={"job_piece.content": "text"},
)
AUDIT_LOG = ErasurePlace(
    title="audit log",
    find="erasure_audit_entries",
    erase=None,
    deed="what it is about and its details are erased; its place in the chain stays",
    columns={
        "audit_entry.about": "text",
        "audit_entry.details": "json",
        "audit_entry.request_id": "text",
    },
)
PLACES: tuple[ErasurePlace, ...] = (
    COUNTERPARTIES,
    ErasurePlace(
        title="judgements",
        find="erasure_judgements",
        erase="erase_judgements",
        deed="ids and owners become a SHA-256; the decision stays",
        columns={
            "judgement.counterparty": "text",
            "judgement.owner": "text",
            "judgement.basis": "json",
        },
    ),
    ErasurePlace(
        title="reasons of judgements",
        find="erasure_judgement_texts",
        erase="erase_judgement_texts",
        deed="emptied",
        columns={"judgement.reason": "text", "judgement.because": "json"},
    ),
    ErasurePlace(
        title="events",
        find="erasure_events",
        erase="erase_events",
        deed="ids become a SHA-256, words are erased",
        columns={"event.counterparty": "text", "event.dedup_key": "text", "event.data": "json"},
    ),
    ErasurePlace(
        title="comments on alerts",
        find="erasure_comments",
        erase="erase_comments",
        deed="emptied",
        columns={"event_work.comments": "text"},
    ),
    ErasurePlace(
        title="deliveries of webhooks",
        find="erasure_deliveries",
        erase="erase_deliveries",
        deed="ids become a SHA-256",
        columns={"webhook_delivery.lane": "text", "webhook_delivery.fault": "text"},
    ),
    ErasurePlace(
        title="kept screenings",
        find="erasure_screenings",
        erase="erase_screenings",
        deed="deleted",
        columns={"screening.answer": "json", "screening.counterparty_ids": "text"},
    ),
    ErasurePlace(
        title="reasons of holds",
        find="erasure_holds",
        erase="erase_holds",
        deed="emptied; the hold stays",
        columns={"screening.held_because": "text"},
    ),
    ErasurePlace(
        title="results of tables",
        find="erasure_table_results",
        erase="erase_table_results",
        deed="deleted whole",
        columns={
            "table_result.head": "json",
            "table_result_part.lines": "json",
            "table_result_part.parties": "json",
            "table_result_part.evidence": "json",
        },
    ),
    ErasurePlace(
        title="jobs",
        find="erasure_jobs",
        erase="erase_jobs",
        deed="deleted whole",
        columns={
            "job.name": "text",
            "job.terms": "json",
            "job.fault": "json",
            "job.head": "json",
            "job.reading": "json",
            "job_chunk.asked": "zstd json",
            "job_chunk.lines": "zstd json",
        },
    ),
    SENT_TABLES,
    ErasurePlace(
        title="requests with an Idempotency-Key",
        find="erasure_idempotency_keys",
        erase="erase_idempotency_keys",
        deed="deleted",
        columns={"idempotency_key.key": "text", "idempotency_key.body": "json"},
    ),
    ErasurePlace(
        title="changes for a second person",
        find="erasure_pending_changes",
        erase="erase_pending_changes",
        deed="the reason is emptied",
        columns={"pending_change.about": "text", "pending_change.body": "json"},
    ),
    ErasurePlace(
        title="failures of work on jobs",
        find="erasure_tracebacks",
        erase="erase_tracebacks",
        deed="emptied",
        columns={"pgqueuer_log.traceback": "json"},
    ),
    ErasurePlace(
        title="what operators wrote about lists and law",
        find="erasure_operator_texts",
        erase=None,
        deed="stays",
        columns={
            "party_split.because": "text",
            "list_profile.because": "text",
            "measure_review.note": "text",
            "register_event.retracted_because": "text",
        },
    ),
    AUDIT_LOG,
)
"""In the order in which they are erased, last the audit log, in which deletions are recorded."""


WITHOUT_NAMES: Mapping[str, Mapping[str, str]] = {
    "what publishers and the register say": {
        "coverage_record": "id record",
        "download": "source seen sha256",
        "edition": "list_code sha256 format source read_in_part programmes_gone",
        "edition_order": "list_code source",
        "job_basis": "digest index_digest register_digest rules content shown",
        "job_file": "digest beside",
        "job_file_piece": "digest content",
        "joined_parties": "basis written",
        "list_entity": "list_code entity_id ends pointers body",
        "listing_order": "list_code source listing_ids",
        "listing_version": "listing_id list_code digest body source",
        "load_attempt": "list_code outcome reason source",
        "party_split": "listings apart_from",
        "place_document": "place_id key title url body",
        "place_look": "place_id outcome reason",
        "register_bundle": "sha256 signed_by keeper changes editions",
        "register_event": "measure_id event_id origin body digest",
        "register_keys": "began_with keys signed_by",
        "register_measure": "measure_id body digest",
        "screening_part": "digest body",
        "watched_coverage": "list_code state reason",
    },
    "who works with the service, and from where": {
        "alert": "account",
        "alert_digest": "account",
        "api_key": "account name owner made_by rotated_by revoked_by networks eyes",
        "audit_entry": "account actor address",
        "counterparty": "account",
        "counterparty_total": "account",
        "event": "account",
        "event_work": "account assigned_to assigned_by acknowledged_by",
        "idempotency_key": "account",
        "job": "account sender address",
        "judgement": "account asked_by approved_by ended_by asked_eyes",
        "judgement_terms": "account",
        "list_profile": "account chosen_by",
        "measure_looker": "looker recorded_by",
        "measure_review": "reviewed_by recorded_by",
        "party_split": "recorded_by",
        "pending_change": "account asked_by asked_eyes decided_by",
        "place_confirmation": "confirmed_by",
        "register_event": "recorded_by retracted_by",
        "screening": "account held_by",
        "table_result": "account",
        "user_session": "user_name subject account ended_by request_id address",
        "webhook": "account url made_by changed_by",
        "webhook_delivery": "account",
    },
    "words, numbers and digests of the program": {
        "alert": "cause type",
        "api_key": "scopes default_lists digest previous_digest limits",
        "audit_entry": "action outcome",
        "audit_erasure": "digest",
        "audit_link": "hash",
        "bundle_fetch": "outcome reason asked etag last_modified refused_because",
        "counterparty": "digest outcome days terms",
        "counterparty_hit": "listing_id",
        "event": "type",
        "idempotency_key": "operation fingerprint",
        "job": "format stage basis",
        "job_chunk": "kinds",
        "judgement": "listing_id decision state digest",
        "limit_budget": "name",
        "limit_lease": "name",
        "list_profile": "profiles required",
        "list_terms": "list_code",
        "measure_looker": "measure_id",
        "measure_review": "measure_id digest",
        "migration": "name sha256",
        "pending_change": "kind state",
        "pgqueuer": "status entrypoint dedupe_key payload headers",
        "pgqueuer_log": "status entrypoint",
        "pgqueuer_schedules": "expression entrypoint status",
        "pgqueuer_statistics": "status entrypoint",
        "place_confirmation": "place_id",
        "process": "kind",
        "screening": "part_digests outcome",
        "user_session": "digest scopes",
        "watched_listing": "listing_id law",
        "watched_world": "days",
        "webhook": "events secret previous_secret disabled_because",
        "webhook_delivery": "type state",
    },
}
"""All other columns that are no number, time or id, by why no name of an asked party is there."""

ELSEWHERE: tuple[str, ...] = (
    "Backups and dumps made before: let them expire, and erase again after restoring one.",
    "The write-ahead log, its archive and replicas, until they are recycled.",
    "Pages of the database's files that vacuum has freed and nothing has overwritten yet.",
    "Files that people exported or printed: PDFs, spreadsheets, results of jobs, the audit log.",
    "What webhooks and mails have delivered to their receivers.",
    "Logs of a proxy in front, where an id is in an address; the service's own have no name.",
    "Digests (SHA-256), by which whoever knows the name can check that it was there.",
    "Lists and law, which are public.",
    "People who work with the service: owners of keys, logins, who decided and who wrote.",
)
"""What no command on the database reaches, or may, in words."""
