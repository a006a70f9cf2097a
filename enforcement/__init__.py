"""From a transit to a case, a letter and a parish summary; the officers' console; the audit log."""
