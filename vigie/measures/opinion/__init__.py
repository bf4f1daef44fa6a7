"""Opinion groups: who votes alike on statements, what each group holds, what bridges them, and whether it is clear."""
