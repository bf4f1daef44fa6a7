"""What is near what: four kinds of relatedness between activities, complexity of areas, what is within their reach."""
