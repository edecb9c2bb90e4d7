"""the register

Revision ID: 0001
Revises:
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.audit.triggers import create_triggers, drop_triggers
from app.platform.database import Base

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sa.UniqueConstraint("at", name=op.f("uq_change_at")),
        info={"chain": "covered by the hash of its event"},
    )
    naming = op.create_table(
        "naming",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("change", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_naming_only")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_naming")),
        info={"not_history": "it follows from the revisions, and lets processes keep names"},
    )
    op.bulk_insert(naming, [{"id": 1, "change": 0}])
    op.create_table(
        "kept_answer",
        sa.Column("caller", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("request", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_kept_answer")),
    )
    with op.batch_alter_table("kept_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_answer_at"), ["at"], unique=False)

    op.create_table(
        "vocabulary",
        sa.Column("name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_vocabulary")),
        info={"not_history": "which version of the product's file was taken in last"},
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("digest", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("sort", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("search", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("role", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("is_for_all", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("died", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("role IN ('reader', 'auditor', 'editor', 'admin')", name=op.f("ck_api_key_role")),
        sa.CheckConstraint("born < died", name=op.f("ck_api_key_interval")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_api_key_digest")),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_api_key_born")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("code", name=op.f("uq_api_key_code")),
        info={"not_history": "who may call is no part of what the register says"},
    )
    op.create_table(
        "audit_event",
        sa.Column(
            "change_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("version", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("request_id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("search", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("previous", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("hash", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_audit_event_change_id")),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_audit_event")),
        info={"chain": "covered by the hash of its event"},
    )
    op.create_table(
        "controller",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_controller_born")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_controller")),
        sa.UniqueConstraint("code", name=op.f("uq_controller_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_controller_uid")),
    )
    op.create_table(
        "activity",
        sa.Column("controller_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_activity_born")),
        sa.ForeignKeyConstraint(["controller_id"], ["controller.id"], name=op.f("fk_activity_controller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("code", name=op.f("uq_activity_code")),
        sa.UniqueConstraint("id", "controller_id", name=op.f("uq_activity_id_controller_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_activity_uid")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_controller_id"), ["controller_id"], unique=False)

    op.create_table(
        "api_key_controller",
        sa.Column("key_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("controller_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["controller_id"], ["controller.id"], name=op.f("fk_api_key_controller_controller_id")),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_api_key_controller_key_id")),
        sa.PrimaryKeyConstraint("key_id", "controller_id", name=op.f("pk_api_key_controller")),
        info={"not_history": "who may call is no part of what the register says"},
    )
    with op.batch_alter_table("api_key_controller", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_key_controller_controller_id"), ["controller_id"], unique=False)

    op.create_table(
        "api_key_use",
        sa.Column("key_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_api_key_use_key_id")),
        sa.PrimaryKeyConstraint("key_id", "day", name=op.f("pk_api_key_use")),
        info={"not_history": "who may call is no part of what the register says"},
    )
    op.create_table(
        "audit_event_subject",
        sa.Column("change_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("controller_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("resource", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("vocabulary", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("action", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("revision_before", sa.Integer(), nullable=True),
        sa.Column("revision_after", sa.Integer(), nullable=True),
        sa.Column("digest_before", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("digest_after", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.CheckConstraint(
            "(action = 'created') = (revision_before IS NULL)", name=op.f("ck_audit_event_subject_before")
        ),
        sa.CheckConstraint("(action = 'ended') = (revision_after IS NULL)", name=op.f("ck_audit_event_subject_after")),
        sa.CheckConstraint("action IN ('created', 'changed', 'ended')", name=op.f("ck_audit_event_subject_action")),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_audit_event_subject_change_id")),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_audit_event_subject_controller_id")
        ),
        sa.PrimaryKeyConstraint("change_id", "position", name=op.f("pk_audit_event_subject")),
        info={"chain": "covered by the hash of its event"},
    )
    with op.batch_alter_table("audit_event_subject", schema=None) as batch_op:
        batch_op.create_index(
            "ix_audit_event_subject_controller_id_change_id", ["controller_id", "change_id"], unique=False
        )
        batch_op.create_index("ix_audit_event_subject_resource_code", ["resource", "code"], unique=False)

    op.create_table(
        "controller_revision",
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("legal_name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("short_name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("kind", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("country", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("verbis_obligation", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.Column("sort", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("search", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("died", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('legal_person', 'natural_person', 'public_body', 'not_stated')",
            name=op.f("ck_controller_revision_kind"),
        ),
        sa.CheckConstraint(
            "verbis_obligation IN ('registered', 'obliged', 'exempt', 'not_stated')",
            name=op.f("ck_controller_revision_obligation"),
        ),
        sa.CheckConstraint("born < died", name=op.f("ck_controller_revision_interval")),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_controller_revision_born")),
        sa.ForeignKeyConstraint(["owner_id"], ["controller.id"], name=op.f("fk_controller_revision_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_controller_revision")),
        sa.UniqueConstraint("owner_id", "died", name=op.f("uq_controller_revision_owner_id_died")),
        sa.UniqueConstraint("owner_id", "number", name=op.f("uq_controller_revision_owner_id_number")),
    )
    with op.batch_alter_table("controller_revision", schema=None) as batch_op:
        batch_op.create_index("ix_controller_revision_died_born_owner_id", ["died", "born", "owner_id"], unique=False)
        batch_op.create_index("ix_controller_revision_died_sort_owner_id", ["died", "sort", "owner_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("controller_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_document_born")),
        sa.ForeignKeyConstraint(["controller_id"], ["controller.id"], name=op.f("fk_document_controller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("code", name=op.f("uq_document_code")),
        sa.UniqueConstraint("id", "controller_id", name=op.f("uq_document_id_controller_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_document_uid")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_controller_id"), ["controller_id"], unique=False)

    op.create_table(
        "recipient",
        sa.Column("controller_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_recipient_born")),
        sa.ForeignKeyConstraint(["controller_id"], ["controller.id"], name=op.f("fk_recipient_controller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient")),
        sa.UniqueConstraint("code", name=op.f("uq_recipient_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_recipient_uid")),
    )
    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recipient_controller_id"), ["controller_id"], unique=False)

    op.create_table(
        "term",
        sa.Column("vocabulary", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("kind", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("controller_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("(kind = 'controller') = (controller_id IS NOT NULL)", name=op.f("ck_term_owner")),
        sa.CheckConstraint("kind IN ('official', 'common', 'controller')", name=op.f("ck_term_kind")),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_term_born")),
        sa.ForeignKeyConstraint(["controller_id"], ["controller.id"], name=op.f("fk_term_controller_id")),
        sa.ForeignKeyConstraint(["vocabulary"], ["vocabulary.name"], name=op.f("fk_term_vocabulary")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint("id", "vocabulary", name=op.f("uq_term_id_vocabulary")),
        sa.UniqueConstraint("uid", name=op.f("uq_term_uid")),
        sa.UniqueConstraint("vocabulary", "code", name=op.f("uq_term_vocabulary_code")),
    )
    with op.batch_alter_table("term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_term_controller_id"), ["controller_id"], unique=False)

    op.create_table(
        "activity_revision",
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name_tr", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("name_en", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("scope", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.Column("sort", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("search", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("died", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("scope IN ('process', 'general')", name=op.f("ck_activity_revision_scope")),
        sa.CheckConstraint("born < died", name=op.f("ck_activity_revision_interval")),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_activity_revision_born")),
        sa.ForeignKeyConstraint(["owner_id"], ["activity.id"], name=op.f("fk_activity_revision_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_revision")),
        sa.UniqueConstraint("owner_id", "died", name=op.f("uq_activity_revision_owner_id_died")),
        sa.UniqueConstraint("owner_id", "number", name=op.f("uq_activity_revision_owner_id_number")),
    )
    with op.batch_alter_table("activity_revision", schema=None) as batch_op:
        batch_op.create_index("ix_activity_revision_died_born_owner_id", ["died", "born", "owner_id"], unique=False)
        batch_op.create_index("ix_activity_revision_died_sort_owner_id", ["died", "sort", "owner_id"], unique=False)

    op.create_table(
        "document_revision",
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("kind", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("status", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("origin", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("language", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("channel", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.Column("sort", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("search", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("died", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('notice', 'consent_text', 'policy', 'contract', 'inventory', 'registry_entry', 'declaration')",
            name=op.f("ck_document_revision_kind"),
        ),
        sa.CheckConstraint(
            "origin IN ('source', 'declaration', 'generated')", name=op.f("ck_document_revision_origin")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'in_force', 'withdrawn', 'not_stated')", name=op.f("ck_document_revision_status")
        ),
        sa.CheckConstraint("born < died", name=op.f("ck_document_revision_interval")),
        sa.CheckConstraint(
            "effective_from IS NULL OR effective_to IS NULL OR effective_from <= effective_to",
            name=op.f("ck_document_revision_validity"),
        ),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_document_revision_born")),
        sa.ForeignKeyConstraint(["owner_id"], ["document.id"], name=op.f("fk_document_revision_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_revision")),
        sa.UniqueConstraint("owner_id", "died", name=op.f("uq_document_revision_owner_id_died")),
        sa.UniqueConstraint("owner_id", "number", name=op.f("uq_document_revision_owner_id_number")),
    )
    with op.batch_alter_table("document_revision", schema=None) as batch_op:
        batch_op.create_index("ix_document_revision_died_born_owner_id", ["died", "born", "owner_id"], unique=False)
        batch_op.create_index("ix_document_revision_died_sort_owner_id", ["died", "sort", "owner_id"], unique=False)

    op.create_table(
        "item_category",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_vocabulary", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("category_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("category_vocabulary", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("died", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("category_vocabulary = 'data_categories'", name=op.f("ck_item_category_category")),
        sa.CheckConstraint("item_vocabulary = 'data_items'", name=op.f("ck_item_category_item")),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_item_category_born")),
        sa.ForeignKeyConstraint(
            ["category_id", "category_vocabulary"],
            ["term.id", "term.vocabulary"],
            name=op.f("fk_item_category_category_id_category_vocabulary"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "item_vocabulary"],
            ["term.id", "term.vocabulary"],
            name=op.f("fk_item_category_item_id_item_vocabulary"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_category")),
        sa.UniqueConstraint("item_id", "category_id", "died", name=op.f("uq_item_category_item_id_category_id_died")),
    )
    with op.batch_alter_table("item_category", schema=None) as batch_op:
        batch_op.create_index("ix_item_category_category_id_died", ["category_id", "died"], unique=False)

    op.create_table(
        "recipient_revision",
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("kind", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("seat", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.Column("sort", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("search", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("died", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("kind IN ('named', 'class')", name=op.f("ck_recipient_revision_kind")),
        sa.CheckConstraint("born < died", name=op.f("ck_recipient_revision_interval")),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> owner_id", name=op.f("ck_recipient_revision_parent")),
        sa.CheckConstraint("seat IS NULL OR length(seat) = 2", name=op.f("ck_recipient_revision_seat")),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_recipient_revision_born")),
        sa.ForeignKeyConstraint(["group_id"], ["term.id"], name=op.f("fk_recipient_revision_group_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["recipient.id"], name=op.f("fk_recipient_revision_owner_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["recipient.id"], name=op.f("fk_recipient_revision_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient_revision")),
        sa.UniqueConstraint("owner_id", "died", name=op.f("uq_recipient_revision_owner_id_died")),
        sa.UniqueConstraint("owner_id", "number", name=op.f("uq_recipient_revision_owner_id_number")),
    )
    with op.batch_alter_table("recipient_revision", schema=None) as batch_op:
        batch_op.create_index("ix_recipient_revision_died_born_owner_id", ["died", "born", "owner_id"], unique=False)
        batch_op.create_index("ix_recipient_revision_died_sort_owner_id", ["died", "sort", "owner_id"], unique=False)
        batch_op.create_index("ix_recipient_revision_group_id_died", ["group_id", "died"], unique=False)
        batch_op.create_index("ix_recipient_revision_parent_id_died", ["parent_id", "died"], unique=False)

    op.create_table(
        "statement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("activity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("controller_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("polarity", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("condition", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("until", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("data_reach", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("subject_reach", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("purpose_reach", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("bases_relate", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("joined", sa.Boolean(), nullable=False),
        sa.Column("search", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("died", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "bases_relate IN ('all', 'any', 'fallback', 'not_stated')", name=op.f("ck_statement_bases_relate")
        ),
        sa.CheckConstraint(
            "data_reach IN ('listed', 'including', 'all', 'all_except', 'not_stated', 'unreadable')",
            name=op.f("ck_statement_data_reach"),
        ),
        sa.CheckConstraint(
            "kind IN ('roles', 'collections', 'uses', 'transfers', 'retentions', 'measures')",
            name=op.f("ck_statement_kind"),
        ),
        sa.CheckConstraint("polarity IN ('does', 'does_not')", name=op.f("ck_statement_polarity")),
        sa.CheckConstraint(
            "purpose_reach IN ('listed', 'including', 'all', 'all_except', 'not_stated', 'unreadable')",
            name=op.f("ck_statement_purpose_reach"),
        ),
        sa.CheckConstraint(
            "subject_reach IN ('listed', 'including', 'all', 'all_except', 'not_stated', 'unreadable')",
            name=op.f("ck_statement_subject_reach"),
        ),
        sa.CheckConstraint("born < died", name=op.f("ck_statement_interval")),
        sa.CheckConstraint(
            "valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_statement_validity")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id", "controller_id"],
            ["activity.id", "activity.controller_id"],
            name=op.f("fk_statement_activity_id_controller_id"),
        ),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_statement_born")),
        sa.ForeignKeyConstraint(
            ["document_id", "controller_id"],
            ["document.id", "document.controller_id"],
            name=op.f("fk_statement_document_id_controller_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("activity_id", "kind", "key", "died", name=op.f("uq_statement_activity_id_kind_key_died")),
        sa.UniqueConstraint("id", "kind", name=op.f("uq_statement_id_kind")),
    )
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_index("ix_statement_document_id_died", ["document_id", "died"], unique=False)

    op.create_table(
        "term_broader",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("term_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("broader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vocabulary", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("is_direct", sa.Boolean(), nullable=False),
        sa.Column("died", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_term_broader_born")),
        sa.ForeignKeyConstraint(
            ["broader_id", "vocabulary"], ["term.id", "term.vocabulary"], name="fk_term_broader_broader_id_vocabulary"
        ),
        sa.ForeignKeyConstraint(
            ["term_id", "vocabulary"], ["term.id", "term.vocabulary"], name=op.f("fk_term_broader_term_id_vocabulary")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_broader")),
        sa.UniqueConstraint("term_id", "broader_id", "died", name=op.f("uq_term_broader_term_id_broader_id_died")),
    )
    with op.batch_alter_table("term_broader", schema=None) as batch_op:
        batch_op.create_index("ix_term_broader_broader_id_died", ["broader_id", "died"], unique=False)

    op.create_table(
        "term_revision",
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label_tr", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("label_en", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("law_ref", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("is_consent", sa.Boolean(), nullable=False),
        sa.Column("is_special", sa.Boolean(), nullable=False),
        sa.Column("regime", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.Column("sort", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("search", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("died", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("born < died", name=op.f("ck_term_revision_interval")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name=op.f("ck_term_revision_validity")
        ),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_term_revision_born")),
        sa.ForeignKeyConstraint(["owner_id"], ["term.id"], name=op.f("fk_term_revision_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_revision")),
        sa.UniqueConstraint("owner_id", "died", name=op.f("uq_term_revision_owner_id_died")),
        sa.UniqueConstraint("owner_id", "number", name=op.f("uq_term_revision_owner_id_number")),
    )
    with op.batch_alter_table("term_revision", schema=None) as batch_op:
        batch_op.create_index("ix_term_revision_died_born_owner_id", ["died", "born", "owner_id"], unique=False)
        batch_op.create_index("ix_term_revision_died_sort_owner_id", ["died", "sort", "owner_id"], unique=False)

    op.create_table(
        "collection_detail",
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("automatic", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("obligation", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("declared_special", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "automatic IN ('automatic', 'non_automatic', 'both', 'not_stated')",
            name=op.f("ck_collection_detail_automatic"),
        ),
        sa.CheckConstraint(
            "declared_special IN ('yes', 'no', 'not_stated')", name=op.f("ck_collection_detail_declared_special")
        ),
        sa.CheckConstraint("kind = 'collections'", name=op.f("ck_collection_detail_kind")),
        sa.CheckConstraint(
            "obligation IN ('mandatory', 'optional', 'not_stated')", name=op.f("ck_collection_detail_obligation")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id", "kind"],
            ["statement.id", "statement.kind"],
            name=op.f("fk_collection_detail_statement_id_kind"),
        ),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_collection_detail")),
    )
    op.create_table(
        "collection_source",
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("recipient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("as_stated", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("certainty", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "(kind = 'recipient') = (recipient_id IS NOT NULL)", name=op.f("ck_collection_source_recipient")
        ),
        sa.CheckConstraint(
            "certainty IN ('stated', 'inferred', 'unknown')", name=op.f("ck_collection_source_certainty")
        ),
        sa.CheckConstraint("kind IN ('data_subject', 'recipient', 'other')", name=op.f("ck_collection_source_kind")),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_collection_source_recipient_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_collection_source_statement_id")),
        sa.PrimaryKeyConstraint("statement_id", "position", name=op.f("pk_collection_source")),
    )
    with op.batch_alter_table("collection_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_collection_source_recipient_id"), ["recipient_id"], unique=False)

    op.create_table(
        "derived_conflict",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dimension", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("certainty", sa.Integer(), nullable=False),
        sa.Column("died", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "dimension IN ('polarity', 'period', 'place', 'role', 'mechanism', 'legal_basis')",
            name=op.f("ck_derived_conflict_dimension"),
        ),
        sa.CheckConstraint("statement_id <> other_id", name=op.f("ck_derived_conflict_others")),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_derived_conflict_born")),
        sa.ForeignKeyConstraint(["other_id"], ["statement.id"], name=op.f("fk_derived_conflict_other_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_derived_conflict_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_derived_conflict")),
    )
    with op.batch_alter_table("derived_conflict", schema=None) as batch_op:
        batch_op.create_index("ix_derived_conflict_other_id_died", ["other_id", "died"], unique=False)
        batch_op.create_index("ix_derived_conflict_statement_id_died", ["statement_id", "died"], unique=False)

    op.create_table(
        "derived_mechanism",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("certainty", sa.Integer(), nullable=False),
        sa.Column("is_inferred", sa.Boolean(), nullable=False),
        sa.Column("is_consent", sa.Boolean(), nullable=False),
        sa.Column("is_judged", sa.Boolean(), nullable=False),
        sa.Column("regime", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("status", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("begins", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("transfer_ends", sa.Date(), nullable=True),
        sa.Column("law_from", sa.Date(), nullable=True),
        sa.Column("law_to", sa.Date(), nullable=True),
        sa.Column("occasional", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("risk_information", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("died", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_derived_mechanism_born")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_derived_mechanism_statement_id")),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_derived_mechanism_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_derived_mechanism")),
    )
    with op.batch_alter_table("derived_mechanism", schema=None) as batch_op:
        batch_op.create_index("ix_derived_mechanism_is_consent_died", ["is_consent", "died"], unique=False)
        batch_op.create_index("ix_derived_mechanism_statement_id_died", ["statement_id", "died"], unique=False)
        batch_op.create_index("ix_derived_mechanism_term_id_died", ["term_id", "died"], unique=False)

    op.create_table(
        "derived_set",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("activity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("said", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_derived_set_activity_id")),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_derived_set_born")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_derived_set_document_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_derived_set_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_derived_set")),
        sa.UniqueConstraint("statement_id", name=op.f("uq_derived_set_statement_id")),
    )
    with op.batch_alter_table("derived_set", schema=None) as batch_op:
        batch_op.create_index("ix_derived_set_document_id_said", ["document_id", "said"], unique=False)

    op.create_table(
        "document_channel",
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("value", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("as_stated", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("condition", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("locator", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["document_revision.id"], name=op.f("fk_document_channel_revision_id")
        ),
        sa.PrimaryKeyConstraint("revision_id", "position", name=op.f("pk_document_channel")),
    )
    op.create_table(
        "document_link",
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("relation", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "relation IN ('version_of', 'language_version_of', 'supplements')", name=op.f("ck_document_link_relation")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_link_document_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["document_revision.id"], name=op.f("fk_document_link_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "relation", name=op.f("pk_document_link")),
    )
    with op.batch_alter_table("document_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_link_document_id"), ["document_id"], unique=False)

    op.create_table(
        "document_print",
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("field", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("state", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("value", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("locator", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.CheckConstraint("state <> 'not_stated' OR value IS NULL", name=op.f("ck_document_print_value")),
        sa.CheckConstraint("state IN ('stated', 'not_stated', 'unreadable')", name=op.f("ck_document_print_state")),
        sa.ForeignKeyConstraint(["revision_id"], ["document_revision.id"], name=op.f("fk_document_print_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "field", name=op.f("pk_document_print")),
    )
    op.create_table(
        "document_term",
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("as_stated", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("letter", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("locator", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.CheckConstraint("role IN ('audience', 'definition', 'right')", name=op.f("ck_document_term_role")),
        sa.CheckConstraint("state IN ('stated', 'not_stated', 'unreadable')", name=op.f("ck_document_term_state")),
        sa.ForeignKeyConstraint(["revision_id"], ["document_revision.id"], name=op.f("fk_document_term_revision_id")),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_document_term_term_id")),
        sa.PrimaryKeyConstraint("revision_id", "role", "position", name=op.f("pk_document_term")),
    )
    with op.batch_alter_table("document_term", schema=None) as batch_op:
        batch_op.create_index("ix_document_term_term_id_role", ["term_id", "role"], unique=False)

    op.create_table(
        "measure_detail",
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("only_special", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind = 'measures'", name=op.f("ck_measure_detail_kind")),
        sa.ForeignKeyConstraint(
            ["statement_id", "kind"],
            ["statement.id", "statement.kind"],
            name=op.f("fk_measure_detail_statement_id_kind"),
        ),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_measure_detail")),
    )
    op.create_table(
        "retention_detail",
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("retention_kind", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("interval_value", sa.Integer(), nullable=True),
        sa.Column("interval_unit", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("exception", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("law_ref", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.CheckConstraint("kind = 'retentions'", name=op.f("ck_retention_detail_kind")),
        sa.CheckConstraint(
            "retention_kind IN ('period', 'criterion', 'while_event_lasts', 'not_stated', 'unreadable')",
            name=op.f("ck_retention_detail_retention_kind"),
        ),
        sa.CheckConstraint(
            "(interval_value IS NULL) = (interval_unit IS NULL)", name=op.f("ck_retention_detail_destruction")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id", "kind"],
            ["statement.id", "statement.kind"],
            name=op.f("fk_retention_detail_statement_id_kind"),
        ),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_retention_detail")),
    )
    op.create_table(
        "retention_month",
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_retention_month_month")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_retention_month_statement_id")),
        sa.PrimaryKeyConstraint("statement_id", "month", name=op.f("pk_retention_month")),
    )
    op.create_table(
        "retention_step",
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("joined_by", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("unit", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("bound", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("start_relation", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("starts_at", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("condition", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("medium", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.CheckConstraint("bound IN ('exact', 'minimum', 'maximum', 'about')", name=op.f("ck_retention_step_bound")),
        sa.CheckConstraint("joined_by IN ('then', 'or')", name=op.f("ck_retention_step_joined_by")),
        sa.CheckConstraint("start_relation IN ('any', 'all', 'latest')", name=op.f("ck_retention_step_start_relation")),
        sa.CheckConstraint(
            "starts_at IN ('event', 'end_of_month', 'end_of_calendar_year')", name=op.f("ck_retention_step_starts_at")
        ),
        sa.CheckConstraint("(value IS NULL) = (unit IS NULL)", name=op.f("ck_retention_step_duration")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_retention_step_statement_id")),
        sa.PrimaryKeyConstraint("statement_id", "position", name=op.f("pk_retention_step")),
    )
    op.create_table(
        "role_detail",
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("role", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("counterpart_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("as_stated", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.CheckConstraint("kind = 'roles'", name=op.f("ck_role_detail_kind")),
        sa.CheckConstraint("role IN ('controller', 'joint_controller', 'processor')", name=op.f("ck_role_detail_role")),
        sa.ForeignKeyConstraint(["counterpart_id"], ["recipient.id"], name=op.f("fk_role_detail_counterpart_id")),
        sa.ForeignKeyConstraint(
            ["statement_id", "kind"], ["statement.id", "statement.kind"], name=op.f("fk_role_detail_statement_id_kind")
        ),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_role_detail")),
    )
    with op.batch_alter_table("role_detail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_detail_counterpart_id"), ["counterpart_id"], unique=False)

    op.create_table(
        "statement_citation",
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("locator", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("form", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.CheckConstraint("form IN ('table', 'list', 'prose')", name=op.f("ck_statement_citation_form")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_statement_citation_statement_id")),
        sa.PrimaryKeyConstraint("statement_id", "position", name=op.f("pk_statement_citation")),
    )
    op.create_table(
        "statement_data",
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("category_vocabulary", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("item_vocabulary", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("as_stated", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("category_as_stated", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("certainty", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.CheckConstraint("category_vocabulary = 'data_categories'", name=op.f("ck_statement_data_category")),
        sa.CheckConstraint("certainty IN ('stated', 'inferred', 'unknown')", name=op.f("ck_statement_data_certainty")),
        sa.CheckConstraint("item_vocabulary = 'data_items'", name=op.f("ck_statement_data_item")),
        sa.CheckConstraint("category_id IS NOT NULL OR item_id IS NOT NULL", name=op.f("ck_statement_data_something")),
        sa.ForeignKeyConstraint(
            ["category_id", "category_vocabulary"],
            ["term.id", "term.vocabulary"],
            name=op.f("fk_statement_data_category_id_category_vocabulary"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "item_vocabulary"],
            ["term.id", "term.vocabulary"],
            name=op.f("fk_statement_data_item_id_item_vocabulary"),
        ),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_statement_data_statement_id")),
        sa.PrimaryKeyConstraint("statement_id", "position", name=op.f("pk_statement_data")),
    )
    with op.batch_alter_table("statement_data", schema=None) as batch_op:
        batch_op.create_index("ix_statement_data_category_id", ["category_id"], unique=False)
        batch_op.create_index("ix_statement_data_item_id", ["item_id"], unique=False)

    op.create_table(
        "statement_link",
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("vocabulary", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("term_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("as_stated", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("cited_as", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("law_ref", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("certainty", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(role = 'data_subject' AND vocabulary = 'data_subject_categories') OR (role = 'purpose' AND vocabulary = 'purposes') OR (role = 'legal_basis' AND vocabulary = 'legal_bases') OR (role = 'collection_method' AND vocabulary = 'collection_methods') OR (role = 'measure' AND vocabulary = 'measures') OR (role = 'start_event' AND vocabulary = 'retention_events') OR (role = 'renewal' AND vocabulary = 'retention_events') OR (role = 'action' AND vocabulary = 'disposal_methods')",
            name=op.f("ck_statement_link_role"),
        ),
        sa.CheckConstraint("certainty IN ('stated', 'inferred', 'unknown')", name=op.f("ck_statement_link_certainty")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_statement_link_document_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_statement_link_statement_id")),
        sa.ForeignKeyConstraint(
            ["term_id", "vocabulary"], ["term.id", "term.vocabulary"], name=op.f("fk_statement_link_term_id_vocabulary")
        ),
        sa.PrimaryKeyConstraint("statement_id", "role", "position", name=op.f("pk_statement_link")),
    )
    with op.batch_alter_table("statement_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statement_link_document_id"), ["document_id"], unique=False)
        batch_op.create_index("ix_statement_link_term_id_role", ["term_id", "role", "statement_id"], unique=False)

    op.create_table(
        "transfer_detail",
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("recipient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recipient_as_stated", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("recipient_certainty", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("recipient_role", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("location", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.CheckConstraint("kind = 'transfers'", name=op.f("ck_transfer_detail_kind")),
        sa.CheckConstraint(
            "location IN ('domestic', 'abroad', 'domestic_or_abroad', 'not_stated')",
            name=op.f("ck_transfer_detail_location"),
        ),
        sa.CheckConstraint(
            "recipient_certainty IN ('stated', 'inferred', 'unknown')",
            name=op.f("ck_transfer_detail_recipient_certainty"),
        ),
        sa.CheckConstraint(
            "recipient_role IN ('controller', 'joint_controller', 'processor', 'not_stated')",
            name=op.f("ck_transfer_detail_recipient_role"),
        ),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_transfer_detail_recipient_id")),
        sa.ForeignKeyConstraint(
            ["statement_id", "kind"],
            ["statement.id", "statement.kind"],
            name=op.f("fk_transfer_detail_statement_id_kind"),
        ),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_transfer_detail")),
    )
    with op.batch_alter_table("transfer_detail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_detail_recipient_id"), ["recipient_id"], unique=False)

    op.create_table(
        "transfer_mechanism",
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("vocabulary", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("term_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("as_stated", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("cited_as", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("law_ref", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("certainty", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("status", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("notified_on", sa.Date(), nullable=True),
        sa.Column("contract_type_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("occasional", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("risk_information", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("until", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.CheckConstraint(
            "certainty IN ('stated', 'inferred', 'unknown')", name=op.f("ck_transfer_mechanism_certainty")
        ),
        sa.CheckConstraint("occasional IN ('yes', 'no', 'not_stated')", name=op.f("ck_transfer_mechanism_occasional")),
        sa.CheckConstraint(
            "risk_information IN ('yes', 'no', 'not_stated')", name=op.f("ck_transfer_mechanism_risk_information")
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'signed', 'in_force', 'ended', 'not_stated')",
            name=op.f("ck_transfer_mechanism_status"),
        ),
        sa.CheckConstraint("vocabulary = 'transfer_mechanisms'", name=op.f("ck_transfer_mechanism_vocabulary")),
        sa.ForeignKeyConstraint(["contract_type_id"], ["term.id"], name=op.f("fk_transfer_mechanism_contract_type_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_transfer_mechanism_document_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_transfer_mechanism_statement_id")),
        sa.ForeignKeyConstraint(
            ["term_id", "vocabulary"],
            ["term.id", "term.vocabulary"],
            name=op.f("fk_transfer_mechanism_term_id_vocabulary"),
        ),
        sa.PrimaryKeyConstraint("statement_id", "position", name=op.f("pk_transfer_mechanism")),
    )
    with op.batch_alter_table("transfer_mechanism", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_mechanism_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transfer_mechanism_term_id"), ["term_id"], unique=False)

    op.create_table(
        "transfer_place",
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("country", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("as_stated", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("certainty", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.CheckConstraint("certainty IN ('stated', 'inferred', 'unknown')", name=op.f("ck_transfer_place_certainty")),
        sa.CheckConstraint("country IS NOT NULL OR as_stated IS NOT NULL", name=op.f("ck_transfer_place_something")),
        sa.CheckConstraint("country IS NULL OR length(country) = 2", name=op.f("ck_transfer_place_country")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_transfer_place_statement_id")),
        sa.PrimaryKeyConstraint("statement_id", "position", name=op.f("pk_transfer_place")),
    )
    op.create_table(
        "derived_head",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("place", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("activity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("controller_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("polarity", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("set_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("data_floor", sa.Integer(), nullable=False),
        sa.Column("subject_floor", sa.Integer(), nullable=False),
        sa.Column("pairs_flat", sa.Boolean(), nullable=False),
        sa.Column("recipient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("role", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("location", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("abroad", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("pairing", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("certainty", sa.Integer(), nullable=False),
        sa.Column("on_consent", sa.Boolean(), nullable=False),
        sa.Column("basis_gap", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("uncovered", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("died", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("abroad IN ('yes', 'possible', 'no', 'not_stated')", name=op.f("ck_derived_head_abroad")),
        sa.CheckConstraint("basis_gap IN ('none', 'partly', 'covered')", name=op.f("ck_derived_head_basis_gap")),
        sa.CheckConstraint("pairing IN ('paired', 'flat', 'joined')", name=op.f("ck_derived_head_pairing")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_derived_head_activity_id")),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_derived_head_born")),
        sa.ForeignKeyConstraint(["controller_id"], ["controller.id"], name=op.f("fk_derived_head_controller_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_derived_head_document_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_derived_head_recipient_id")),
        sa.ForeignKeyConstraint(["set_id"], ["derived_set.id"], name=op.f("fk_derived_head_set_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_derived_head_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_derived_head")),
        sa.UniqueConstraint("statement_id", "died", name=op.f("uq_derived_head_statement_id_died")),
    )
    with op.batch_alter_table("derived_head", schema=None) as batch_op:
        batch_op.create_index(
            "ix_derived_head_controller_id_kind_died", ["controller_id", "kind", "died", "polarity"], unique=False
        )
        batch_op.create_index("ix_derived_head_document_id_died", ["document_id", "died"], unique=False)
        batch_op.create_index("ix_derived_head_kind_died_place", ["kind", "died", "place"], unique=False)
        batch_op.create_index("ix_derived_head_on_consent", ["kind", "died", "on_consent", "place"], unique=False)
        batch_op.create_index("ix_derived_head_set_id_died", ["set_id", "died"], unique=False)

    op.create_table(
        "derived_pair",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("set_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("category_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("subject_certainty", sa.Integer(), nullable=False),
        sa.Column("category_certainty", sa.Integer(), nullable=False),
        sa.Column("item_certainty", sa.Integer(), nullable=False),
        sa.Column("condition", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("died", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "subject_id IS NOT NULL OR category_id IS NOT NULL OR item_id IS NOT NULL",
            name=op.f("ck_derived_pair_something"),
        ),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_derived_pair_born")),
        sa.ForeignKeyConstraint(["category_id"], ["term.id"], name=op.f("fk_derived_pair_category_id")),
        sa.ForeignKeyConstraint(["item_id"], ["term.id"], name=op.f("fk_derived_pair_item_id")),
        sa.ForeignKeyConstraint(["set_id"], ["derived_set.id"], name=op.f("fk_derived_pair_set_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["term.id"], name=op.f("fk_derived_pair_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_derived_pair")),
    )
    with op.batch_alter_table("derived_pair", schema=None) as batch_op:
        batch_op.create_index("ix_derived_pair_category_id_died", ["category_id", "died", "set_id"], unique=False)
        batch_op.create_index("ix_derived_pair_item_id_died", ["item_id", "died", "set_id"], unique=False)
        batch_op.create_index("ix_derived_pair_set_id_died", ["set_id", "died"], unique=False)
        batch_op.create_index("ix_derived_pair_subject_id_died", ["subject_id", "died", "set_id"], unique=False)

    op.create_table(
        "derived_set_category",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("set_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("category_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("category_certainty", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("died", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("born", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["born"], ["change.id"], name=op.f("fk_derived_set_category_born")),
        sa.ForeignKeyConstraint(["category_id"], ["term.id"], name=op.f("fk_derived_set_category_category_id")),
        sa.ForeignKeyConstraint(["set_id"], ["derived_set.id"], name=op.f("fk_derived_set_category_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_derived_set_category")),
    )
    with op.batch_alter_table("derived_set_category", schema=None) as batch_op:
        batch_op.create_index(
            "ix_derived_set_category_category_id_died", ["category_id", "died", "set_id"], unique=False
        )
        batch_op.create_index("ix_derived_set_category_set_id_died", ["set_id", "died", "category_id"], unique=False)
    create_triggers(op.get_bind(), Base.metadata)


def downgrade() -> None:
    drop_triggers(op.get_bind(), Base.metadata)
    with op.batch_alter_table("derived_set_category", schema=None) as batch_op:
        batch_op.drop_index("ix_derived_set_category_set_id_died")
        batch_op.drop_index("ix_derived_set_category_category_id_died")

    op.drop_table("derived_set_category")
    with op.batch_alter_table("derived_pair", schema=None) as batch_op:
        batch_op.drop_index("ix_derived_pair_subject_id_died")
        batch_op.drop_index("ix_derived_pair_set_id_died")
        batch_op.drop_index("ix_derived_pair_item_id_died")
        batch_op.drop_index("ix_derived_pair_category_id_died")

    op.drop_table("derived_pair")
    with op.batch_alter_table("derived_head", schema=None) as batch_op:
        batch_op.drop_index("ix_derived_head_set_id_died")
        batch_op.drop_index("ix_derived_head_on_consent")
        batch_op.drop_index("ix_derived_head_kind_died_place")
        batch_op.drop_index("ix_derived_head_document_id_died")
        batch_op.drop_index("ix_derived_head_controller_id_kind_died")

    op.drop_table("derived_head")
    op.drop_table("transfer_place")
    with op.batch_alter_table("transfer_mechanism", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transfer_mechanism_term_id"))
        batch_op.drop_index(batch_op.f("ix_transfer_mechanism_document_id"))

    op.drop_table("transfer_mechanism")
    with op.batch_alter_table("transfer_detail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transfer_detail_recipient_id"))

    op.drop_table("transfer_detail")
    with op.batch_alter_table("statement_link", schema=None) as batch_op:
        batch_op.drop_index("ix_statement_link_term_id_role")
        batch_op.drop_index(batch_op.f("ix_statement_link_document_id"))

    op.drop_table("statement_link")
    with op.batch_alter_table("statement_data", schema=None) as batch_op:
        batch_op.drop_index("ix_statement_data_item_id")
        batch_op.drop_index("ix_statement_data_category_id")

    op.drop_table("statement_data")
    op.drop_table("statement_citation")
    with op.batch_alter_table("role_detail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_detail_counterpart_id"))

    op.drop_table("role_detail")
    op.drop_table("retention_step")
    op.drop_table("retention_month")
    op.drop_table("retention_detail")
    op.drop_table("measure_detail")
    with op.batch_alter_table("document_term", schema=None) as batch_op:
        batch_op.drop_index("ix_document_term_term_id_role")

    op.drop_table("document_term")
    op.drop_table("document_print")
    with op.batch_alter_table("document_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_link_document_id"))

    op.drop_table("document_link")
    op.drop_table("document_channel")
    with op.batch_alter_table("derived_set", schema=None) as batch_op:
        batch_op.drop_index("ix_derived_set_document_id_said")

    op.drop_table("derived_set")
    with op.batch_alter_table("derived_mechanism", schema=None) as batch_op:
        batch_op.drop_index("ix_derived_mechanism_term_id_died")
        batch_op.drop_index("ix_derived_mechanism_statement_id_died")
        batch_op.drop_index("ix_derived_mechanism_is_consent_died")

    op.drop_table("derived_mechanism")
    with op.batch_alter_table("derived_conflict", schema=None) as batch_op:
        batch_op.drop_index("ix_derived_conflict_statement_id_died")
        batch_op.drop_index("ix_derived_conflict_other_id_died")

    op.drop_table("derived_conflict")
    with op.batch_alter_table("collection_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_collection_source_recipient_id"))

    op.drop_table("collection_source")
    op.drop_table("collection_detail")
    with op.batch_alter_table("term_revision", schema=None) as batch_op:
        batch_op.drop_index("ix_term_revision_died_sort_owner_id")
        batch_op.drop_index("ix_term_revision_died_born_owner_id")

    op.drop_table("term_revision")
    with op.batch_alter_table("term_broader", schema=None) as batch_op:
        batch_op.drop_index("ix_term_broader_broader_id_died")

    op.drop_table("term_broader")
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.drop_index("ix_statement_document_id_died")

    op.drop_table("statement")
    with op.batch_alter_table("recipient_revision", schema=None) as batch_op:
        batch_op.drop_index("ix_recipient_revision_parent_id_died")
        batch_op.drop_index("ix_recipient_revision_group_id_died")
        batch_op.drop_index("ix_recipient_revision_died_sort_owner_id")
        batch_op.drop_index("ix_recipient_revision_died_born_owner_id")

    op.drop_table("recipient_revision")
    with op.batch_alter_table("item_category", schema=None) as batch_op:
        batch_op.drop_index("ix_item_category_category_id_died")

    op.drop_table("item_category")
    with op.batch_alter_table("document_revision", schema=None) as batch_op:
        batch_op.drop_index("ix_document_revision_died_sort_owner_id")
        batch_op.drop_index("ix_document_revision_died_born_owner_id")

    op.drop_table("document_revision")
    with op.batch_alter_table("activity_revision", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_revision_died_sort_owner_id")
        batch_op.drop_index("ix_activity_revision_died_born_owner_id")

    op.drop_table("activity_revision")
    with op.batch_alter_table("term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_term_controller_id"))

    op.drop_table("term")
    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recipient_controller_id"))

    op.drop_table("recipient")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_controller_id"))

    op.drop_table("document")
    with op.batch_alter_table("controller_revision", schema=None) as batch_op:
        batch_op.drop_index("ix_controller_revision_died_sort_owner_id")
        batch_op.drop_index("ix_controller_revision_died_born_owner_id")

    op.drop_table("controller_revision")
    with op.batch_alter_table("audit_event_subject", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_event_subject_resource_code")
        batch_op.drop_index("ix_audit_event_subject_controller_id_change_id")

    op.drop_table("audit_event_subject")
    op.drop_table("api_key_use")
    with op.batch_alter_table("api_key_controller", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_key_controller_controller_id"))

    op.drop_table("api_key_controller")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_controller_id"))

    op.drop_table("activity")
    op.drop_table("controller")
    op.drop_table("audit_event")
    op.drop_table("api_key")
    op.drop_table("vocabulary")
    with op.batch_alter_table("kept_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kept_answer_at"))

    op.drop_table("kept_answer")
    op.drop_table("naming")
    op.drop_table("change")
