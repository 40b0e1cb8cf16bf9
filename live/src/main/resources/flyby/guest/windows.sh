# The host looks, at all that the other scripts have devices do.
finished windows
