"""Changing what is recorded: amend, correct with approval, void, settle, and look at the past; and
what was typed of a correction and is not signed yet.

Registrars do the same at the registry, so the work itself is in `workspace`: these are the names
under which a station's pages find it.
"""

from __future__ import annotations

from workspace.conflicts import ConflictShown as ConflictShown
from workspace.conflicts import conflicts as conflicts
from workspace.conflicts import settle as settle
from workspace.correcting import Changed as Changed
from workspace.correcting import ChangedMeanwhileError as ChangedMeanwhileError
from workspace.correcting import Correcting as Correcting
from workspace.correcting import begin as begin
from workspace.correcting import begin_household as begin_household
from workspace.correcting import change as change
from workspace.correcting import change_household as change_household
from workspace.correcting import check as check
from workspace.correcting import compare as compare
from workspace.differing import Difference as Difference
from workspace.drafts import CorrectionDraft as CorrectionDraft
from workspace.drafts import CorrectionRow as CorrectionRow
from workspace.drafts import changed_since as changed_since
from workspace.drafts import correction_id as correction_id
from workspace.drafts import discard_correction as discard_correction
from workspace.drafts import list_corrections as list_corrections
from workspace.drafts import load_correction as load_correction
from workspace.drafts import save_correction as save_correction
from workspace.errors import RefusedError as RefusedError
from workspace.past import HistoryRow as HistoryRow
from workspace.past import history as history
from workspace.proposals import Proposal as Proposal
from workspace.proposals import approve as approve
from workspace.proposals import proposals as proposals
from workspace.proposals import refuse as refuse
from workspace.voiding import Voided as Voided
from workspace.voiding import void as void
