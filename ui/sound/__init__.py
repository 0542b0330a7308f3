"""What the screen reminds of by ear: tune (the sounds), speaker (plays one), reminder (when, and how often)."""
