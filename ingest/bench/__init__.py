"""How many passages a second one ingester takes: `hgv-ingest bench`.

A generator in a process of its own sends pre-signed passages at their scheduled instants, whether or not the
ingester keeps up (open loop), through a mosquitto with the limits that deploy/ ships, to an ingester that is
an ordinary `hgv-ingest run`. Nothing inside the ingester is touched or asked: a passage's delay ends with the
receipt that follows its commit, and what is missing or there twice is counted in the database.
"""
