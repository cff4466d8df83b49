"""The forms decision records are written in: one module each, registered in ``registry``."""
