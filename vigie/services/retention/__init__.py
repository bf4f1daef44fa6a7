"""How long what people entered is kept, what is erased when, and what a person may have erased or take away."""
