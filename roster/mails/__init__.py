"""What is mailed or texted: a file each."""
