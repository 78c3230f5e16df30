"""From a prepared stack to what training sees: splits, the ledger of labels, tags, geometry."""
