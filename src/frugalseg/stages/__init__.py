"""One module for each rule of the workflow: load, call the library, save."""
