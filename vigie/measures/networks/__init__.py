"""What a network of ties looks like: its shape, who stands where in it, who bridges whom."""
