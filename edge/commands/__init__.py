"""The commands of hgv-edge, one module each: SUMMARY, add_arguments(parser), run(arguments) -> exit code."""
