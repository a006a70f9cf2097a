"""What waits for the centre, on disk: kept through power cuts, full disks and copied cards."""
