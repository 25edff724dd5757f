"""From what a person writes to what is searched for, and back."""
