"""Questions as they come: bodies, parameters and the form of the desk."""
