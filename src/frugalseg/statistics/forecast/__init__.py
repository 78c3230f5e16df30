"""How many more labels are needed: learning curves beyond their last budget."""
