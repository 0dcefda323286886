"""What former versions left behind, and the program that writes it."""
