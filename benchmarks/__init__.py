"""What has been measured, and how to measure it again."""
