"""Who may ask and how much, what they say of answers, and what is kept of them."""
