"""What to label next: a model looks at images without masks and says which would teach it most."""
