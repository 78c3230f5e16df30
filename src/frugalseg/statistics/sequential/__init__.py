"""Group-sequential studies: contrasts tested at planned looks until each is decided."""
