"""Files of strangers are read and written in processes of their own, with limits."""
