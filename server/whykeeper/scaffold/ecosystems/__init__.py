"""Every way of building software that a survey reads."""
