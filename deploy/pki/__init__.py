"""The certificate authority of an installation: `python -m deploy.pki --help`."""
