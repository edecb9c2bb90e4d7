"""The auditor's question over the plain tables: the join that answers it where nothing is derived beforehand."""

from typing import Final

LAST_DAY: Final = "2024-08-31"
GROUPS: Final = f"""
WITH goes AS (
  SELECT s.id, s.document_id, s.data_reach, p.country, coalesce(m.term_id, i.id) AS mechanism_id,
    CASE WHEN m.term_id IS NULL THEN 1 ELSE 0 END AS is_inferred
  FROM term consent
  JOIN link b ON b.term_id = consent.id AND b.role = 'legal_basis'
  JOIN statement s ON s.id = b.statement_id AND s.kind = 'transfers' AND s.polarity = 'does'
  JOIN document d ON d.id = s.document_id
  JOIN place p ON p.statement_id = s.id AND p.country <> 'TR'
  LEFT JOIN mechanism m ON m.statement_id = s.id
  LEFT JOIN term i ON i.vocabulary = 'transfer_mechanisms' AND i.code =
    CASE WHEN d.date <= '{LAST_DAY}' THEN 'old_explicit_consent' ELSE 'derogation_explicit_consent' END
  WHERE consent.vocabulary = 'legal_bases' AND consent.code = 'explicit_consent'
    AND (m.term_id IS NULL OR m.term_id IN (SELECT id FROM term WHERE vocabulary = 'transfer_mechanisms' AND code IN
      ('old_explicit_consent', 'derogation_explicit_consent')))
), about AS (
  SELECT goes.id, goes.country, goes.mechanism_id, t.category_id, goes.is_inferred FROM goes
  JOIN datum t ON t.statement_id = goes.id WHERE goes.data_reach = 'listed'
  UNION
  SELECT goes.id, goes.country, goes.mechanism_id, t.category_id, 1 FROM goes
  JOIN statement c ON c.document_id = goes.document_id AND c.kind = 'collections' AND c.polarity = 'does'
  JOIN datum t ON t.statement_id = c.id WHERE goes.data_reach = 'not_stated'
)
SELECT country, c.code, c.label_tr, c.label_en, m.code, m.label_tr, m.label_en, count(*), sum(is_inferred)
FROM about JOIN term c ON c.id = category_id JOIN term m ON m.id = mechanism_id
GROUP BY country, c.code, c.label_tr, c.label_en, m.code, m.label_tr, m.label_en
ORDER BY count(*) DESC, country, c.code, m.code
"""
_OWN: Final = """
JOIN statement s ON s.id = b.statement_id JOIN activity a ON a.id = s.activity_id
JOIN controller o ON o.id = a.controller_id WHERE o.code = ?
"""
NOTICE: Final = {
    "statements": """
SELECT s.*, a.code, a.name_tr, a.name_en, d.code, r.code, r.name FROM statement s
JOIN activity a ON a.id = s.activity_id JOIN controller o ON o.id = a.controller_id
JOIN document d ON d.id = s.document_id LEFT JOIN recipient r ON r.id = s.recipient_id WHERE o.code = ?
""",
    "links": f"""
SELECT b.statement_id, b.role, b.step, t.code, t.label_tr, t.label_en, b.as_stated, b.law_ref, b.certainty
FROM link b JOIN term t ON t.id = b.term_id {_OWN}""",
    "data": f"""
SELECT b.statement_id, c.code, c.label_tr, c.label_en, i.code, i.label_tr, i.label_en, b.as_stated, b.certainty
FROM datum b LEFT JOIN term c ON c.id = b.category_id LEFT JOIN term i ON i.id = b.item_id {_OWN}""",
    "mechanisms": f"SELECT b.*, t.code, t.label_tr, t.label_en FROM mechanism b JOIN term t ON t.id = b.term_id {_OWN}",
    **{name: f"SELECT b.* FROM {name} b {_OWN}" for name in ("citation", "source", "place", "step")},
}
