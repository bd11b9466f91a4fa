"""What can be downloaded: a file each. Found in this folder, never listed (deputy-admin 8.2)."""
