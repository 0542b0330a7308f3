"""The issuing authority: keys, document numbers, drafts, issues, verification."""
