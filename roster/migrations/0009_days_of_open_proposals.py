from django.db import migrations

OWN = """
UPDATE roster_draftcell AS cell SET version = 2 FROM roster_draft AS draft
WHERE cell.draft_id = draft.id AND draft.kind = 'optimiser' AND draft.closed_at IS NULL
    AND cell.source = 'optimiser' AND cell.version = 1
"""
REVISION = """
UPDATE roster_draft SET revision = 2 WHERE kind = 'optimiser' AND closed_at IS NULL AND revision = 1
"""


class Migration(migrations.Migration):
    """Proposals that are open: what the optimiser planned is theirs, what they were copied with is not."""

    dependencies = [("roster", "0008_corrections")]

    operations = [migrations.RunSQL([OWN, REVISION], migrations.RunSQL.noop)]
