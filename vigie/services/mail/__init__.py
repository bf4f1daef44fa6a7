"""Letters: written beside what they tell, sent once that is durable."""
