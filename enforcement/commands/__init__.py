"""The words of `hgv-enforce`: each module has add_arguments and run."""
