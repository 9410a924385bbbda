"""Apart: reading what others wrote in a process of its own, which can be ended.

Whatever a file makes its reader do, the time and the memory that it may take are bounded, and a
reader that crashes takes nobody with it. A process is made for each piece of work, and is gone
behind it: it gives its memory back, and no file can leave anything behind for the next.

`running` is our side, `child` the other; `outcome` is what passes between them. `lists` and
`tables` are the two kinds of work, each with a function `work` from bytes to bytes that runs over
there; `readers` and `uploads` are the shapes in which `flow` and `web` ask for them.
"""
