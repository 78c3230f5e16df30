"""What to label next: a model scores images without masks by how much it would learn from them."""
